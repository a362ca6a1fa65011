import { sql } from 'kysely';

import { RevsyncError } from '../domain/errors.ts';
import type { Db } from './database.ts';
import { instantText } from './instant-text.ts';

export type PeriodStatus = 'open' | 'pending-close' | 'closed';

export interface Period {
  readonly org: string;
  /** `YYYY-MM`. */
  readonly period: string;
  readonly status: PeriodStatus;
}

/** A period as the list shows it. */
export interface ListedPeriod extends Period {
  /** ISO, UTC. */
  readonly changedAt: string;
  readonly changedBy: string;
}

/** What a person decides on a period. */
export interface PeriodChange {
  readonly org: string;
  /** `YYYY-MM`. */
  readonly period: string;
  readonly by: string;
  readonly reason: string;
}

/** The periods of an organisation, or of all, oldest first. */
export async function listPeriods(db: Db, org?: string): Promise<ListedPeriod[]> {
  let query = db
    .selectFrom('control.period')
    .select([
      'org',
      'period',
      'status',
      instantText(sql`changed_at`).as('changedAt'),
      'changed_by as changedBy',
    ]);
  if (org !== undefined) query = query.where('org', '=', org);
  return query.orderBy('org').orderBy('period').execute();
}

/** The organisation's period that is open or being closed; while it is being closed nothing is collected. */
export async function openPeriodOf(db: Db, org: string): Promise<Period | undefined> {
  return open(db, org).executeTakeFirst();
}

/** The same, and nobody changes it before the transaction ends: a period is not closed under a collection. */
export async function holdOpenPeriod(trx: Db, org: string): Promise<Period | undefined> {
  return open(trx, org).forShare().executeTakeFirst();
}

const open = (db: Db, org: string) =>
  db
    .selectFrom('control.period')
    .select(['org', 'period', 'status'])
    .where('org', '=', org)
    .where('status', 'in', ['open', 'pending-close']);

/**
 * Opens a period; the one that is open is closed. Opening the period that is being closed cancels the close; opening
 * the open one changes nothing.
 *
 * @throws RevsyncError `PERIOD_ALREADY_CLOSED` for a period that is closed, or before one that was opened
 */
export async function openPeriod(db: Db, change: PeriodChange): Promise<Period> {
  return alone(db, change, async (trx, standing, latest) => {
    const { org, period } = change;
    if (standing?.period === period && standing.status === 'open') return standing;
    if (latest !== undefined && isOver(period, latest)) throw alreadyClosed(change, latest);
    if (standing?.period === period) return become(trx, change, 'cancel-pending-close', standing, 'open');
    if (standing !== undefined) await set(trx, { ...change, period: standing.period }, 'closed');
    await decide(trx, change, 'open-period', standing, 'open');
    await set(trx, change, 'open');
    return { org, period, status: 'open' };
  });
}

/**
 * Begins to close the open period: nothing is collected until the close is cancelled or another period opens.
 *
 * @throws RevsyncError `PERIOD_NOT_OPEN`
 */
export async function beginClose(db: Db, change: PeriodChange): Promise<Period> {
  return alone(db, change, async (trx, standing) => {
    if (standing?.period !== change.period) throw notOpen(change, standing);
    if (standing.status === 'pending-close') return standing;
    return become(trx, change, 'pending-close-period', standing, 'pending-close');
  });
}

/**
 * Takes a close back that has begun.
 *
 * @throws RevsyncError `PERIOD_NOT_PENDING`
 */
export async function cancelClose(db: Db, change: PeriodChange): Promise<Period> {
  return alone(db, change, async (trx, standing) => {
    if (standing?.period !== change.period || standing.status !== 'pending-close') {
      throw new RevsyncError(`Period ${change.period} of ${change.org} is not being closed.`, {
        code: 'PERIOD_NOT_PENDING',
        fate: 'fix-input',
        remedy: 'See `revsync period list`: only the period that is pending-close has a close to cancel.',
        context: { org: change.org, period: change.period },
      });
    }
    return become(trx, change, 'cancel-pending-close', standing, 'open');
  });
}

/**
 * Closes the open period for good. None is open then, and nothing is collected, until the next one is opened. Closing
 * a closed one changes nothing.
 *
 * @throws RevsyncError `PERIOD_NOT_OPEN`
 */
