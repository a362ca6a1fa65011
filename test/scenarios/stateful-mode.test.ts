import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { Billing, ExportJob } from '../../src/billing/port.ts';
import { DATA_QUERY, firstAndChanged, passWithChanges, syncThrough, undisturbed } from './disturbed-runs.ts';
import { at, PASSING } from './passing-faults.ts';
import type { Left } from './scene.ts';
import { openStage, type PlayedScene, type Stage } from './stage.ts';

const spec = DATA_QUERY;
const stateful = { spec, stateful: { partner: 'sandbox', project: 'revsync' } };

describe('AQuA in stateful mode', () => {
  let stage: Stage;
  /** Stateless. */
  let expected: Left['digest'];
  beforeAll(async () => {
    stage = await openStage();
    expected = (await undisturbed(stage, { spec })).digest;
  });
  afterAll(() => stage.close());

  const endsTheSame = (work: (scene: PlayedScene) => Promise<void>): Promise<void> =>
    stage.play(stateful, async (scene) => {
      await work(scene);
      const left = await scene.left();
      expect(left.digest).toEqual(expected);
      expect(left.balances).toEqual([
        expect.objectContaining({ balanced: true }),
        expect.objectContaining({ balanced: true }),
      ]);
    });

  /** Somebody who has the same partner, project and queries asks first, once. */
  const askedBySomebodyElse = (scene: PlayedScene): void => {
    scene.billing = (real) => ({
      ...real,
      async submitExport(job) {
        scene.billing = (port) => port;
        await completed(real, job);
        return real.submitExport(job);
      },
    });
  };

  test('ends as stateless runs do', () => endsTheSame((scene) => firstAndChanged(scene)));

  test('ends as stateless runs do, whatever becomes of the submission and the polls', async () => {
    const calls = ['POST /v1/batch-query', 'GET /v1/batch-query/jobs'];
    const faults = PASSING.flatMap(([, fault]) => at(calls, fault));
    await endsTheSame((scene) => firstAndChanged(scene, faults, faults));
  });

  test('loses nothing with a run that is given up between export and load', async () => {
    await endsTheSame(async (scene) => {
      await scene.sync();
      await passWithChanges(scene);
      await scene.fault({ kind: 'gone', match: 'InvoiceItem', times: 3 });
      const run = await scene.begin();
      await run.waits();
      await run.tell('abort', { reason: 'tomorrow is another day' });
      expect(await run.ends()).toMatchObject({ outcome: 'aborted' });
      await syncThrough(scene);
    });
  });

  test('asks for everything where somebody else has taken the first load', async () => {
    await endsTheSame(async (scene) => {
      askedBySomebodyElse(scene);
      await scene.sync();
      expect(scene.calls.get('submitExport')).toBe(2);
      await passWithChanges(scene);
      await scene.sync();
    });
  });

  test('goes by its own mark where somebody else has taken the changes', async () => {
    await endsTheSame(async (scene) => {
      await scene.sync();
      await passWithChanges(scene);
      askedBySomebodyElse(scene);
      await scene.sync();
    });
  });
});

async function completed(billing: Billing, job: ExportJob): Promise<void> {
  const id = await billing.submitExport(job);
  for (;;) {
    const { state } = await billing.exportStatus(id);
    if (state === 'completed') return;
    if (state === 'failed') throw new Error('the job of somebody else failed');
  }
}
