import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { WorkflowBundle } from '@temporalio/worker';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { RevsyncError } from '../../src/domain/errors.ts';
import type { Verdict } from '../../src/domain/enablement/step.ts';
import type { EnablementEvent, EnablementView } from '../../src/domain/enablement/view.ts';
import { allButOnly, askOnce, done, type Turns } from '../support/enablement-script.ts';
import { type Enabled, enablementBundle, whileEnabling } from '../support/enablement.ts';
import { startTimeSkipping } from '../support/temporal.ts';

/** As after a failover to a server that only reads: no retry mends it, only people do. */
const refusedByDatabase = (): RevsyncError =>
  new RevsyncError('The database refused: cannot execute INSERT in a read-only transaction.', {
    code: 'DATABASE_REFUSED',
    fate: 'fix-input',
    remedy: 'Report this.',
  });

interface Told {
  view: EnablementView | null;
  readonly events: EnablementEvent[];
}

/** A database that refuses to be told where an enablement stands, until it is mended. */
function brokenDatabase() {
  const told: Told = { view: null, events: [] };
  const database = { broken: true, refusals: 0, told };
  const activities = {
    recordEnablement: async ({
      view,
      events,
    }: {
      view: EnablementView;
      events: readonly EnablementEvent[];
    }): Promise<void> => {
      if (database.broken) {
        database.refusals += 1;
        throw refusedByDatabase();
      }
      told.view = view;
      told.events.push(...events);
    },
  };
  return { database, activities };
}

/** A database that takes no answers, until it is mended. */
function forgetfulDatabase() {
  const database = { broken: true, answers: new Array<unknown>() };
  const takeAnswer = async ({ value }: { value: unknown }): Promise<Verdict> => {
    if (database.broken) throw refusedByDatabase();
    database.answers.push(value);
    return { taken: true };
  };
  return { database, activities: { takeAnswer } };
}

