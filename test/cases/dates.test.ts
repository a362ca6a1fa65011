import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';

import { INVOICE_ITEM_TEMPLATE } from '../../src/domain/mapping/seeded/invoice-item.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { sampleTenant } from '../support/sample-tenant.ts';
import { type Rows, syncRows } from '../support/sync-rows.ts';
import { caseFile, casesOf } from './read-cases.ts';

const FILE = caseFile();

const VALID = casesOf(
  FILE,
  'rule:valid_dates',
  z.object({ dates: z.record(z.string(), z.string()) }),
  z.object({ invalid: z.array(z.string()), outcome: z.string() }),
);

const DAYS = casesOf(
  FILE,
  'rule:service_days',
  z.object({ start: z.iso.date(), end: z.iso.date(), endExclusive: z.boolean() }),
  z.object({ days: z.string(), lastServedDay: z.iso.date() }),
);

/** Billing's end dates are the first day after. */
const dayAfter = (day: string): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);

/** The sample with a service period; its percentage discount has dates of its own, which do not matter. */
function servedIn({ start, end }: { start: string; end: string }): Rows {
  const tenant = sampleTenant();
  const first = (object: string) => tenant[object]?.[0] ?? {};
  const charge = { ...first('RatePlanCharge'), EffectiveStartDate: start, EffectiveEndDate: end };
  const discount = {
    ...charge,
    Id: 'disc',
    OriginalId: 'disc',
    ChargeModel: 'Discount-Percentage',
    EffectiveStartDate: '2020-02-01',
    EffectiveEndDate: '2020-03-01',
  };
  return {
    ...tenant,
    Subscription: [{ ...first('Subscription'), SubscriptionStartDate: start, SubscriptionEndDate: end }],
    RatePlanCharge: [charge, discount],
    DiscountContractualValues: [
      { DiscountRatePlanChargeId: 'disc', RatePlanChargeId: 'rpc1', Amount: '10.00' },
    ],
    InvoiceItem: [{ ...first('InvoiceItem'), ServiceStartDate: start, ServiceEndDate: end }],
  };
}

describe('dates', () => {
  let database: TestDatabase;
  let entity = '';
  let entities = 0;
  beforeAll(async () => void (database = await openTestDatabase()));
  beforeEach(() => void (entity = `entity-${(entities += 1)}`));
  afterAll(() => database.close());

  const sync = (rows: Rows) => syncRows(database, rows, { entity, org: entity });
  const all = async <Row>(query: ReturnType<typeof sql<Row>>) => (await query.execute(database.db)).rows;

  describe.skipIf(VALID.length === 0)('that no calendar has', () => {
    test.each(VALID)('%s: %o: %o', async (_id, { dates }, { invalid, outcome }) => {
      const tenant = sampleTenant();
      const [item = {}] = tenant['InvoiceItem'] ?? [];
      const items = Object.entries(dates).map(([name, day]) => ({
        ...item,
        Id: name,
        [name === 'start' ? 'ServiceStartDate' : 'ServiceEndDate']: day,
      }));
      const { balance } = await sync({ ...tenant, InvoiceItem: items });
      const rejected = await all(sql<{ id: string; reason: string }>`
        select id, reason from prestaging.reject where entity = ${entity} order by file_row`);
      expect(rejected.map(({ id }) => id).toSorted()).toEqual(invalid.toSorted());
      expect(rejected.every(({ reason }) => reason.startsWith('Service'))).toBe(true);
      expect(rejected.length > 0).toBe(outcome === 'hold');
      expect(balance.balanced).toBe(true);
      const lines = await all(sql<{ source_id: string }>`
        select source_id from staging.line where entity = ${entity} and source_object = 'InvoiceItem'`);
      expect(lines.map(({ source_id }) => source_id).toSorted()).toEqual(
        Object.keys(dates)
          .filter((name) => !invalid.includes(name))
          .toSorted(),
      );
    });
  });

  describe.skipIf(DAYS.length === 0)('of service', () => {
    const ends = INVOICE_ITEM_TEMPLATE.rows.filter(({ to }) => to.endsWith('End Date'));

    test.each(DAYS)('%s: %o: %o, on every line', async (_id, period, { days, lastServedDay }) => {
      expect(ends.every(({ end }) => end === 'exclusive')).toBe(true);
      const { start, end, endExclusive } = period;
      await sync(servedIn({ start, end: endExclusive ? end : dayAfter(end) }));
      const lines = await all(sql<{ id: string; spans: string[] }>`
        select id, array[revenue_end_date - revenue_start_date || ' to ' || revenue_end_date - 1,
          subscription_end_date - subscription_start_date || ' to ' || subscription_end_date - 1] as spans
        from staging.line where entity = ${entity} order by id collate "C"`);
      const expected = `${days} to ${lastServedDay}`;
      expect(lines).toEqual(
        ['INV:item1', 'SO:orig.1.disc.1@1', 'SO:orig.1@1'].map((id) => ({ id, spans: [expected, expected] })),
      );
    });
  });
});
