import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { type Billed, growthOf } from '../src/domain/growth/growth.ts';
import { Decimal, sum, ZERO } from '../src/domain/money/decimal.ts';
import { listContracts } from '../src/store/contracts.ts';
import { digest } from '../src/store/digest.ts';
import { arrivals, batchOf, type Version, versionsOf } from './support/arrivals.ts';
import { applicationsOf, bookingsOf, systemCreditsOf } from './support/billed-charges.ts';
import { chaptersOf, type Story, tenantOf } from './support/charge-stories.ts';
import { contractState } from './support/contract-state.ts';
import { openTestDatabase, type TestDatabase } from './support/database.ts';
import { type CollectedLine, collectedLines, consumed } from './support/consumed.ts';
import { OTHER_ACCOUNTS, stories } from './support/random-stories.ts';
import { collectOrg, type Rows, syncRows } from './support/sync-rows.ts';
import { withPolicies } from './support/template-policies.ts';

/** The same cases every time; a failure prints the case. */
const fixed = (numRuns: number) => ({ seed: 20_240_229, numRuns, endOnFailure: true }) as const;
const LIMIT = 240_000;

/** What a bill run's credits become. */
type CreditType = 'CM' | 'CM-C';
const CREDITS = fc.constantFrom<CreditType>('CM', 'CM-C');

const rowsOf = (list: readonly Story[]): Rows => {
  const rows = tenantOf(list);
  return { ...rows, Account: [...(rows['Account'] ?? []), ...OTHER_ACCOUNTS] };
};

/** What arrives together: the rows of a subscription version, or of a billing. */
const chapters = (list: readonly Story[]): Version[][] =>
  list.flatMap(chaptersOf).map((rows) => rows.map(([object, row]) => ({ object, row })));