/** Each test has a server of its own. */
describe('an enablement holds out', () => {
  let env: TestWorkflowEnvironment;
  let bundled: WorkflowBundle;
  beforeAll(async () => {
    bundled = await enablementBundle();
  });
  beforeEach(async () => {
    env = await startTimeSkipping();
  });
  afterEach(() => env.teardown());

  const enabling = (
    options: Parameters<typeof whileEnabling>[2],
    during: (enabled: Enabled) => Promise<void>,
  ) => whileEnabling(env, bundled, options, during);

  test('while the database refuses to be told where it stands, and tells it all afterwards', async () => {
    const { database, activities } = brokenDatabase();
    const outcome = await enabling({ turns: allButOnly([4, 7]), activities, ends: true }, async (enabled) => {
      await enabled.waiting(4);
      await expect.poll(() => enabled.details()).toContain('The database does not take where this stands');
      await enabled.answer(4);
      await enabled.waiting(7);
      database.broken = false;
      await env.sleep('6 minutes');
      await expect.poll(() => database.told.view?.awaiting?.step).toBe(7);
      expect(await enabled.details()).not.toContain('The database does not take');
      await enabled.answer(7);
    });
    expect(outcome.outcome).toBe('completed');
    expect(database.refusals).toBeGreaterThan(1);
    expect(database.told.view?.status).toBe('completed');
    const finished = database.told.events.flatMap(({ kind, step }) => (kind === 'done' ? [step] : []));
    expect(finished).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  });

  test('at its end, too, until the database knows of it', async () => {
    const { database, activities } = brokenDatabase();
    const ended = enabling({ turns: allButOnly([]), activities, ends: true }, async (enabled) => {
      await enabled.until('it is through', ({ status }) => status === 'completed');
      expect((await enabled.handle().describe()).status.name).toBe('RUNNING');
      database.broken = false;
    });
    expect(await ended).toMatchObject({ outcome: 'completed' });
    expect(database.told.view?.status).toBe('completed');
  });

  test('when reminders cannot be sent', async () => {
    let tries = 0;
    const remindEnablement = async (): Promise<never> => {
      tries += 1;
      throw refusedByDatabase();
    };
    await enabling({ turns: allButOnly([4]), activities: { remindEnablement } }, async (enabled) => {
      await enabled.waiting(4);
      await env.sleep('4 days');
      await expect.poll(() => tries).toBe(2);
      expect((await enabled.state()).awaiting).toMatchObject({ step: 4, reminders: 2 });
      await enabled.answer(4);
      await enabled.until('it is through', ({ status }) => status === 'completed');
    });
  });

  test('and keeps an early answer while it cannot be taken', async () => {
    const { database, activities } = forgetfulDatabase();
    const { answers } = database;
    const turns: Turns = {
      ...allButOnly([4]),
      8: () => (answers.length === 0 ? askOnce(8)({ answers: [], runs: [] }) : done('synced')),
    };
    const outcome = await enabling({ turns, activities, ends: true }, async (enabled) => {
      await enabled.waiting(4);
      await enabled.update('answer', { step: 8, value: { schedule: 'daily' }, by: 'ann' });
      const failed = enabled.update('answer', { step: 4, value: { approve: true }, note: 'n' });
      await expect(failed).rejects.toMatchObject({
        cause: {
          type: 'MESSAGE_REFUSED',
          message: expect.stringMatching(
            /Report this\. It could not be taken for certain.*\{"step":4,"value":\{"approve":true\}.*"note":"n"/,
          ),
        },
      });
      enabled.stage.turns[4] = () => done('all fits by now');
      await enabled.update('retry');
      const { kept } = await enabled.until('step 8 failed', ({ steps }) => steps[7]?.status === 'failed');
      expect(kept).toEqual([8]);
      database.broken = false;
      await enabled.update('retry');
      await enabled.until('it is through', ({ status }) => status === 'completed');
    });
    expect(answers).toEqual([{ schedule: 'daily' }]);
    expect(outcome.steps[7]).toMatchObject({ status: 'done', by: 'ann' });
  });

  test('and takes a newer answer in the place of an early one that could not be taken', async () => {
    const { database, activities } = forgetfulDatabase();
    const { answers } = database;
    const turns: Turns = { ...allButOnly([4]), 8: () => askOnce(8)({ answers: [], runs: [] }) };
    await enabling({ turns, activities }, async (enabled) => {
      await enabled.waiting(4);
      await enabled.update('answer', { step: 8, value: { schedule: 'daily' }, by: 'ann' });
      enabled.stage.turns[4] = () => done('all fits by now');
      await enabled.update('retry');
      await enabled.until('step 8 failed', ({ steps }) => steps[7]?.status === 'failed');
      database.broken = false;
      await enabled.update('answer', { step: 8, value: { schedule: 'off' }, by: 'bob' });
      // It asks on, and is not given what ann said.
      expect((await enabled.waiting(8)).kept).toEqual([]);
    });
    expect(answers).toEqual([{ schedule: 'off' }]);
  });

  test('only as long as the database knows of it: an abort ends it otherwise', async () => {
    const recordEnablement = async (): Promise<never> => {
      throw new RevsyncError('There is no enablement 1 in the database.', {
        code: 'ENABLEMENT_UNKNOWN',
        fate: 'fix-input',
        remedy: 'Send `abort`, and start the enablement again.',
      });
    };
    const ended = enabling(
      { turns: allButOnly([4]), activities: { recordEnablement }, ends: true },
      async (enabled) => {
        await enabled.waiting(4);
        await enabled.update('abort', { reason: 'another database' });
      },
    );
    expect(await ended).toMatchObject({ outcome: 'aborted', reason: 'another database' });
  });

  test('when it is cancelled while it begins: what was opened is ended', async () => {
    let isOpened = (): void => undefined;
    const opened = new Promise<void>((resolve) => void (isOpened = resolve));
    let views: EnablementView | null = null;
    const activities = {
      openEnablement: async () => {
        await opened;
        return { enablement: '1', tenant: 'demo' };
      },
      recordEnablement: async ({ view }: { view: EnablementView }) => void (views = view),
    };
    const ended = enabling({ activities, ends: true }, async (enabled) => {
      await enabled.until('it began', ({ status }) => status === 'running');
      await enabled.handle().cancel();
      isOpened();
    });
    await expect(ended).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
    expect(views).toMatchObject({ status: 'aborted' });
  });
});
