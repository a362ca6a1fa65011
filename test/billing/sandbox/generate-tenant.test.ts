import { describe, expect, test } from 'vitest';

import { TRIPS as ALL_TRIPS } from '../../../src/billing/sandbox/generate/trips.ts';
import { generateTenant } from '../../../src/billing/sandbox/generate-tenant.ts';
import { type Row, type Tenant } from '../../../src/billing/sandbox/tenant.ts';
import { parseTenantSpec } from '../../../src/billing/sandbox/tenant-spec.ts';
import { objectOf } from '../../../src/domain/catalogue/catalogue.ts';
import { Decimal, ZERO } from '../../../src/domain/money/decimal.ts';

const TRIPS =
  'items=900,seed=5,trip=undated-pending-charges,prepayment-charge,invoice-before-booking,credit-balance-adjustment';
/** All but those after which bookings and billings cannot be the same. */
const SOUND_TRIPS = ALL_TRIPS.filter(
  (trip) =>
    ![
      'remove-product-in-billed-period',
      'negative-one-time-charge',
      'invoice-past-end-of-term',
      'undated-pending-charges',
    ].includes(trip),
);
const SPECS = [
  'items=1000,seed=1',
  'items=50,seed=7',
  'items=1,seed=2',
  'items=1500,seed=3,entities=3,currencies=USD,JPY,KWD,settlement=on',
  'items=400,seed=11,from=2023-05-15,until=2023-11-01,currencies=EUR',
  TRIPS,
  'items=300,seed=12,plain=on',
  'items=400,seed=12,plain=on,settlement=on',
  `items=900,seed=6,plain=on,trip=${SOUND_TRIPS.join(',')}`,
  `items=900,seed=6,settlement=on,currencies=JPY,trip=${SOUND_TRIPS.join(',')}`,
];

type Rows = Record<string, readonly Row[]>;

async function allRows(tenant: Tenant): Promise<Rows> {
  const all = Object.fromEntries(tenant.objects.map((object) => [object, [] as Row[]]));
  for await (const [object, row] of tenant.scan(tenant.objects)) all[object]?.push(row);
  return all;
}

function totals(
  rows: readonly Row[],
  key: (row: Row) => string | null | undefined,
  amount: string,
): Map<string, Decimal> {
  const sums = new Map<string, Decimal>();
  for (const row of rows) {
    const name = key(row);
    if (name != null) sums.set(name, (sums.get(name) ?? ZERO).plus(row[amount] ?? 0));
  }
  return sums;
}

