import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { passToLookBack, syncThrough, thenChanged, undisturbed } from './disturbed-runs.ts';
import { at, PASSING } from './passing-faults.ts';
import type { FaultRequest, Left } from './scene.ts';
import { openStage, type PlayedScene, type Stage } from './stage.ts';

interface Faults {
  /** At what the second run asks Data Query for: deleted rows, which the export cannot tell here. */
  readonly deletes?: readonly FaultRequest[];
  /** At the export of keys, which the third run compares. */
  readonly keys?: readonly FaultRequest[];
}

async function threeRuns(scene: PlayedScene, { deletes = [], keys = [] }: Faults = {}): Promise<void> {
  const toCome = { deletes: [...deletes], keys: [...keys] };
  // Not before their time: the export itself is not what they are for.
  scene.billing = (real) => ({
    ...real,
    async submitDataQuery(query) {
      await scene.fault(...toCome.deletes.splice(0));
      return real.submitDataQuery(query);
    },
    async submitExport(job) {
      if (job.name.endsWith('-keys')) await scene.fault(...toCome.keys.splice(0));
      return real.submitExport(job);
    },
  });
  await scene.fault({ kind: 'no-deletes' });
  await scene.sync();
  await thenChanged(scene);
  passToLookBack(scene);
  await syncThrough(scene);
  expect(toCome, 'faults that never came').toEqual({ deletes: [], keys: [] });
}

/** What storage says at HTTP 200 passes for a result; three of those in a row are too much. */
const isNoResult = ({ kind }: FaultRequest) => !['busy', 'lock', 'error-code'].includes(kind);

/** How often Billing was asked for exports and for queries. */
const askedOf = ({ calls }: PlayedScene): readonly number[] =>
  ['submitExport', 'submitDataQuery'].map((call) => calls.get(call) ?? 0);

describe('what is read beside the export', () => {
  let stage: Stage;
  let expected: Left;
  let asked: readonly number[];
  beforeAll(async () => {
    stage = await openStage();
    expected = await undisturbed(stage, {}, async (scene) => {
      await threeRuns(scene);
      asked = askedOf(scene);
    });
  });
  afterAll(() => stage.close());

  const endsTheSame = (faults: Faults) =>
    stage.play({}, async (scene) => {
      await threeRuns(scene, faults);
      expect(await scene.left()).toEqual(expected);
      return askedOf(scene);
    });
  const passing = PASSING.map(([, fault]) => fault);

  test('deleted rows come through every fault of a call in turn', async () => {
    await endsTheSame({
      deletes: [
        ...passing.flatMap((fault) => at(['POST /query/jobs', 'GET /query/jobs'], fault)),
        ...passing.filter(isNoResult).flatMap((fault) => at(['GET /data-query-files'], fault)),
      ],
    });
  });

  test('keys come through every fault of a call in turn', async () => {
    const calls = ['POST /v1/batch-query', 'GET /v1/batch-query/jobs', 'GET /v1/file'];
    await endsTheSame({ keys: passing.flatMap((fault) => at(calls, fault)) });
  });

  test.each(['gone', 'truncate', 'record-count'] as const)(
    'results are asked for again: %s',
    async (kind) => {
      const [exports = 0, queries = 0] = asked;
      const disturbed = await endsTheSame({
        deletes: [{ kind, match: 'InvoiceItem' }],
        keys: [{ kind, match: 'InvoiceItem' }],
      });
      expect(disturbed).toEqual([exports + 1, expect.any(Number)]);
      expect(disturbed[1]).toBeGreaterThan(queries);
    },
  );
});
