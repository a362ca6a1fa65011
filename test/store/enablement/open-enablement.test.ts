import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { ENABLEMENT_STEPS } from '../../../src/domain/enablement/steps.ts';
import {
  type EnablementRequest,
  openEnablement,
  openOne,
  requireNotLive,
} from '../../../src/store/enablement/open-enablement.ts';
import { readEnablement } from '../../../src/store/enablement/read-enablement.ts';
import { recordEnablement } from '../../../src/store/enablement/record-enablement.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { viewOf } from '../../support/opened-enablement.ts';

const REQUEST: EnablementRequest = {
  tenant: 'demo',
  owner: { workflowId: 'enablement/demo', runId: 'run-1' },
  named: 'Demo Inc.',
  forced: false,
  by: 'ann',
};
const lives = async (): Promise<boolean> => false;

describe('openEnablement', () => {
  let database: TestDatabase;
  beforeEach(async () => void (database = await openTestDatabase()));
  afterEach(() => database.close());

  const open = (request: Partial<EnablementRequest> = {}, isOver: () => Promise<boolean> = lives) =>
    openEnablement(database.db, { ...REQUEST, ...request }, isOver);
  const otherwise = { owner: { workflowId: 'started-in-the-ui', runId: 'run-2' } };
  const states = async () => {
    const { rows } = await database.pool.query(
      `select enablement::text, workflow_id, status, forced from control.enablement order by enablement`,
    );
    return rows;
  };

  test('begins with all steps pending, and answers a retry with the same one', async () => {
    const enablement = await open();
    expect(await open()).toBe(enablement);
    const read = await readEnablement(database.db, 'demo');
    expect(read).toMatchObject({ tenant: 'demo', status: 'running', startedBy: 'ann', endedAt: null });
    expect(read?.steps.map(({ step, title, status }) => [step, title, status])).toEqual(
      ENABLEMENT_STEPS.map(({ step, title }) => [step, title, 'pending']),
    );
    expect(read?.steps.map(({ applies }) => applies)).toEqual(
      ENABLEMENT_STEPS.map(({ condition }) => (condition === null ? true : null)),
    );
  });

  test('refuses another one while one lives, and says where it is', async () => {
    await open();
    await expect(open(otherwise)).rejects.toMatchObject({
      code: 'ENABLEMENT_RUNNING',
      fate: 'fix-input',
      message: expect.stringContaining('enablement/demo'),
    });
    await expect(open({ ...otherwise, forced: true })).rejects.toMatchObject({ code: 'ENABLEMENT_RUNNING' });
    expect(await states()).toHaveLength(1);
    expect(await open({ ...otherwise, tenant: 'other' })).not.toBe('1');
  });

  test('asks Temporal for the newest run of the other workflow: it may have gone on in another', async () => {
    await open();
    const asked: object[] = [];
    await openEnablement(database.db, { ...REQUEST, ...otherwise }, async (owner) => {
      asked.push(owner);
      return true;
    });
    expect(asked).toEqual([{ workflowId: 'enablement/demo', runId: '' }]);
  });

  test('gives up one whose workflow is over, and notes it', async () => {
    const first = await open();
    const second = await open(otherwise, async () => true);
    expect(await states()).toMatchObject([
      { enablement: first, status: 'aborted' },
      { enablement: second, status: 'running', workflow_id: 'started-in-the-ui' },
    ]);
    const { rows } = await database.pool.query(
      'select enablement::text, kind, text from control.enablement_event',
    );
    expect(rows).toEqual([
      {
        enablement: first,
        kind: 'taken-over',
        text: 'Its workflow was over; started-in-the-ui began another enablement.',
      },
    ]);
    expect(await openOne(database.db, 'demo')).toEqual({
      enablement: second,
      workflowId: 'started-in-the-ui',
    });
  });

  test('gives up an earlier run of the same id without asking: Temporal runs one at a time', async () => {
    await open();
    await open({ owner: { workflowId: 'enablement/demo', runId: 'run-2' } }, lives);
    expect((await states()).map(({ status }) => status)).toEqual(['aborted', 'running']);
  });

  test('refuses a live tenant unless forced, with the day and the JSON', async () => {
    const first = await open();
    await requireNotLive(database.db, 'demo');
    await recordEnablement(database.db, first, viewOf('completed'), []);
    const { rows } = await database.pool.query(
      `select to_char(ended_at at time zone 'UTC', 'YYYY-MM-DD') as day from control.enablement`,
    );
    const refusal = {
      code: 'ENABLEMENT_LIVE',
      fate: 'fix-input',
      message: `demo is live: its enablement was completed on ${rows[0].day}.`,
      remedy: expect.stringContaining('{"force": true}'),
    };
    await expect(open(otherwise)).rejects.toMatchObject(refusal);
    await expect(requireNotLive(database.db, 'demo')).rejects.toMatchObject(refusal);
    await open({ ...otherwise, forced: true });
    expect(await states()).toMatchObject([
      { status: 'completed', forced: false },
      { status: 'running', forced: true },
    ]);
    // The forced one was aborted; the tenant is as live as before.
    await recordEnablement(database.db, '2', viewOf('aborted'), []);
    await expect(open({ owner: { workflowId: 'third', runId: 'run-3' } })).rejects.toMatchObject(refusal);
  });

  test('one that was aborted does not make a tenant live', async () => {
    await recordEnablement(database.db, await open(), viewOf('aborted'), []);
    expect(await open(otherwise)).toBe('2');
  });

  test('of several at once opens one', async () => {
    const owners = Array.from({ length: 6 }, (_, at) => ({ workflowId: `started-${at}`, runId: 'run' }));
    const ends = await Promise.allSettled(owners.map((owner) => open({ owner })));
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const end of ends) {
      if (end.status === 'rejected') expect(end.reason).toMatchObject({ code: 'ENABLEMENT_RUNNING' });
    }
    expect(await states()).toHaveLength(1);
  });
});