describe.each(SPECS)('the tenant generated from %s', async (text) => {
  const spec = parseTenantSpec(text);
  const tenant = generateTenant(spec);
  const rows = await allRows(tenant);
  const of = (object: string): readonly Row[] => rows[object] ?? [];
  const byId = (object: string) => new Map(of(object).map((row) => [row['Id'], row]));
  const charges = byId('RatePlanCharge');
  const newest = new Set(
    of('Subscription')
      .filter((row) => row['IsLatestVersion'] === 'true')
      .map((row) => row['Id']),
  );
  const segmentOf = (id: string | null | undefined): string =>
    `${charges.get(id ?? '')?.['OriginalId']}.${charges.get(id ?? '')?.['Segment']}`;

  test('has as many invoice items as were asked for', () => {
    expect(Math.abs(of('InvoiceItem').length - spec.items)).toBeLessThanOrEqual(spec.items / 10);
  });

  test('is closed: every key of every row is there, and every id once', () => {
    const lost: string[] = [];
    for (const name of tenant.objects) {
      const object = objectOf(name);
      const ids = new Set(of(name).map((row) => row['Id']));
      expect(ids.size, name).toBe(of(name).length);
      for (const { object: related, field } of Object.values(object.relations)) {
        const known = byId(related);
        for (const row of of(name)) {
          const key = row[field];
          if (key != null && !known.has(key)) lost.push(`${name}.${field} ${key}`);
        }
      }
    }
    expect(lost).toEqual([]);
  });

  test('knows no field that Billing does not have', () => {
    for (const name of tenant.objects) {
      const fields = new Set(of(name).flatMap((row) => Object.keys(row)));
      const own = [...Object.keys(objectOf(name).fields), ...tenant.customFields(name), 'EntityId'];
      expect(
        [...fields].filter((field) => !own.includes(field)),
        name,
      ).toEqual([]);
    }
  });

  test('has nothing from before it begins or after it ends', () => {
    const outside: string[] = [];
    for (const name of tenant.objects) {
      for (const row of of(name)) {
        const created = row['CreatedDate'] ?? '';
        const updated = row['UpdatedDate'] ?? '';
        if (created < spec.from || updated >= spec.until || updated < created)
          outside.push(`${name} ${created} ${updated}`);
      }
    }
    const documents = of('Invoice').map((row) => row['InvoiceDate'] ?? '');
    expect(outside).toEqual([]);
    expect(documents.every((day) => day >= spec.from && day < spec.until)).toBe(true);
  });

  test('adds up: items to invoices, instalments to contractual values', () => {
    const invoiced = totals(of('InvoiceItem'), (row) => row['InvoiceId'], 'ChargeAmount');
    for (const invoice of of('Invoice')) {
      expect(
        invoiced.get(invoice['Id'] ?? '')?.eq(invoice['Amount'] ?? ''),
        `${invoice['InvoiceNumber']}`,
      ).toBe(true);
    }
    const credited = of('CreditMemoItem').filter(
      (row) => row['SubscriptionId'] != null && row['InvoiceItemId'] == null,
    );
    const billed = totals(of('InvoiceItem'), (row) => segmentOf(row['RatePlanChargeId']), 'ChargeAmount');
    const credits = totals(credited, (row) => segmentOf(row['RatePlanChargeId']), 'Amount');
    for (const value of of('ChargeContractualValueAllCharges')) {
      const charge = charges.get(value['RatePlanChargeId'] ?? '');
      const counts = charge?.['IsProcessed'] === 'true' && charge['ChargeType'] !== 'Usage';
      if (!counts || !newest.has(value['SubscriptionId'] ?? '')) continue;
      const segment = segmentOf(charge['Id']);
      const sum = (billed.get(segment) ?? ZERO).minus(credits.get(segment) ?? 0);
      expect(sum.toString(), segment).toBe(new Decimal(value['Amount'] ?? '').toString());
    }
  });

  test('splits discounts by the charge they are taken off', () => {
    const items = byId('InvoiceItem');
    const off = totals(
      of('InvoiceItem').filter((row) => row['AppliedToInvoiceItemId'] != null),
      (row) =>
        `${segmentOf(items.get(row['AppliedToInvoiceItemId'] ?? '')?.['RatePlanChargeId'])} ${segmentOf(row['RatePlanChargeId'])}`,
      'ChargeAmount',
    );
    for (const value of of('DiscountContractualValues')) {
      const charge = charges.get(value['RatePlanChargeId'] ?? '');
      if (charge?.['IsProcessed'] !== 'true' || !newest.has(value['SubscriptionId'] ?? '')) continue;
      const pair = `${segmentOf(charge['Id'])} ${segmentOf(value['DiscountRatePlanChargeId'])}`;
      expect(off.get(pair)?.toString(), pair).toBe(new Decimal(value['Amount'] ?? '').toString());
    }
  });

  test('carries every segment through the versions of its subscription', () => {
    for (const charge of of('RatePlanCharge')) {
      const subscription = byId('Subscription').get(charge['SubscriptionId'] ?? '');
      const previous = subscription?.['PreviousSubscriptionId'];
      const original = charges.get(charge['OriginalId'] ?? '');
      expect(original?.['ChargeNumber']).toBe(charge['ChargeNumber']);
      if (previous == null) expect(subscription?.['Version']).toBe('1');
      if (Number(charge['Segment']) > 1)
        expect(charge['EffectiveStartDate']).not.toBe(original?.['EffectiveStartDate']);
    }
    const perName = new Map<string, number>();
    for (const row of of('Subscription')) {
      if (row['IsLatestVersion'] === 'true')
        perName.set(row['Name'] ?? '', 1 + (perName.get(row['Name'] ?? '') ?? 0));
    }
    expect([...perName.values()].every((count) => count === 1)).toBe(true);
  }, 60_000);

  test('has amounts with the decimals of their currency', () => {
    const decimals: Readonly<Record<string, number>> = { JPY: 0, KWD: 3 };
    for (const item of of('InvoiceItem')) {
      const wanted = decimals[item['TransactionCurrency'] ?? ''] ?? 2;
      expect((item['ChargeAmount'] ?? '').split('.')[1]?.length ?? 0).toBe(wanted);
    }
  });

  test('invoices nothing before it is booked, unless asked to', () => {
    const invoices = byId('Invoice');
    const early = of('InvoiceItem').filter((item) => {
      const booked = charges.get(item['RatePlanChargeId'] ?? '')?.['OriginalOrderDate'] ?? '';
      return (invoices.get(item['InvoiceId'] ?? '')?.['InvoiceDate'] ?? '') < booked;
    });
    expect(early.length > 0).toBe(spec.trip.includes('invoice-before-booking'));
  });
});

