import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { DATA_QUERY, passToLookBack, rowsOf, undisturbed, withoutDate } from './disturbed-runs.ts';
import { openStage, type PlayedScene, type Stage } from './stage.ts';

/** Minutes from the end of a window to the end of the next one. */
const HOUR = 60;

interface Late {
  /** Minutes before the second run ends its window in which the row is dated. */
  readonly dated: number;
  /** Whether the row shows only after the second run has looked. */
  readonly late: boolean;
}

describe('a row that Billing commits late', () => {
  let stage: Stage;
  beforeAll(async () => void (stage = await openStage()));
  afterAll(() => stage.close());

  /** An invoice item, and the value of a charge, written before the second run. */
  const write = async (scene: PlayedScene, { dated, late }: Late): Promise<void> => {
    const [item] = await rowsOf(scene.tenant, 'InvoiceItem');
    const [value] = await rowsOf(scene.tenant, 'ChargeContractualValueAllCharges');
    const UpdatedDate = scene.time(-dated);
    const visibleAfterJobs = late ? 1 : 0;
    const added = { ...withoutDate(item), Id: 'item-late', UpdatedDate };
    await scene.change('InvoiceItem', { rows: [added], visibleAfterJobs });
    const changed = { Id: value?.['Id'], Amount: '4242.42', UpdatedDate };
    await scene.change('ChargeContractualValueAllCharges', { rows: [changed], visibleAfterJobs });
  };
  const seen = async ({ database }: PlayedScene): Promise<boolean> => {
    const { rows } = await sql`select from prestaging.invoice_item where id = 'item-late'`.execute(
      database.db,
    );
    return rows.length > 0;
  };
  const untilSecond = async (scene: PlayedScene, row: Late): Promise<void> => {
    await scene.sync();
    scene.pass(HOUR);
    await write(scene, row);
    await scene.sync();
    expect(await seen(scene)).toBe(!row.late);
    scene.pass(HOUR);
    await scene.sync();
  };

  test.each([{}, { spec: DATA_QUERY }])(
    'is caught by the overlap of the next window (%o)',
    async (options) => {
      const expected = await undisturbed(stage, options, (scene) =>
        untilSecond(scene, { dated: 3, late: false }),
      );
      await stage.play(options, async (scene) => {
        await untilSecond(scene, { dated: 3, late: true });
        expect(await seen(scene)).toBe(true);
        expect((await scene.left()).digest).toEqual(expected.digest);
      });
    },
  );

  test('and is older than the overlap is caught by the run that looks back', async () => {
    const untilLookBack = async (scene: PlayedScene, late: boolean): Promise<void> => {
      await untilSecond(scene, { dated: 30, late });
      expect(await seen(scene)).toBe(!late);
      passToLookBack(scene);
      await scene.sync();
    };
    const expected = await undisturbed(stage, {}, (scene) => untilLookBack(scene, false));
    await stage.play({}, async (scene) => {
      await untilLookBack(scene, true);
      expect(await seen(scene)).toBe(true);
      expect((await scene.left()).digest).toEqual(expected.digest);
    });
  });
});
