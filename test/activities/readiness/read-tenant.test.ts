import { MockActivityEnvironment } from '@temporalio/testing';
import { ApplicationFailureCategory } from '@temporalio/common';
import { DefaultLogger } from '@temporalio/worker';
import { sql } from 'kysely';
import { describe, expect, onTestFinished, test } from 'vitest';

import { readTenant, type Reading } from '../../../activities/readiness/read-tenant.ts';
import type { Billing } from '../../../src/billing/port.ts';
import { RevsyncError } from '../../../src/domain/errors.ts';
import { readDataSources } from '../../../src/store/readiness/data-sources.ts';
import { openRunOf } from '../../../src/store/runs.ts';
import { entityFacts } from '../../../src/store/settings/billing-settings.ts';
import {
  type ActivityGround,
  failureOf,
  inActivity,
  newOwner,
  openActivityGround,
  runFor,
  smallTenant,
  synced,
} from '../../support/activities.ts';

const FIRST: Reading = { name: 'enablement/1', turn: 'run/1', anew: true };
const AGAIN: Reading = { ...FIRST, turn: 'run/2' };
const LATER: Reading = { ...FIRST, turn: 'run/3', anew: false };

async function openGround(spec?: string): Promise<ActivityGround> {
  const ground = await openActivityGround(smallTenant(spec));
  onTestFinished(() => ground.close());
  await runFor(ground, newOwner())('readEntities');
  return ground;
}

const TWO = 'items=40,seed=7,entities=2';

/** Reads all entities as an activity does; answers how many exports it took. */
async function read(ground: ActivityGround, reading: Reading): Promise<number> {
  const before = exportsOf(ground);
  const entities = await entityFacts(ground.database.db);
  await inActivity(() => readTenant(ground.deps, entities, reading), {
    workflowExecution: { workflowId: 'enablement/demo', runId: 'run' },
  });
  return exportsOf(ground) - before;
}
const exportsOf = ({ calls }: ActivityGround): number => calls.get('submitExport') ?? 0;
const sourcesOf = async ({ database }: ActivityGround): Promise<string[]> =>
  (await readDataSources(database.db)).map(({ source }) => source);

/** Billing that fails at the n-th export, once. */
function failingAt(nth: number, code: string, fate: 'retry' | 'fix-input' = 'retry') {
  let count = 0;
  return (real: Billing): Billing =>
    new Proxy(real, {
      get(target, name: keyof Billing) {
        if (name !== 'submitExport') return target[name];
        return async (job: Parameters<Billing['submitExport']>[0]) => {
          if ((count += 1) !== nth) return target.submitExport(job);
          throw new RevsyncError('Broken.', { code, fate, remedy: 'Wait.' });
        };
      },
    });
}

describe('readTenant', () => {
  test('reads every entity once at a turn, and again at the next one that reads anew', async () => {
    const ground = await openGround(TWO);
    expect(await sourcesOf(ground)).toEqual(['none', 'none', 'none']);
    expect(await read(ground, FIRST)).toBe(3);
    expect(await sourcesOf(ground)).toEqual(['readiness', 'readiness', 'readiness']);
    expect(await read(ground, FIRST)).toBe(0);
    expect(await read(ground, LATER)).toBe(0);
    expect(await read(ground, AGAIN)).toBe(3);
    expect(await read(ground, { ...LATER, name: 'enablement/2' })).toBe(3);
    const { rows } = await sql`select from control.mark`.execute(ground.database.db);
    expect(rows).toEqual([]);
  });

  test('goes on after a failure with the entities that are left', async () => {
    const ground = await openGround(TWO);
    ground.world.billing = failingAt(2, 'BILLING_BUSY');
    expect(await failureOf(read(ground, FIRST))).toMatchObject({ type: 'BILLING_BUSY', nonRetryable: false });
    expect(await sourcesOf(ground)).toEqual(['readiness', 'none', 'none']);
    ground.world.billing = (real) => real;
    expect(await read(ground, FIRST)).toBe(2);
    expect(await sourcesOf(ground)).toEqual(['readiness', 'readiness', 'readiness']);
  });

  test('reads an entity again of which an attempt brought only a part', async () => {
    const ground = await openGround();
    ground.world.billing = (real) =>
      new Proxy(real, {
        get(target, name: keyof Billing) {
          if (name !== 'openFile') return target[name];
          return async (...args: Parameters<Billing['openFile']>) => {
            const { rows } = await sql`select from control.extract`.execute(ground.database.db);
            if (rows.length < 4) return target.openFile(...args);
            throw new RevsyncError('Broken.', { code: 'BILLING_BUSY', fate: 'retry', remedy: 'Wait.' });
          };
        },
      });
    await failureOf(read(ground, FIRST));
    expect(await sourcesOf(ground)).toEqual(['readiness']); // some of it is here
    ground.world.billing = (real) => real;
    expect(await read(ground, FIRST)).toBe(1);
    expect(await read(ground, FIRST)).toBe(0);
  });

  test('leaves alone an entity whose sync was completed, since all of it is here', async () => {
    const ground = await openGround();
    await synced(ground);
    expect(await read(ground, FIRST)).toBe(0);
    expect(await sourcesOf(ground)).toEqual(['sync']);
  });

  test('asks once more for an export that Billing could not run, and then leaves it to a person', async () => {
    const ground = await openGround();
    ground.world.billing = failingAt(1, 'EXPORT_FAILED');
    expect(await read(ground, FIRST)).toBe(1);
    await ground.sandbox('faults', { kind: 'job-failed', match: 'revsync-readiness', times: 9 });
    expect(await failureOf(read(ground, AGAIN))).toMatchObject({
      type: 'EXPORT_FAILED',
      nonRetryable: true,
      details: [{ remedy: expect.stringContaining('send retry') }],
    });
  });

  test('waits for a sync that is open, which is nothing that failed', async () => {
    const ground = await openGround();
    await runFor(ground, newOwner('revenue-sync/by-ann'))('openSyncRun', {});
    expect(await failureOf(read(ground, FIRST))).toMatchObject({
      type: 'RUN_REFUSED',
      nonRetryable: false,
      category: ApplicationFailureCategory.BENIGN,
      nextRetryDelay: 60_000,
      details: [{ remedy: expect.stringContaining('Nothing to do') }],
    });
  });

  test('ends when it is cancelled: tells Billing, and leaves no run open', async () => {
    const ground = await openGround();
    const environment = new MockActivityEnvironment(
      {},
      { logger: new DefaultLogger('ERROR', () => undefined) },
    );
    ground.world.billing = (real) =>
      new Proxy(real, {
        get(target, name: keyof Billing) {
          if (name !== 'exportStatus') return target[name];
          return async (): ReturnType<Billing['exportStatus']> => {
            environment.cancel();
            return { state: 'running' };
          };
        },
      });
    const entities = await entityFacts(ground.database.db);
    const reading = environment.run(() => readTenant(ground.deps, entities, FIRST));
    await expect(reading).rejects.toMatchObject({ name: 'AbortError' });
    expect(ground.calls.get('cancelExport')).toBe(1);
    expect(await openRunOf(ground.database.db, 'demo')).toBeUndefined();
    ground.world.billing = (real) => real;
    expect(await read(ground, FIRST)).toBe(1);
  });
});