describe('generateTenant', () => {
  test('makes the same rows every time, also when only one object is asked for', async () => {
    const spec = parseTenantSpec('items=300,seed=4,currencies=USD,EUR');
    const first = await allRows(generateTenant(spec));
    const again = generateTenant(spec);
    expect(await allRows(again)).toEqual(first);
    for (const object of ['Account', 'InvoiceItem', 'ProductRatePlanCharge']) {
      const rows: Row[] = [];
      for await (const row of again.rows(object)) rows.push(row);
      expect(rows).toEqual(first[object]);
    }
    expect(await allRows(generateTenant({ ...spec, seed: 5 }))).not.toEqual(first);
  });

  test('shows each entity its own rows only', async () => {
    const tenant = generateTenant(parseTenantSpec('items=200,entities=2'));
    const [parent, ...below] = tenant.entities;
    expect(parent?.parentId).toBeNull();
    const ids: string[] = [];
    for (const { id } of tenant.entities) {
      for await (const row of tenant.rows('InvoiceItem', { entity: id })) {
        expect(row['EntityId']).toBe(id);
        ids.push(row['Id'] ?? '');
      }
    }
    expect(below).toHaveLength(2);
    expect(new Set(ids).size).toBe(200);
  });

  test('runs into the limitations it is asked to run into, and into no other', async () => {
    const tripping = await allRows(generateTenant(parseTenantSpec(TRIPS)));
    const pending = tripping['Subscription']?.filter((row) => row['Status'] === 'Pending Activation') ?? [];
    expect(pending.length).toBeGreaterThan(0);
    expect(tripping['RatePlanCharge']?.some((row) => row['EffectiveStartDate'] == null)).toBe(true);
    expect(tripping['RatePlanCharge']?.some((row) => row['IsPrepaid'] === 'true')).toBe(true);
    expect(tripping['CreditBalanceAdjustment']?.length).toBeGreaterThan(0);

    const clean = await allRows(generateTenant(parseTenantSpec('items=900,seed=5')));
    expect(
      clean['RatePlanCharge']?.every(
        (row) => row['EffectiveStartDate'] != null && row['IsPrepaid'] === 'false',
      ),
    ).toBe(true);
    expect(clean['CreditBalanceAdjustment']).toEqual([]);
  });

  test('has a custom object with a record for each project code of its subscriptions', async () => {
    const tenant = generateTenant(parseTenantSpec('items=400'));
    const [custom] = tenant.customObjects;
    const codes = new Set<string>();
    for await (const row of tenant.rows('Subscription')) {
      if (row['ProjectCode__c'] != null) codes.add(row['ProjectCode__c']);
    }
    const found: (string | null | undefined)[] = [];
    for await (const row of tenant.rows(custom?.name ?? '')) {
      found.push(row['ProjectCode__c']);
      for (const field of Object.keys(row)) expect(custom?.fields).toHaveProperty(field);
    }
    expect(found).toEqual([...codes]);
    expect(found.length).toBeGreaterThan(1);
  });

  test('tells contractual values to whom the spec says', () => {
    const object = 'ChargeContractualValueAllCharges';
    const who = (ccv: string): unknown[] => {
      const { objects, dataQueryOnly } = generateTenant(parseTenantSpec(`items=1,ccv=${ccv}`));
      return [objects.includes(object), dataQueryOnly];
    };
    expect(who('aqua')).toEqual([true, []]);
    expect(who('data-query')).toEqual([false, [object]]);
    expect(who('none')).toEqual([false, []]);
  });

  test('has no line breaks while it is small, for clients that read line by line', async () => {
    const rows = await allRows(generateTenant(parseTenantSpec('items=1000,seed=1')));
    const cells = Object.values(rows).flatMap((some) => some.flatMap((row) => Object.values(row)));
    expect(cells.filter((cell) => /[\r\n]/.test(cell ?? ''))).toEqual([]);
  });

  test('has the hard cases that are legal', async () => {
    const rows = await allRows(generateTenant(parseTenantSpec('items=2400,seed=1')));
    const names = rows['Account']?.map((row) => row['Name'] ?? '') ?? [];
    for (const hard of ['"', ',', '\n', '=', 'é', '東'])
      expect(
        names.some((name) => name.includes(hard)),
        hard,
      ).toBe(true);
    const amounts = rows['InvoiceItem']?.map((row) => row['ChargeAmount'] ?? '') ?? [];
    expect(amounts).toContain('0.00');
    expect(amounts.some((amount) => amount.startsWith('-'))).toBe(true);
    expect(rows['Invoice']?.some((row) => row['Status'] === 'Draft')).toBe(true);
    expect(rows['Subscription']?.some((row) => row['TermType'] === 'EVERGREEN')).toBe(true);
    expect(rows['Subscription']?.some((row) => row['Status'] === 'Cancelled')).toBe(true);
    expect(rows['InvoiceItemAdjustment']?.length).toBeGreaterThan(0);
  });

  test('streams 200,000 invoice items without holding them', () => {
    const tenant = generateTenant(parseTenantSpec('items=200000'));
    const before = process.memoryUsage().heapUsed;
    let peak = 0;
    let count = 0;
    const rows = tenant.rows('InvoiceItem');
    if (!(Symbol.iterator in rows)) throw new Error('a generated tenant streams at once');
    for (const row of rows) {
      count += row['Id'] === undefined ? 0 : 1;
      if (count % 10_000 === 0) peak = Math.max(peak, process.memoryUsage().heapUsed - before);
    }
    expect(count).toBe(200_000);
    expect(peak).toBeLessThan(150_000_000);
  }, 120_000);
});
