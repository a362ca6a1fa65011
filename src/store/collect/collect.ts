import { sql } from 'kysely';

import { RevsyncError } from '../../domain/errors.ts';
import type { Db } from '../database.ts';
import { completeCollection, takeCollection } from '../collections.ts';
import { holdOpenPeriod } from '../periods.ts';
import { reportStale } from '../recollect/report-stale.ts';
import { closeUpdates, takeOver } from '../recollect/take-over.ts';
import { refreshStatistics } from '../statistics.ts';
import { rulesOfOrg } from '../validation/rules-of-org.ts';
import { attachBillings, collectBillings } from './attach-billings.ts';
import { takeCandidates } from './candidates.ts';
import { stopInClosedContracts } from './closed-contracts.ts';
import { collectBookings } from './collect-bookings.ts';
import { writeVersions } from './contract-versions.ts';
import { applyCredits } from './credits.ts';
import { dropDuplicates } from './duplicates.ts';
import { chooseBookings } from './eligibility.ts';
import { growBookings } from './growth.ts';
import { replaceForms } from './replace-forms.ts';
import { settle } from './settle.ts';
import { supersedeStopped } from './supersede-stopped.ts';
import { bookStandalone } from './standalone-bookings.ts';
import { writeSystemCredits } from './system-credits.ts';
import { waitForDiscounts } from './wait-for-discounts.ts';
import { validateBillings, validateBookings, validateLines } from './validate.ts';

/** Lines of one collection after which the old statistics mislead. */
const MANY = 1_000;

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
    // Outcomes change with every phase, and plans go by them: analyzed often, so from a small sample.
    await sql`set local default_statistics_target = 10`.execute(trx);
    const done = await takeCollection(trx, { org, collection });
    if (done !== undefined) return { org, ...(done as Omit<CollectionResult, 'org'>) };
    const periodEnd = await firstDayAfterOpenPeriod(trx, org);
    const rules = await rulesOfOrg(trx, org);
    await takeOver(trx, org);
    await bookStandalone(trx, org);
    await takeCandidates(trx, org, rules);
    await dropDuplicates(trx, org);
    await validateLines(trx, rules);
    await validateBookings(trx, org, rules);
    await waitForDiscounts(trx, org);
    await chooseBookings(trx, { org, collection, periodEnd });
    const refresh = await refreshIfMany(trx);
    await collectBookings(trx, { org, collection, periodEnd });
    await refresh('revenue.contract', 'revenue.obligation', 'revenue.booking');
    await validateBillings(trx, org, rules);
    await attachBillings(trx, { org, periodEnd });
    await stopInClosedContracts(trx, org);
    await collectBillings(trx, { org, collection });
    await refresh('revenue.line');
    await replaceForms(trx, org);
    await growBookings(trx, org);
    await applyCredits(trx, org);
    await writeSystemCredits(trx, org);
    await writeVersions(trx, { org, collection });
    await settle(trx, org);
    await supersedeStopped(trx, org);
    await reportStale(trx, org);
    await closeUpdates(trx, org);
    const counts = await summarise(trx, org);
    await completeCollection(trx, collection, { ...counts });
    return { org, ...counts };
  });
}

async function firstDayAfterOpenPeriod(trx: Db, org: string): Promise<string> {
  const period = await holdOpenPeriod(trx, org);
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
      `Period ${period.period} of ${org} is pending close; nothing is collected meanwhile.`,
      {
        code: 'PERIOD_PENDING_CLOSE',
        fate: 'fix-input',
        remedy:
          'Open the next period (`revsync period open YYYY-MM`), or cancel the close (`revsync period pending-close --cancel`), then send `retry`.',
        context: { org, period: period.period },
      },
    );
  }
  const { rows } = await sql<{ day: string }>`
    select ((${period.period} || '-01')::date + interval '1 month')::date as day`.execute(trx);
  return rows[0]?.day ?? '';
}

/** Later phases join what earlier ones wrote: with many lines, plans need to know how much that is. */
async function refreshIfMany(trx: Db): Promise<(...tables: readonly string[]) => Promise<void>> {
  const { rows } = await sql<{ many: boolean }>`select count(*) > ${MANY} as many from candidate`.execute(
    trx,
  );
  return async (...tables) => {
    if (rows[0]?.many !== true) return;
    for (const table of tables) await refreshStatistics(trx, table);
  };
}

async function summarise(trx: Db, org: string): Promise<Omit<CollectionResult, 'org'>> {
  const { rows } = await sql<Omit<CollectionResult, 'org'>>`
    select c.contracts, c.lines, c.collected,
      (select count(*) from staging.line_state where org = ${org} and status = 'waiting') as waiting,
      (select count(*) from staging.line_state where org = ${org} and status in ('stopped', 'held')) as stopped
    from (
      select count(distinct contract) filter (where outcome = 'collected') as contracts, count(*) as lines,
        count(*) filter (where outcome = 'collected') as collected
      from candidate
    ) as c`.execute(trx);
  return rows[0] ?? { contracts: '0', lines: '0', collected: '0', waiting: '0', stopped: '0' };
}