describe('the contracts of a tenant', () => {
  let database: TestDatabase;
  let orgs = 0;
  beforeAll(async () => void (database = await openTestDatabase()));
  afterAll(() => database.close());

  const newOrg = async (billRunCredits: CreditType): Promise<string> => {
    const org = `org-${(orgs += 1)}`;
    await withPolicies(database, org, 'CM', { billRunCredits });
    return org;
  };
  const sync = (org: string, rows: Rows) => syncRows(database, rows, { entity: org, org, settlement: true });
  const collect = (org: string) => collectOrg(database, org);
  const collected = async (org: string, list: readonly Story[]): Promise<void> => {
    await sync(org, rowsOf(list));
    await collect(org);
  };

  test(
    'are what the formula and the order of credits say, and conserve every amount',
    async () => {
      await fc.assert(
        fc.asyncProperty(stories({ minLength: 20, maxLength: 30 }), CREDITS, async (list, credits) => {
          const org = await newOrg(credits);
          await collected(org, list);
          const lines = await collectedLines(database, org);
          await asTheDomainSays(org, lines);
          await nothingLost(org, lines);
        }),
        fixed(5),
      );
    },
    LIMIT,
  );

  test(
    'do not depend on the order and the batches in which versions and billings arrive, each batch collected at once',
    async () => {
      await fc.assert(
        fc.asyncProperty(
          stories({ minLength: 8, maxLength: 12 }).chain((list) =>
            fc.tuple(fc.constant(list), arrivals(chapters(list))),
          ),
          CREDITS,
          async ([list, batches], credits) => {
            const shared = versionsOf(rowsOf([]));
            const all = [...shared, ...chapters(list).flat()];
            const at = async (...parts: (readonly Version[])[]) => {
              const org = await newOrg(credits);
              for (const part of parts) {
                await sync(org, batchOf(part, all));
                await collect(org);
              }
              return contractState(database, org);
            };
            const parts = batches.map((batch) => batch.flat());
            expect(await at(shared, ...parts)).toEqual(await at(all));
          },
        ),
        fixed(6),
      );
    },
    LIMIT,
  );

  test(
    'are not touched by another organisation with rows of the same ids, collected in between',
    async () => {
      const some = stories({ minLength: 4, maxLength: 8 });
      await fc.assert(
        fc.asyncProperty(some, some, async (list, others) => {
          const half = list.slice(0, Math.ceil(list.length / 2));
          const alone = await newOrg('CM');
          for (const part of [half, list]) await collected(alone, part);
          const own = await newOrg('CM');
          const other = await newOrg('CM');
          await collected(own, half);
          await collected(other, others);
          const before = await contractState(database, other);
          await collected(own, list);
          expect(await contractState(database, own)).toEqual(await contractState(database, alone));
          expect(await contractState(database, other)).toEqual(before);
        }),
        fixed(3),
      );
    },
    LIMIT,
  );

  test('are left as they are when everything is synced and collected again', async () => {
    const [list = []] = fc.sample(stories({ minLength: 10, maxLength: 10 }), fixed(1));
    const org = await newOrg('CM');
    await collected(org, list);
    const before = await digest(database.db);
    await collected(org, list);
    expect((await digest(database.db)).tables).toEqual(before.tables);
  });

  /** Every booking against the formula, every credit against a stack of invoices. */
  async function asTheDomainSays(org: string, lines: readonly CollectedLine[]): Promise<void> {
    const { rows: standing } = await sql<Standing>`
      select so_line_id as booking, amount::text as amount, version::text as version, currency,
        invoice_driven as "invoiceDriven"
      from revenue.booking where org = ${org} order by so_line_id collate "C"`.execute(database.db);
    const lowerings = await loweredAt(org, standing);
    const expected = standing.map((booking) => ({
      booking,
      growth: growthOf(billedOf(booking, lines, lowerings.get(booking.booking) ?? 0), true),
    }));
    const found = await bookingsOf(database, org);
    expect(found.map(({ booking, lifted, conceded }) => ({ booking, lifted, conceded }))).toEqual(
      expected.map(({ booking: { booking }, growth: { lifted, conceded } }) => ({
        booking,
        lifted: text(lifted),
        conceded: text(conceded),
      })),
    );
    const credits = await systemCreditsOf(database, org);
    expect(credits.map(({ booking, type, amount }) => `${booking} ${type} ${amount}`)).toEqual(
      expected.flatMap(({ booking: { booking }, growth: { systemCredit, systemReturn } }) => [
        ...(systemCredit.isZero() ? [] : [`${booking} CM-C ${text(systemCredit)}`]),
        ...(systemReturn.isZero() ? [] : [`${booking} CM-RO ${text(systemReturn)}`]),
      ]),
    );
    expect(await applicationsOf(database, org)).toEqual(consumed(lines));
  }

  /** The version that last lowered each of these bookings, of all that are staged up to the one that stands. */
  async function loweredAt(org: string, standing: readonly Standing[]): Promise<Map<string, number>> {
    const { rows } = await sql<{ booking: string; version: string; amount: string }>`
      select l.so_line_id as booking, l.subscription_version::text as version, l.ext_sell_price::text as amount
      from staging.line as l left join staging.line_state as s on s.entity = l.entity and s.id = l.id
      where l.org = ${org} and l.type = 'SO' and coalesce(s.status, 'superseded') = 'superseded'
      order by l.subscription_version`.execute(database.db);
    const lowered = new Map<string, number>();
    for (const { booking, version } of standing) {
      const mine = rows.filter((row) => row.booking === booking && Number(row.version) <= Number(version));
      for (const [index, row] of mine.entries()) {
        const before = new Decimal(mine[index - 1]?.amount ?? 0).abs();
        if (new Decimal(row.amount).abs().lessThan(before)) lowered.set(booking, Number(row.version));
      }
    }
    return lowered;
  }

  /** What was staged and collected, what lines come to, and what the contracts show is the same, by currency. */
  async function nothingLost(org: string, lines: readonly CollectedLine[]): Promise<void> {
    const { rows: staged } = await sql<{ id: string; amount: string; currency: string }>`
      select l.id, trim_scale(l.ext_sell_price)::text as amount, l.transaction_currency as currency
      from staging.line as l where l.org = ${org} and not exists (
        select from staging.line_state as s where s.entity = l.entity and s.id = l.id
      ) order by l.id collate "C"`.execute(database.db);
    expect(lines.map(({ line, amount, currency }) => ({ id: line, amount, currency }))).toEqual(staged);

    const { rows: bookings } = await sql<{ currency: string; amount: string }>`
      select currency, (amount + lifted)::text as amount from revenue.booking where org = ${org}`.execute(
      database.db,
    );
    const shown = (await listContracts(database.db, { org })).flatMap(({ amounts }) => amounts);
    const total = (of: readonly { currency: string; amount: string }[]) =>
      Object.fromEntries(
        ['EUR', 'JPY', 'KWD', 'USD'].map((currency) => [
          currency,
          text(sum(of.filter((each) => each.currency === currency).map(({ amount }) => new Decimal(amount)))),
        ]),
      );
    expect(total(shown.map(({ currency, bookings: amount }) => ({ currency, amount })))).toEqual(
      total(bookings),
    );
    expect(total(shown.map(({ currency, billings: amount }) => ({ currency, amount })))).toEqual(
      total(lines.filter(({ type }) => type !== 'SO')),
    );
  }
});

interface Standing {
  readonly booking: string;
  readonly amount: string;
  readonly version: string;
  readonly currency: string;
  readonly invoiceDriven: boolean;
}

const text = (amount: Decimal): string => (amount.isZero() ? '0' : amount.toFixed());

function billedOf(standing: Standing, lines: readonly CollectedLine[], loweredAt: number): Billed {
  const mine = lines.filter(
    ({ soLineId, currency }) => soLineId === standing.booking && currency === standing.currency,
  );
  const total = (type: string, among: (line: CollectedLine) => boolean = () => true) =>
    mine
      .filter((line) => line.type === type && among(line))
      .reduce((so, { amount }) => so.plus(amount), ZERO);
  const before = ({ version }: CollectedLine) => Number(version) < loweredAt;
  return {
    booked: new Decimal(standing.amount),
    invoiceDriven: standing.invoiceDriven,
    invoicedBefore: total('INV', before),
    invoicedSince: total('INV', (line) => !before(line)),
    credited: total('CM'),
    reversed: total('CM-C'),
  };
}
