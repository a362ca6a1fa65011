import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { RevsyncError } from '../../src/domain/errors.ts';
import { setByHand } from '../../src/store/profiles.ts';
import type { SettingsOutcome } from '../../workflows/settings-sync.ts';
import { type ActivityGround, openActivityGround } from '../support/activities.ts';
import { mockActivities } from '../support/mock-activities.ts';
import { runWorkflow, startTimeSkipping, untilWaiting } from '../support/temporal.ts';

const unreachable = (fate: 'retry' | 'fix-input'): RevsyncError =>
  new RevsyncError('Billing refuses the credentials.', {
    code: 'BILLING_CREDENTIALS_REFUSED',
    fate,
    remedy: 'Give others.',
  });

describe('settingsSync', () => {
  let env: TestWorkflowEnvironment;
  let ground: ActivityGround;
  beforeAll(async () => {
    [env, ground] = await Promise.all([startTimeSkipping(), openActivityGround()]);
  });
  afterAll(async () => {
    await ground.close();
    await env.teardown();
  });

  const sync = async (activities: object, input?: unknown) => {
    const { result, workflowId } = await runWorkflow<SettingsOutcome>(env, 'settingsSync', {
      activities,
      ...(input === undefined ? {} : { input }),
    });
    expect(result.workflowId).toBe(workflowId);
    return result;
  };

  test('reads, configures and answers what it found, started with nothing', async () => {
    expect(await sync(ground.activities)).toMatchObject({
      outcome: 'completed',
      entities: ['demo'],
      rules: expect.arrayContaining([expect.objectContaining({ rule: 'home-currency', fits: true })]),
    });
  });

  test('has nothing to do when nothing changed', async () => {
    expect(await sync(ground.activities, {})).toMatchObject({ outcome: 'nothing-to-do', changes: [] });
  });

  test('writes a setting that changed, and keeps what a person set', async () => {
    await setByHand(ground.database.db, {
      name: 'ZBILLING_INTEGRATION',
      code: null,
      value: 'No',
      by: 'ann',
      reason: 'a test',
    });
    ground.world.billing = (real) => ({
      ...real,
      setting: async (key) => {
        const body = await real.setting(key);
        return key === 'billing-rules' ? { ...(body as object), prorationUnit: 'ProrateByMonthFirst' } : body;
      },
    });
    expect(await sync(ground.activities)).toMatchObject({
      outcome: 'completed',
      changes: [{ name: 'proration-unit', before: 'ProrateByDay', after: 'ProrateByMonthFirst' }],
      kept: [{ name: 'ZBILLING_INTEGRATION', value: 'No', setBy: 'ann', wouldBe: 'Yes' }],
    });
  });

  test('waits for a person where only a person helps, and goes on', async () => {
    let tries = 0;
    const activities = mockActivities({
      readSettings: async () => {
        tries += 1;
        if (tries === 1) throw unreachable('fix-input');
        return { tenant: 'demo', entities: '1', misfits: '0', unknown: '0' };
      },
    });
    const { result, seen } = await runWorkflow<SettingsOutcome, string>(env, 'settingsSync', {
      activities,
      during: async (handle) => {
        const { awaiting } = await untilWaiting(handle);
        await handle.executeUpdate('retry', { args: [{}] });
        return awaiting?.step ?? '';
      },
    });
    expect([result.outcome, seen, tries]).toEqual(['completed', 'read', 2]);
  });

  test('tries again by itself while Billing is away', async () => {
    let tries = 0;
    const activities = mockActivities({
      readSettings: async () => {
        tries += 1;
        if (tries < 5) throw unreachable('retry');
        return { tenant: 'demo', entities: '1', misfits: '0', unknown: '0' };
      },
    });
    expect((await sync(activities)).outcome).toBe('completed');
    expect(tries).toBe(5);
  });

  test('may be given up while it waits', async () => {
    const { result } = await runWorkflow<SettingsOutcome>(env, 'settingsSync', {
      activities: mockActivities({
        readSettings: async () => {
          throw unreachable('fix-input');
        },
      }),
      during: async (handle) => {
        await untilWaiting(handle);
        await handle.executeUpdate('abort', { args: [{ reason: 'wrong tenant' }] });
      },
    });
    expect(result).toMatchObject({ outcome: 'aborted', rules: [], changes: [] });
  });

  test('refuses an input that it does not know', async () => {
    await expect(sync(mockActivities(), { entity: 'demo' })).rejects.toMatchObject({
      cause: { type: 'INVALID_INPUT' },
    });
  });
});
