import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { createEnablementActivities } from '../../activities/enablement.ts';
import type { StepContext, StepWork } from '../../activities/enablement/step-work.ts';
import type { StepWorks } from '../../activities/enablement/works.ts';
import * as dataQuery from '../../src/billing/data-query/queries.ts';
import type { Notice } from '../../src/domain/enablement/notice.ts';
import type { StepNumber, Turn } from '../../src/domain/enablement/step.ts';
import { RevsyncError } from '../../src/domain/errors.ts';
import type { Owner } from '../../src/store/runs.ts';
import { stepContext } from '../../src/store/enablement/step-context.ts';
import { inActivity, newOwner, NO_LOOPS, NO_SCHEDULES, NOW } from '../support/activities.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { viewOf } from '../support/opened-enablement.ts';

const ASKS: Turn = { kind: 'ask', message: 'May it?', remedy: '', value: { approve: true }, polls: false };
const idle: StepWork<object> = { advance: async () => ASKS };

function worksWith(step: StepNumber, work: Partial<StepWork<object>>): StepWorks {
  const works = {
    1: idle,
    2: idle,
    3: idle,
    4: idle,
    5: idle,
    6: idle,
    7: idle,
    8: idle,
    9: idle,
    10: idle,
    11: idle,
  };
  return { ...works, [step]: { ...idle, ...work } };
}

