import { sql } from 'kysely';

import { RevsyncError } from '../../domain/errors.ts';
import type { Db } from '../database.ts';
import { completeCollection, takeCollection } from '../collections.ts';
import { openPeriodOf } from '../periods.ts';
import { refreshStatistics } from '../statistics.ts';
import { attachBillings } from './attach-billings.ts';
import { collectBookings } from './collect-bookings.ts';
import { settleWaiting } from './waiting.ts';

/** Lines of one collection after which the old statistics mislead. */
const MANY = 10_000;

/** Counts as exact text. */
export interface CollectionResult {
  readonly org: string;
  /** Contracts made or changed by this collection. */
  readonly contracts: string;
  /** Lines looked at: ready ones, and those that waited for something collection decides. */
  readonly lines: string;
  readonly collected: string;
  /** Lines of the organisation that wait, and that are stopped or held, when the collection ends. */
  readonly waiting: string;
  readonly stopped: string;
}

/**
 * Data Collection for one organisation: eligible bookings first, in version order, then the billings whose
 * booking is there (known limitations, "Invoice date earlier than booking date"). Every line looked at ends
 * collected, superseded or waiting with what it waits for. One transaction, which completes the collection;
 * repeating it changes nothing and answers the same.
 *
 * @throws RevsyncError `PERIOD_NOT_OPEN`, `PERIOD_PENDING_CLOSE`
 */
export async function collect(db: Db, org: string, collection: string): Promise<CollectionResult> {
  return db.transaction().execute(async (trx) => {
    const done = await takeCollection(trx, collection);
    if (done !== undefined) return { org, ...(done as Omit<CollectionResult, 'org'>) };
    const periodEnd = await firstDayAfterOpenPeriod(trx, org);
    await takeCandidates(trx, org);
    await collectBookings(trx, { org, collection, periodEnd });
    await attachBillings(trx, { org, collection, periodEnd });
    await settleWaiting(trx, org);
    const counts = await summarise(trx, org, collection);
    await completeCollection(trx, collection, { ...counts });
    if (Number(counts.collected) > MANY) {
      for (const table of ['revenue.line', 'revenue.booking', 'revenue.obligation', 'revenue.contract'])
        await refreshStatistics(trx, table);
    }
    return { org, ...counts };
  });
}

async function firstDayAfterOpenPeriod(trx: Db, org: string): Promise<string> {
  const period = await openPeriodOf(trx, org);
  if (period === undefined) {
    throw new RevsyncError(`No accounting period of ${org} is open.`, {
      code: 'PERIOD_NOT_OPEN',
      fate: 'fix-input',
      remedy: 'Open one with `revsync period open YYYY-MM`, then send `retry`.',
      context: { org },
    });
  }
  if (period.status === 'pending-close') {
    throw new RevsyncError(
      `Period ${period.period} of ${org} is being closed; nothing is collected meanwhile.`,
      {
        code: 'PERIOD_PENDING_CLOSE',
        fate: 'fix-input',
        remedy: 'Open the next period, or cancel the close, then send `retry`.',
        context: { org, period: period.period },
      },
    );
  }
  const { rows } = await sql<{ day: string }>`
    select ((${period.period} || '-01')::date + interval '1 month')::date as day`.execute(trx);
  return rows[0]?.day ?? '';
}

/** `candidate`: the lines to settle. `outcome` stays null until a step decides; what is null at the end is a mistake. */
async function takeCandidates(trx: Db, org: string): Promise<void> {
  await sql`
    create temporary table candidate on commit drop as
    select l.entity, l.id, l.type, l.so_line_id, l.subscription_name, l.customer_number, l.term_number::integer as term,
      coalesce(l.subscription_version, 0) as version, l.sequence_number, l.ext_sell_price as amount,
      l.transaction_currency as currency, l.so_book_date, l.invoice_date, l.amendment_reason,
      null::text as outcome, null::text as contract
    from staging.line_state as s
    join staging.line as l on l.entity = s.entity and l.id = s.id
    where s.org = ${org} and s.status in ('ready', 'waiting') and l.withheld is null`.execute(trx);
  await sql`create temporary table changed_contract (id text primary key, cause text not null) on commit drop`.execute(
    trx,
  );
  await sql`analyze candidate`.execute(trx);
}

async function summarise(trx: Db, org: string, collection: string): Promise<Omit<CollectionResult, 'org'>> {
  const { rows } = await sql<Omit<CollectionResult, 'org'>>`
    select (select count(distinct contract) from revenue.line where org = ${org} and collection = ${collection}) as contracts,
      (select count(*) from candidate) as lines,
      (select count(*) from revenue.line where org = ${org} and collection = ${collection}) as collected,
      (select count(*) from staging.line_state where org = ${org} and status = 'waiting') as waiting,
      (select count(*) from staging.line_state where org = ${org} and status in ('stopped', 'held')) as stopped
  `.execute(trx);
  return rows[0] ?? { contracts: '0', lines: '0', collected: '0', waiting: '0', stopped: '0' };
}
