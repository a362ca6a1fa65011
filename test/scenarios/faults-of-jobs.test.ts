import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { DATA_QUERY, firstAndChanged, passWithChanges, thenChanged, undisturbed } from './disturbed-runs.ts';
import type { Left } from './scene.ts';
import { openStage, type Stage } from './stage.ts';

const spec = DATA_QUERY;

describe('an export job', () => {
  let stage: Stage;
  let expected: Left;
  beforeAll(async () => {
    stage = await openStage();
    expected = await undisturbed(stage, { spec });
  });
  afterAll(() => stage.close());

  test('that Billing gives up is asked for again', async () => {
    await stage.play({ spec }, async (scene) => {
      await firstAndChanged(scene, [{ kind: 'job-failed' }], [{ kind: 'job-failed', match: 'Invoice' }]);
      expect(await scene.left()).toEqual(expected);
    });
  });

  test('that Billing gives up three times waits for the operator', async () => {
    await stage.play({ spec }, async (scene) => {
      await scene.fault({ kind: 'job-failed', times: 3, message: 'The query ran too long.' });
      const run = await scene.begin();
      const { awaiting, flagged } = await run.waits();
      expect(awaiting).toMatchObject({ step: 'extract', message: expect.stringContaining('ran too long') });
      expect(flagged).toBe(true);
      await run.tell('retry');
      await run.ends();
      await thenChanged(scene);
      expect(await scene.left()).toEqual(expected);
    });
  });

  test('that does not end within twelve hours waits for the operator, and may end later', async () => {
    await stage.play({ spec }, async (scene) => {
      await scene.fault({ kind: 'job-stuck' });
      const run = await scene.begin();
      const { awaiting } = await run.waits();
      expect(awaiting).toMatchObject({
        step: 'extract',
        message: expect.stringContaining('still running'),
        remedy: expect.stringContaining('look at the job in Zuora'),
      });
      await scene.unfault();
      await run.tell('retry');
      await run.ends();
      await thenChanged(scene);
      expect(await scene.left()).toEqual(expected);
    });
  });

  test('that runs longer than a token is good for ends all the same', async () => {
    const first = await undisturbed(stage, { spec }, async (scene) => void (await scene.sync()));
    await stage.play({ spec }, async (scene) => {
      scene.billing = (real) => ({
        ...real,
        async exportStatus(job) {
          scene.pass(61);
          return real.exportStatus(job);
        },
      });
      await scene.sync();
      expect(await scene.left()).toEqual(first);
    });
  });

  test.each([
    ['any object in a stateless job', { code: '90012' }],
    ['any object', { code: '90017' }],
    ['one object', { code: '90017', match: 'InvoiceItem' }],
  ])('that may not tell deleted rows of %s leaves that to Data Query', async (_what, refusal) => {
    await stage.play({ spec }, async (scene) => {
      await scene.fault({ kind: 'no-deletes', ...refusal });
      await firstAndChanged(scene);
      expect(await scene.left()).toEqual(expected);
    });
  });

  test('whose run is given up before all is loaded leaves nothing out of the next one', async () => {
    await stage.play({ spec }, async (scene) => {
      await scene.sync();
      await passWithChanges(scene);
      await scene.fault({ kind: 'gone', match: 'RatePlanCharge', times: 3 });
      const run = await scene.begin();
      await run.waits();
      await run.tell('abort', { reason: 'tomorrow is another day' });
      expect(await run.ends()).toMatchObject({ outcome: 'aborted' });
      await scene.sync();
      expect(await scene.left()).toEqual(expected);
    });
  });
});
