import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import {
  CALLS,
  DATA_QUERY,
  passToLookBack,
  passWithChanges,
  thenChanged,
  undisturbed,
} from './disturbed-runs.ts';
import type { FaultRequest, Left } from './scene.ts';
import { openStage, type PlayedScene, type Run, type Stage } from './stage.ts';

const spec = DATA_QUERY;

/** Whose credentials may no longer read them: neither told of nor exported. */
const withoutAccountingCodes: PlayedScene['billing'] = (real) => ({
  ...real,
  describe: async (object) => (object === 'AccountingCode' ? null : real.describe(object)),
  exportStatus: async (job) => {
    const status = await real.exportStatus(job);
    if (status.state !== 'completed') return status;
    return { ...status, files: status.files.filter(({ name }) => name !== 'AccountingCode') };
  },
});

describe('where nobody can go on', () => {
  let stage: Stage;
  let expected: Left;
  beforeAll(async () => {
    stage = await openStage();
    expected = await undisturbed(stage, { spec });
  });
  afterAll(() => stage.close());

  /** The run waits at each of the calls in turn, until the fault is taken away. */
  const waitsAtEach = async (
    scene: PlayedScene,
    calls: readonly string[],
    fault: FaultRequest,
    message: RegExp,
  ): Promise<void> => {
    let run: Run | undefined;
    for (const match of calls) {
      await scene.fault({ ...fault, match, times: 'until removed' });
      if (run === undefined) run = await scene.begin();
      else await run.tell('retry');
      const { awaiting, flagged } = await run.waits();
      expect({ ...awaiting, flagged }, match).toMatchObject({
        step: expect.stringMatching(/^(open|extract|sides)$/),
        message: expect.stringMatching(message),
        remedy: expect.stringMatching(/^[A-Z].{10,}\.$/),
        example: { update: 'retry', data: {} },
        flagged: true,
      });
      await scene.unfault();
    }
    await run?.tell('retry');
    expect(await run?.ends()).toMatchObject({ outcome: 'completed' });
  };

  const api = CALLS.filter((call) => call !== 'GET /data-query-files');
  test.each([
    [
      'the credentials are revoked',
      api,
      { kind: 'credentials' },
      /refused (the client credentials|a new token)/,
    ],
    [
      'Billing breaks and does not say that it may pass',
      api,
      { kind: 'internal' },
      /refused the call \((GET|POST) /,
    ],
    [
      'a firewall answers in the place of Billing',
      api,
      { kind: 'html', status: 200 },
      /is a web page|lacks (Id|RatePlanChargeId)\.$/,
    ],
    [
      'a permission is missing',
      // Nobody may list the entities of a tenant that has none; and the run can do without Data Query.
      api.filter((call) => !['POST /oauth/token', 'GET /v1/entities', 'POST /query/jobs'].includes(call)),
      { kind: 'permission' },
      /does not (permit this call|let the integration user read Account)/,
    ],
  ] as const)('the run waits, and goes on afterwards: %s', async (_what, calls, fault, message) => {
    await stage.play({ spec }, async (scene) => {
      await waitsAtEach(scene, calls, fault, message);
      await thenChanged(scene);
      expect(await scene.left()).toEqual(expected);
    });
  });

  test('the run goes on where Data Query is not permitted, and a later one catches up', async () => {
    const once = await undisturbed(stage, { spec }, async (scene) => void (await scene.sync()));
    await stage.play({ spec }, async (scene) => {
      await scene.fault({ kind: 'permission', match: 'POST /query/jobs' });
      expect(await scene.sync()).toMatchObject({ outcome: 'completed' });
      expect((await scene.left()).digest).not.toEqual(once.digest);
      await scene.unfault();
      scene.pass(60);
      expect(await scene.sync()).toMatchObject({ outcome: 'completed' });
      expect((await scene.left()).digest).toEqual(once.digest);
    });
  });

  test('an object that is kept from us stops the run before the mark has passed its rows', async () => {
    await stage.play({ spec }, async (scene) => {
      await scene.sync();
      await passWithChanges(scene);
      await waitsAtEach(scene, ['InvoiceItem'], { kind: 'permission' }, /read InvoiceItem\.$/);
      expect(await scene.left()).toEqual(expected);
    });
  });

  test('the run of a loop waits once for an object that is left out, and goes on without it when told to', async () => {
    await stage.play({ spec }, async (scene) => {
      await scene.sync({ light: true });
      scene.pass(1);
      scene.billing = withoutAccountingCodes;
      const run = await scene.begin({ light: true });
      const { awaiting } = await run.waits();
      expect(awaiting).toMatchObject({
        step: 'extract',
        message: 'Billing left AccountingCode out of the export.',
        remedy: expect.stringContaining('`retry`'),
      });
      await run.tell('retry');
      expect(await run.ends()).toMatchObject({ outcome: 'nothing-to-do' });
      scene.pass(1);
      expect(await scene.sync({ light: true })).toMatchObject({ outcome: 'nothing-to-do' });
    });
  });

  test('the run of a loop goes on without an object that Billing takes no export with any more', async () => {
    await stage.play({ spec }, async (scene) => {
      await scene.sync({ light: true });
      scene.pass(1);
      await scene.fault({ kind: 'permission', match: 'AccountingCode', times: 'until removed' });
      expect(await scene.sync({ light: true })).toMatchObject({ outcome: 'nothing-to-do' });
    });
  });
});

describe('when most keys are gone from Billing', () => {
  const options = { spec: 'items=250,seed=7' };
  let stage: Stage;
  let expected: Left;
  beforeAll(async () => {
    stage = await openStage();
    expected = await undisturbed(stage, options, async (scene) => {
      await scene.sync();
      passToLookBack(scene);
      await scene.sync();
    });
  });
  afterAll(() => stage.close());

  /** Who may see few rows is shown few keys. */
  const seesFew = (scene: PlayedScene): void => {
    scene.billing = (real) => ({
      ...real,
      submitExport: (job) =>
        real.submitExport({
          ...job,
          queries: job.queries.map((query) =>
            job.name.endsWith('-keys') && query.name === 'InvoiceItem'
              ? { ...query, query: `${query.query} where Quantity > 1000` }
              : query,
          ),
        }),
    });
  };
  const waitsForAccess = async (scene: PlayedScene): Promise<Run> => {
    await scene.sync();
    passToLookBack(scene);
    seesFew(scene);
    const run = await scene.begin();
    const { awaiting, flagged } = await run.waits();
    expect(awaiting).toMatchObject({
      step: 'sides',
      message: expect.stringMatching(/^\d+ of \d+ rows of InvoiceItem are no longer in Billing\.$/),
      remedy: expect.stringContaining('`skip`'),
    });
    expect(flagged).toBe(true);
    return run;
  };

  test('the run waits, and compares again once access is back', async () => {
    await stage.play(options, async (scene) => {
      const run = await waitsForAccess(scene);
      scene.billing = (real) => real;
      await run.tell('retry');
      await run.ends();
      expect(await scene.left()).toEqual(expected);
    });
  });

  test('the run waits, and goes on without the comparison when it is skipped', async () => {
    await stage.play(options, async (scene) => {
      const run = await waitsForAccess(scene);
      await run.tell('skip', { step: 'sides', reason: 'the role was changed on purpose' });
      await run.ends();
      expect(await scene.left()).toEqual(expected);
    });
  });
});