export async function closePeriod(db: Db, change: PeriodChange): Promise<Period> {
  return alone(db, change, async (trx, standing) => {
    const { org, period } = change;
    if (standing?.period === period) return become(trx, change, 'close-period', standing, 'closed');
    const closed = await trx
      .selectFrom('control.period')
      .select('period')
      .where('org', '=', org)
      .where('period', '=', period)
      .executeTakeFirst();
    if (closed === undefined) throw notOpen(change, standing);
    return { org, period, status: 'closed' };
  });
}

/** The open period. The first time, the month of `day` (design 9 (19)); once a person closes periods, a person opens them. */
export async function ensureOpenPeriod(db: Db, org: string, day: string): Promise<Period | undefined> {
  const standing = await openPeriodOf(db, org);
  if (standing !== undefined) return standing;
  const any = await db
    .selectFrom('control.period')
    .select('period')
    .where('org', '=', org)
    .executeTakeFirst();
  if (any !== undefined) return undefined;
  return openPeriod(db, {
    org,
    period: day.slice(0, 7),
    by: 'revsync',
    reason: 'No period was open: the month in which the first sync’s window ends.',
  });
}

/** Changes of an organisation's periods come one after the other; `latest` is the last month that was ever opened. */
async function alone(
  db: Db,
  { org }: PeriodChange,
  work: (trx: Db, standing: Period | undefined, latest: Period | undefined) => Promise<Period>,
): Promise<Period> {
  return db.transaction().execute(async (trx) => {
    await sql`select pg_advisory_xact_lock(hashtext('control.period'), hashtext(${org}))`.execute(trx);
    const periods = await trx
      .selectFrom('control.period')
      .select(['org', 'period', 'status'])
      .where('org', '=', org)
      .orderBy('period')
      .forUpdate()
      .execute();
    return work(
      trx,
      periods.find(({ status }) => status !== 'closed'),
      periods.at(-1),
    );
  });
}

async function become(
  trx: Db,
  change: PeriodChange,
  kind: string,
  before: Period,
  status: PeriodStatus,
): Promise<Period> {
  await decide(trx, change, kind, before, status);
  await set(trx, change, status);
  return { org: change.org, period: change.period, status };
}

async function set(trx: Db, { org, period, by }: PeriodChange, status: PeriodStatus): Promise<void> {
  await trx
    .insertInto('control.period')
    .values({ org, period, status, changed_by: by })
    .onConflict((conflict) =>
      conflict.columns(['org', 'period']).doUpdateSet({ status, changed_by: by, changed_at: sql`now()` }),
    )
    .execute();
}

/** Recorded so that a rebuild repeats it. */
async function decide(
  trx: Db,
  { org, period, by, reason }: PeriodChange,
  kind: string,
  before: Period | undefined,
  status: PeriodStatus,
): Promise<void> {
  await trx
    .insertInto('control.decision')
    .values({
      org,
      kind,
      subject: period,
      before: before === undefined ? null : JSON.stringify({ period: before.period, status: before.status }),
      after: JSON.stringify({ period, status }),
      reason,
      decided_by: by,
    })
    .execute();
}

/** A month before the last one that was opened, or that one when it is closed. */
const isOver = (period: string, latest: Period): boolean =>
  period < latest.period || (period === latest.period && latest.status === 'closed');

function alreadyClosed({ org, period }: PeriodChange, latest: Period): RevsyncError {
  const why =
    period === latest.period ? 'is closed' : `lies before ${latest.period}, which is ${latest.status}`;
  return new RevsyncError(`Period ${period} of ${org} ${why}.`, {
    code: 'PERIOD_ALREADY_CLOSED',
    fate: 'fix-input',
    remedy: 'Open a later month; closed periods stay closed.',
    context: { org, period },
  });
}

function notOpen({ org, period }: PeriodChange, standing: Period | undefined): RevsyncError {
  const which = standing === undefined ? 'None is open.' : `${standing.period} is ${standing.status}.`;
  return new RevsyncError(`Period ${period} of ${org} is not open. ${which}`, {
    code: 'PERIOD_NOT_OPEN',
    fate: 'fix-input',
    remedy: 'Name the period that is open; `revsync period list` shows it.',
    context: { org, period },
  });
}
