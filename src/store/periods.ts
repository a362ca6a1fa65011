import { sql } from 'kysely';

import { RevsyncError } from '../domain/errors.ts';
import type { Db } from './database.ts';

export interface Period {
  readonly org: string;
  /** `YYYY-MM`. */
  readonly period: string;
  readonly status: 'open' | 'pending-close' | 'closed';
}

/** The periods of an organisation, or of all, oldest first. */
export async function listPeriods(db: Db, org?: string): Promise<Period[]> {
  let query = db.selectFrom('control.period').select(['org', 'period', 'status']);
  if (org !== undefined) query = query.where('org', '=', org);
  return query.orderBy('org').orderBy('period').execute();
}

/** The organisation's open period; pending close counts as open for nobody but the close itself. */
export async function openPeriodOf(db: Db, org: string): Promise<Period | undefined> {
  return db
    .selectFrom('control.period')
    .select(['org', 'period', 'status'])
    .where('org', '=', org)
    .where('status', 'in', ['open', 'pending-close'])
    .executeTakeFirst();
}

/**
 * Opens a period by hand; the one that was open is closed. Recorded as a decision, so that a rebuild
 * repeats it. Opening the open period changes nothing.
 *
 * @throws RevsyncError `PERIOD_ALREADY_CLOSED` for a period before the open one
 */
export async function openPeriod(
  db: Db,
  { org, period, by, reason }: { org: string; period: string; by: string; reason: string },
): Promise<Period> {
  return db.transaction().execute(async (trx) => {
    const open = await openPeriodOf(trx, org);
    if (open?.period === period && open.status === 'open') return open;
    if (open !== undefined && period < open.period) {
      throw new RevsyncError(`Period ${period} of ${org} lies before the open period ${open.period}.`, {
        code: 'PERIOD_ALREADY_CLOSED',
        fate: 'fix-input',
        remedy: 'Open the open period’s month or a later one; closed periods stay closed.',
        context: { org, period },
      });
    }
    if (open !== undefined) {
      await trx
        .updateTable('control.period')
        .set({ status: open.period === period ? 'open' : 'closed', changed_at: sql`now()`, changed_by: by })
        .where('org', '=', org)
        .where('period', '=', open.period)
        .execute();
    }
    await trx
      .insertInto('control.period')
      .values({ org, period, status: 'open', changed_by: by })
      .onConflict((conflict) =>
        conflict.columns(['org', 'period']).doUpdateSet({ status: 'open', changed_by: by }),
      )
      .execute();
    await trx
      .insertInto('control.decision')
      .values({
        org,
        kind: 'open-period',
        subject: period,
        before: open === undefined ? null : JSON.stringify({ period: open.period, status: open.status }),
        after: JSON.stringify({ period, status: 'open' }),
        reason,
        decided_by: by,
      })
      .execute();
    return { org, period, status: 'open' };
  });
}

/** The open period, or, the first time, the month of `day` (design 9 (19)). */
export async function ensureOpenPeriod(db: Db, org: string, day: string): Promise<Period> {
  const open = await openPeriodOf(db, org);
  if (open !== undefined) return open;
  return openPeriod(db, {
    org,
    period: day.slice(0, 7),
    by: 'revsync',
    reason: 'No period was open: the month in which the first sync’s window ends.',
  });
}
