import { objectOf } from '../../src/domain/catalogue/catalogue.ts';
import { bucketsOf, slicesOf } from '../../src/domain/sync/slices.ts';
import { destinyOf } from '../../src/store/balance/destiny.ts';
import { loadObject } from '../../src/store/load/load-object.ts';
import { planSideJobs, replaceSideJob, type SideJob, sideJobs } from '../../src/store/sides.ts';
import { rememberPriceSource } from '../../src/store/tenancy.ts';
import { readHeader } from '../read-header.ts';
import { askAnew, LIMIT, requireWhole, settleQueries } from './data-query-jobs.ts';
import { bytesInto, type Reading, type Told } from './reading.ts';
import { readCounts } from './read-counts.ts';

const PRICES = objectOf('ChargeContractualValueAllCharges');

/** Slices stay well below the limit: rows come in between the count and the reading. */
const SLICE = 400_000;

type Span = Reading['span'];
type Part = Pick<SideJob, 'part' | 'object' | 'query'>;

/**
 * Contractual values of charges, where the export has none (design 9 (11)): by Data Query since the side's own
 * mark, in slices that stay below its limit. Answers in words how many came; a tenant that has the table
 * nowhere is remembered, so that its bookings are held for want of a price and do not wait for it.
 */
export async function readPrices(reading: Reading): Promise<Told> {
  const { deps, opened, side } = reading;
  await planSideJobs(deps.db, opened, side, [firstPart(reading)]);
  for (;;) {
    const failed = await settleQueries(reading);
    if (failed.some(({ absent }) => absent)) return withoutPrices(reading);
    const jobs = await sideJobs(deps.db, opened.run, side);
    // A span is counted once at most: what fails or overflows after that is no matter of its size.
    const whole = jobs.find(({ part }) => part.startsWith('whole|'));
    const tooMuch = failed.length > 0 || Number(whole?.rows) >= LIMIT;
    if (whole !== undefined && tooMuch)
      await replace(reading, whole, [counted(reading, 'day', spanOf(whole))]);
    else if (failed.length > 0) await askAnew(reading, failed);
    else {
      const counts = jobs.filter(isCount);
      if (counts.length === 0) return load(reading, jobs);
      for (const job of counts) await replace(reading, job, await cut(reading, job));
    }
  }
}

/** The whole tenant is too much more often than not, so it is counted first; little is asked for at once. */
function firstPart(reading: Reading): Part {
  const { span, selection } = reading;
  const chosen = Object.keys(selection).length > 0;
  return span.from === null && !chosen ? counted(reading, 'day', span) : rows(reading, 'whole', span);
}

const replace = ({ deps, opened, side }: Reading, { part }: SideJob, parts: readonly Part[]) =>
  replaceSideJob(deps.db, opened, side, part, parts);

async function load(reading: Reading, jobs: readonly SideJob[]): Promise<Told> {
  requireWhole(jobs);
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
  return { note: `${extracted} values, ${changed} of them new` };
}

async function withoutPrices({ deps, opened }: Reading): Promise<Told> {
  await rememberPriceSource(deps.db, opened.entity, 'none');
  const note =
    'Billing has no contractual values for these credentials; bookings are held (missing-ext-sell-price)';
  return { note, absent: true };
}

/** The slices of a counted span, and finer counts where a unit of time alone is too much. */
async function cut(reading: Reading, job: SideJob): Promise<Part[]> {
  const span = spanOf(job);
  const finer = finerUnit(reading, job);
  const { slices, crowded } = slicesOf(bucketsOf(await readCounts(reading, job), span), SLICE);
  return [
    ...slices.map((slice) => rows(reading, 'slice', slice)),
    // Within one second nothing can be cut: the query's own limit decides.
    ...crowded.map((each) =>
      finer === undefined ? rows(reading, 'slice', each) : counted(reading, finer, each),
    ),
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

function rows({ deps, selection }: Reading, what: 'whole' | 'slice', span: Span): Part {
  return {
    part: partName(what, span),
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
