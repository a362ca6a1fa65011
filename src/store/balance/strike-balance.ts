import type { Db } from '../database.ts';
import { requireOpenRun } from '../runs.ts';
import { defaultTemplates } from '../templates.ts';
import { compiled } from '../transform/transform-type.ts';
import { recordOutcomes } from './outcomes.ts';
import { type Balance, readBalance } from './read-balance.ts';

/**
 * Strikes the balance of an open run: looks at the lines as they are now, not at what the transform said of
 * them, and writes down where each row version of every driver ended. One transaction; repeating it gives the
 * same figures while the lines are the same.
 *
 * @throws RevsyncError `RUN_IS_OVER`
 */
export async function strikeBalance(
  db: Db,
  { run, entity, org }: { run: string; entity: string; org: string },
): Promise<Balance> {
  return db.transaction().execute(async (trx) => {
    await requireOpenRun(trx, run, 'alone');
    for (const template of await defaultTemplates(trx, entity)) {
      await recordOutcomes(trx, { run, entity, org }, compiled(template));
    }
    const balance = await readBalance(trx, run);
    return balance ?? { run, entity, balanced: true, unequal: [], rows: [], lines: {} };
  });
}