describe('activities of the enablement', () => {
  let database: TestDatabase;
  let tenantName: string | null;
  let notices: Notice[];
  let posts: () => Promise<boolean>;
  let now: number;
  let isOver: (owner: Owner) => Promise<boolean>;
  beforeEach(async () => {
    database = await openTestDatabase();
    tenantName = 'Demo Inc.';
    notices = [];
    posts = async () => true;
    now = NOW;
    isOver = async () => false;
  });
  afterEach(() => database.close());

  const unused = (): never => {
    throw new Error('no step asks for it here');
  };
  const activitiesWith = (works: StepWorks = worksWith(1, {})) =>
    createEnablementActivities(
      {
        pool: database.pool,
        db: database.db,
        billing: unused,
        aqua: { exportQuery: unused, headerTarget: unused },
        dataQuery,
        stateful: null,
        tenant: { tenant: 'demo', tenantName },
        windowPolicy: unused,
        openPeriod: null,
        isOver: (owner) => isOver(owner),
        schedules: NO_SCHEDULES,
        loops: NO_LOOPS,
        notify: async (notice) => {
          notices.push(notice);
          return posts();
        },
        now: () => now,
      },
      works,
    );
  const owner = newOwner('enablement/demo');
  const inside = <Result>(work: () => Promise<Result>, attempt = 1, by = owner) =>
    inActivity(work, { workflowExecution: by, attempt });
  const open = (tenant?: string, by = owner) =>
    inside(() => activitiesWith().openEnablement({ tenant, force: false, by: 'ann' }), 1, by);
  const events = async () => {
    const { rows } = await database.pool.query(
      'select kind, step, text, after from control.enablement_event order by event',
    );
    return rows;
  };

  describe('openEnablement', () => {
    const named = async () => (await stepContext(database.db, '1', 1)).named;

    test.each([undefined, 'demo', 'DEMO', 'demo inc.'])('knows its tenant: %s', async (tenant) => {
      expect(await open(tenant)).toEqual({ enablement: '1', tenant: 'demo' });
      expect(await named()).toBeNull();
    });

    test('keeps another name where none is configured', async () => {
      tenantName = null;
      await open('Acme Inc.');
      expect(await named()).toBe('Acme Inc.');
    });

    test('refuses another name where one is configured, and says whom it serves', async () => {
      await expect(open('Acme Inc.')).rejects.toMatchObject({
        type: 'TENANT_UNKNOWN',
        nonRetryable: true,
        message: 'This worker serves demo, Demo Inc., and no tenant "Acme Inc.".',
      });
    });

    test('opens one at a time, unless the workflow of the other is over', async () => {
      await open();
      const other = newOwner('another');
      await expect(open(undefined, other)).rejects.toMatchObject({ type: 'ENABLEMENT_RUNNING' });
      isOver = async () => true;
      expect(await open(undefined, other)).toEqual({ enablement: '2', tenant: 'demo' });
    });
  });

  test('advanceStep gives the step what is kept, and the workflows that ran', async () => {
    await open();
    let seen: StepContext<object> | undefined;
    const activities = activitiesWith(
      worksWith(8, {
        advance: async (context) => {
          seen = context;
          return ASKS;
        },
      }),
    );
    const run = {
      workflow: 'exchangeRateSync',
      id: 'x',
      runId: 'r',
      outcome: 'completed',
      told: {},
    } as const;
    await inside(() =>
      activities.takeAnswer({
        enablement: '1',
        step: 8,
        value: { schedule: 'off' },
        by: 'ann',
        note: 'n',
        reason: null,
      }),
    );
    expect(await inside(() => activities.advanceStep({ enablement: '1', step: 8, runs: [run] }))).toEqual(
      ASKS,
    );
    expect(seen).toEqual({
      enablement: '1',
      step: 8,
      answer: { schedule: 'off' },
      by: 'ann',
      note: 'n',
      answers: { 8: { schedule: 'off' } },
      named: null,
      runs: [run],
    });
  });

  test('awaitStep is tried again, ever more rarely, until what is awaited arrived', async () => {
    await open();
    let there = false;
    const activities = activitiesWith(worksWith(3, { arrived: async () => there }));
    const wait = (attempt: number) =>
      inside(() => activities.awaitStep({ enablement: '1', step: 3 }), attempt);
    for (const [attempt, delay] of [
      [1, 60_000],
      [2, 120_000],
      [4, 480_000],
      [5, 600_000],
      [500, 600_000],
    ] as const) {
      await expect(wait(attempt)).rejects.toMatchObject({
        type: 'STEP_WAITS',
        nonRetryable: false,
        nextRetryDelay: delay,
        category: 'BENIGN',
      });
    }
    there = true;
    await expect(wait(6)).resolves.toBeUndefined();
  });

  describe('takeAnswer', () => {
    const taken = { enablement: '1', by: 'ann', note: null, reason: null };

    test('says of a value that does not fit why, with one that would', async () => {
      await open();
      const verdict = await inside(() =>
        activitiesWith().takeAnswer({ ...taken, step: 8, value: { schedule: 'hourly', more: 1 } }),
      );
      expect(verdict).toEqual({
        taken: false,
        refusal: expect.stringMatching(/^The value does not fit step 8, Sync exchange rates: .*schedule/),
        value: { schedule: 'daily' },
      });
      expect(await events()).toEqual([]);
    });

    test.each([null, 'approve', [], 7])('refuses %j as it refuses any other value', async (value) => {
      await open();
      const verdict = await inside(() => activitiesWith().takeAnswer({ ...taken, step: 6, value }));
      expect(verdict).toMatchObject({ taken: false });
    });

    test('judges what is given now, and keeps it as the step settles it with what was there before', async () => {
      await open();
      const seen: object[] = [];
      const refusal: StepWork<object>['refusal'] = async (answer, context) => {
        seen.push({ answer, before: context.answer });
        return null;
      };
      const settled: StepWork<object>['settled'] = async (answer, context) => ({
        ...context.answer,
        ...answer,
      });
      const first = activitiesWith(worksWith(1, { refusal, settled }));
      await inside(() => first.takeAnswer({ ...taken, step: 1, value: { contact: 'a@b.c' } }));
      await inside(() => first.takeAnswer({ ...taken, step: 1, value: { resolved: true } }));
      expect(seen).toEqual([
        { answer: { contact: 'a@b.c' }, before: null },
        { answer: { resolved: true }, before: { contact: 'a@b.c' } },
      ]);
      expect((await stepContext(database.db, '1', 1)).answer).toEqual({ contact: 'a@b.c', resolved: true });
      expect((await events()).at(-1)).toMatchObject({
        kind: 'answered',
        after: { contact: 'a@b.c', resolved: true },
      });
    });

    test('lets an answer take the place of an earlier one where the step settles nothing', async () => {
      await open();
      const second = activitiesWith();
      const mapping = [{ from: 'Account.X__c', to: 'ATR1' }];
      await inside(() => second.takeAnswer({ ...taken, step: 5, value: { approve: true, mapping } }));
      await inside(() => second.takeAnswer({ ...taken, step: 5, value: { approve: true }, reason: 'None.' }));
      const { answers } = await stepContext(database.db, '1', 1);
      expect(answers).toEqual({ 5: { approve: true } });
    });

    test('keeps nothing of what the step refuses, and tells it who answers now', async () => {
      await open();
      let context: StepContext<object> | undefined;
      const refusal: StepWork<object>['refusal'] = async (_, given) => {
        context = given;
        return { refusal: 'Version 36 is too old.', value: { mode: 'manual' } };
      };
      const activities = activitiesWith(worksWith(10, { refusal }));
      const value = { mode: 'instant-on' };
      expect(await inside(() => activities.takeAnswer({ ...taken, step: 10, value, note: 'n' }))).toEqual({
        taken: false,
        refusal: 'Version 36 is too old.',
        value: { mode: 'manual' },
      });
      expect(context).toMatchObject({ answer: null, by: 'ann', note: 'n' });
      expect((await stepContext(database.db, '1', 10)).answer).toBeNull();
    });
  });

  describe('notices', () => {
    const reminder = {
      enablement: '1',
      tenant: 'demo',
      step: 5,
      message: 'Two custom fields have values.',
      since: '2025-07-25T00:00:00.000Z',
      count: 3,
      escalates: false,
    } as const;
    const remind = (more: object = {}, attempt = 1) =>
      inside(() => activitiesWith().remindEnablement({ ...reminder, ...more }), attempt);
    const fails = async (): Promise<boolean> => {
      throw new RevsyncError('The webhook at example.com answered 500.', {
        code: 'WEBHOOK_FAILED',
        fate: 'retry',
        remedy: 'Look there.',
      });
    };

    test('remind once, however often the activity is tried', async () => {
      await open();
      expect(await remind()).toEqual({ sent: true });
      expect(await remind()).toEqual({ sent: true });
      expect(notices).toEqual([
        {
          event: 'reminder',
          tenant: 'demo',
          step: 5,
          title: 'Step 5 of the enablement of demo waits: Map custom fields',
          text: 'Two custom fields have values. Awaited since 2025-07-25T00:00:00.000Z; reminder 3.',
          at: '2025-08-01T12:00:00.000Z',
        },
      ]);
      await remind({ count: 4, escalates: true });
      expect(notices.map(({ event }) => event)).toEqual(['reminder', 'escalation']);
      expect((await events()).map(({ kind }) => kind)).toEqual(['reminded', 'escalated']);
    });

    test('are noted also where there is no webhook', async () => {
      await open();
      posts = async () => false;
      expect(await remind()).toEqual({ sent: false });
      now += 60_000;
      expect(await remind()).toEqual({ sent: false });
      expect(await events()).toMatchObject([{ kind: 'reminded', step: 5, after: { sent: false } }]);
    });

    test('that fail three times are noted, and hold nothing up', async () => {
      await open();
      posts = fails;
      for (const attempt of [1, 2]) {
        await expect(remind({}, attempt)).rejects.toMatchObject({
          type: 'WEBHOOK_FAILED',
          nonRetryable: false,
        });
      }
      expect(await remind({}, 3)).toEqual({ sent: false });
      expect(await events()).toMatchObject([
        {
          kind: 'notice-failed',
          step: 5,
          after: { event: 'reminder', why: 'The webhook at example.com answered 500.' },
        },
      ]);
      expect(await remind({}, 1)).toEqual({ sent: false });
      expect(notices).toHaveLength(3);
    });

    test.each(['completed', 'aborted'] as const)(
      'tell once that it is %s, with what became of the steps',
      async (status) => {
        await open();
        const view = viewOf(status, { 4: { status: 'done', note: 'All fits.' } });
        const record = () =>
          inside(() => activitiesWith().recordEnablement({ enablement: '1', view, events: [] }));
        await inside(() =>
          activitiesWith().recordEnablement({ enablement: '1', view: viewOf('running'), events: [] }),
        );
        expect(notices).toEqual([]);
        await record();
        await record();
        expect(notices).toMatchObject([
          { event: status, step: null, title: `Enablement of demo: ${status}` },
        ]);
        expect(notices[0]?.text).toContain('4 Review and sync the settings: done. All fits.');
        expect((await events()).map(({ kind }) => kind)).toEqual(['end-told']);
      },
    );

    test('that fail do not keep the end from being recorded', async () => {
      await open();
      posts = fails;
      const view = viewOf('completed');
      const record = (attempt: number) =>
        inside(() => activitiesWith().recordEnablement({ enablement: '1', view, events: [] }), attempt);
      await expect(record(1)).rejects.toMatchObject({ type: 'WEBHOOK_FAILED' });
      const { rows } = await database.pool.query('select status from control.enablement');
      expect(rows).toEqual([{ status: 'completed' }]);
      await record(3);
    });
  });
});
