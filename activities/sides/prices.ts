import { objectOf } from '../../src/domain/catalogue/catalogue.ts';
import { bucketsOf, slicesOf } from '../../src/domain/sync/slices.ts';
import { loadObject } from '../../src/store/load/load-object.ts';
import { planSideJobs, replaceSideJob, type SideJob, sideJobs } from '../../src/store/sides.ts';
import { rememberPriceSource } from '../../src/store/tenancy.ts';
import { destinyOf, readHeader } from '../load.ts';
import { askAnew, type FailedJob, saysAbsent, settleQueries } from './data-query-jobs.ts';
import { bytesInto, type Reading } from './reading.ts';
import { readCounts } from './read-counts.ts';

const PRICES = objectOf('ChargeContractualValueAllCharges');

/** Data Query gives no more than 500,000 rows over live data (wire.md 2.3). */
const LIMIT = 500_000;
/** Slices stay well below: rows come in between the count and the reading. */
const SLICE = 400_000;

type Span = Reading['span'];
type Part = Pick<SideJob, 'part' | 'object' | 'query'>;

/**
 * Contractual values of charges, where the export has none (design 9 (11)): by Data Query since the side's own
 * mark, in slices that stay below its limit. Answers in words how many came; a tenant that has the table
 * nowhere is remembered, so that its bookings are held for want of a price and do not wait for it.
 */
export async function readPrices(reading: Reading): Promise<string> {
  const { db } = reading.deps;
  const { opened, side, span } = reading;
  // The whole tenant is too much more often than not, so it is counted first.
  await planSideJobs(db, opened, side, [
    span.from === null ? counted(reading, 'day', span) : rows(reading, span),
  ]);
  for (;;) {
    const [failed] = await settleQueries(reading);
    if (failed !== undefined) {
      if (saysAbsent(failed.reason)) return withoutPrices(reading);
      await smallerOrAnew(reading, failed);
      continue;
    }
    const jobs = await sideJobs(db, opened.run, side);
    const open = jobs.filter((job) => isCount(job) || Number(job.rows) >= LIMIT);
    if (open.length === 0) return load(reading, jobs);
    for (const job of open) {
      const parts = isCount(job) ? await cut(reading, job) : [counted(reading, 'day', spanOf(job))];
      await replaceSideJob(db, opened, side, job.part, parts);
    }
  }
}

async function load(reading: Reading, jobs: readonly SideJob[]): Promise<string> {
  const { deps, billing, opened, signal } = reading;
  await rememberPriceSource(deps.db, opened.entity, 'data-query');
  const { extracted, changed } = await loadObject(deps.pool, {
    ...opened,
    object: PRICES,
    source: 'data-query',
    destiny: destinyOf(PRICES),
    files: jobs.map(({ job }) => ({
      id: job ?? '',
      open: () => billing.openDataQueryFile(job ?? '', signal),
    })),
    recordCount: jobs.reduce((sum, { rows: count }) => sum + BigInt(count ?? '0'), 0n).toString(),
    readHeader: (cells) => readHeader(deps.aqua, PRICES, cells),
    onBytes: bytesInto(reading, PRICES.name),
  });
  return `${extracted} values, ${changed} of them new`;
}

async function withoutPrices({ deps, opened }: Reading): Promise<string> {
  await rememberPriceSource(deps.db, opened.entity, 'none');
  return 'Billing has no contractual values for these credentials; bookings are held (missing-ext-sell-price)';
}

/** A query over many rows may be too much where its slices are not; a slice that fails is asked for again. */
async function smallerOrAnew(reading: Reading, failed: FailedJob): Promise<void> {
  const { deps, opened, side } = reading;
  const others = (await sideJobs(deps.db, opened.run, side)).length > 1;
  if (isCount(failed.job) || others) return askAnew(reading, failed);
  await replaceSideJob(deps.db, opened, side, failed.job.part, [counted(reading, 'day', spanOf(failed.job))]);
}

/** The slices of a counted span, and finer counts where a unit of time alone is too much. */
async function cut(reading: Reading, job: SideJob): Promise<Part[]> {
  const span = spanOf(job);
  const finer = finerUnit(reading, job);
  const { slices, crowded } = slicesOf(bucketsOf(await readCounts(reading, job), span), SLICE);
  return [
    ...slices.map((slice) => rows(reading, slice)),
    // Within one second nothing can be cut: the query's own limit decides.
    ...crowded.map((each) => (finer === undefined ? rows(reading, each) : counted(reading, finer, each))),
  ];
}

const finerUnit = ({ deps }: Reading, { part }: SideJob) => {
  const { UNITS } = deps.dataQuery;
  return UNITS[UNITS.findIndex((unit) => part.startsWith(`count ${unit}|`)) + 1];
};

/** Parts are named by what they are and their span, so that a name says all there is to know. */
const partName = (what: string, { from, to }: Span): string => `${what}|${from ?? ''}|${to}`;
const isCount = ({ part }: SideJob): boolean => part.startsWith('count ');

function spanOf({ part }: SideJob): Span {
  const [, from = '', to = ''] = part.split('|');
  return { from: from === '' ? null : from, to };
}

function rows({ deps, selection }: Reading, span: Span): Part {
  return {
    part: partName('rows', span),
    object: PRICES.name,
    query: deps.dataQuery.pricesQuery(span, selection),
  };
}

function counted({ deps }: Reading, unit: 'day' | 'hour' | 'minute' | 'second', span: Span): Part {
  return {
    part: partName(`count ${unit}`, span),
    object: PRICES.name,
    query: deps.dataQuery.pricesPerUnit(unit, span),
  };
}
