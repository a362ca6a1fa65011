import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { DATA_QUERY, firstAndChanged, thenChanged, undisturbed } from './disturbed-runs.ts';
import type { Left, SceneOptions } from './scene.ts';
import { openStage, type Stage } from './stage.ts';

const ITEMS = 'InvoiceItem';
const PRICES = 'ChargeContractualValueAllCharges';

/** How a run counted invoice items. */
function itemsOf({ balanced, rows }: Left['balances'][number]) {
  const row = rows.find(({ object, measure }) => object === ITEMS && measure === 'count');
  const { extracted, staged, exclusions } = row ?? {};
  return { balanced, extracted, staged, exclusions };
}

describe('a file that is not as it should be', () => {
  let stage: Stage;
  let expected: Left;
  let submissions: number;
  beforeAll(async () => {
    stage = await openStage();
    expected = await undisturbed(stage, { spec: DATA_QUERY }, async (scene) => {
      await firstAndChanged(scene);
      submissions = scene.calls.get('submitExport') ?? 0;
    });
  });
  afterAll(() => stage.close());

  test.each([
    ['is cut short', 'truncate'],
    ['was purged', 'gone'],
    ['holds another number of rows than Billing counted', 'record-count'],
  ] as const)('is asked for again when it %s', async (_what, kind) => {
    await stage.play({ spec: DATA_QUERY }, async (scene) => {
      await firstAndChanged(scene, [{ kind, match: ITEMS }], [{ kind, match: 'RatePlanCharge' }]);
      expect(await scene.left()).toEqual(expected);
      expect(scene.calls.get('submitExport')).toBe(submissions + 2);
    });
  });

  test.each([
    ['is cut short', 'truncate'],
    ['was purged', 'gone'],
    ['holds another number of rows than Billing counted', 'record-count'],
  ] as const)('of Data Query is asked for again when it %s', async (_what, kind) => {
    await stage.play({ spec: DATA_QUERY }, async (scene) => {
      await firstAndChanged(scene, [{ kind, match: PRICES }], [{ kind, match: PRICES }]);
      expect(await scene.left()).toEqual(expected);
    });
  });

  test('may have its rows in any order', async () => {
    await stage.play({ spec: DATA_QUERY }, async (scene) => {
      const shuffled = [ITEMS, 'Invoice', 'RatePlanCharge', 'Subscription', 'RatePlan'].map((match) => ({
        kind: 'shuffle' as const,
        match,
      }));
      await firstAndChanged(scene, shuffled, shuffled);
      expect(await scene.left()).toEqual(expected);
    });
  });

  test('may hold a row twice, which then counts as superseded', async () => {
    await stage.play({ spec: DATA_QUERY }, async (scene) => {
      const twice = [{ kind: 'duplicate' as const, match: ITEMS }];
      await firstAndChanged(scene, twice, twice);
      const left = await scene.left();
      expect(left.digest).toEqual(expected.digest);
      expect(left.balances.map(itemsOf)).toEqual([
        { balanced: true, extracted: '41', staged: '40', exclusions: { superseded: '1' } },
        { balanced: true, extracted: '5', staged: '1', exclusions: { deleted: '3', superseded: '1' } },
      ]);
    });
  });

  test.each(['gzip', 'zip'] as const)(
    'may be packed as %s, and break off nevertheless',
    async (exportFormat) => {
      const options: SceneOptions = { spec: DATA_QUERY, exportFormat };
      await stage.play(options, async (scene) => {
        await firstAndChanged(
          scene,
          [
            { kind: 'reset-body', match: 'GET /v1/file' },
            { kind: 'truncate', match: ITEMS },
          ],
          [{ kind: 'shuffle', match: ITEMS }],
        );
        expect(await scene.left()).toEqual(expected);
      });
    },
  );

  test.each(['truncate', 'gone', 'record-count'] as const)(
    'three times in a row waits for the operator: %s',
    async (kind) => {
      await stage.play({ spec: DATA_QUERY }, async (scene) => {
        await scene.fault({ kind, match: ITEMS, times: 3 });
        const run = await scene.begin();
        const { awaiting, flagged } = await run.waits();
        expect(awaiting).toMatchObject({
          step: 'extract',
          message: expect.stringMatching(/^\S.*(rows|read|no longer)/),
          remedy: expect.stringMatching(/again/),
          example: { update: 'retry', data: {} },
        });
        expect(flagged).toBe(true);
        expect(await scene.pending()).toEqual([]);
        await run.tell('retry');
        expect(await run.ends()).toMatchObject({ outcome: 'completed' });

        await thenChanged(scene);
        expect(await scene.left()).toEqual(expected);
      });
    },
  );
});
