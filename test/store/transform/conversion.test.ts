import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { digest } from '../../../src/store/digest.ts';
import { rejectHold } from '../../../src/store/holds/reject.ts';
import { listFindings } from '../../../src/store/list-findings.ts';
import { recordRates } from '../../../src/store/rates/record-rates.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { lineReader, type ReadLine } from '../../support/line-reader.ts';
import { adjustment, memo } from '../../support/rich-tenant.ts';
import { sampleTenant, withChanged } from '../../support/sample-tenant.ts';
import { collectOrg, recordTenant, type Rows, syncRows } from '../../support/sync-rows.ts';

type Row = Readonly<Record<string, string | null>>;

/** The sample in another currency: a booking of 1200 ordered on 2024-01-02, two items of 100 on an invoice of 2024-01-10. */
const tenantIn = (currency: string): Rows =>
  withChanged(sampleTenant(), 'Account', 'acc', { Currency: currency });

/** The first item of the invoice, with what Billing tells of its conversion. */
const told = (rows: Rows, change: Row): Rows => withChanged(rows, 'InvoiceItem', 'item1', change);

const rateRow = (from: string, to: string, day: string, rate: string, change: Row = {}): Row => ({
  Id: `${from}${to}${day}`,
  FromCurrency: from,
  ToCurrency: to,
  RateDate: day,
  Rate: rate,
  UpdatedDate: '2024-01-05T10:00:00Z',
  ...change,
});

describe('the conversion of a line', () => {
  let database: TestDatabase;
  beforeAll(async () => void (database = await openTestDatabase()));
  afterAll(() => database.close());
  afterEach(() => sql`delete from control.profile`.execute(database.db));

  let entities = 0;
  const newEntity = (): string => `e${(entities += 1)}`;
  const profile = (name: string, value: string) =>
    sql`insert into control.profile (name, value, changed_by) values (${name}, ${value}, 'test')`.execute(
      database.db,
    );
  const sync = (entity: string, rows: Rows, home: string | null = 'USD') =>
    syncRows(database, rows, { entity, org: entity, home });
  const rates = async (
    entity: string,
    list: readonly (readonly [string, string, string, string, boolean?])[],
  ) => {
    await database.db.transaction().execute((trx) =>
      recordRates(
        trx,
        { entity, by: `exchange-rate-sync/${entity}`, source: 'custom-exchange-rates' },
        list.map(([from, to, day, rate, inverse = false]) => ({
          from,
          to,
          day,
          rate,
          inverse,
          rateSet: null,
          providerDay: null,
        })),
      ),
    );
  };
  const read = {
    holds: (entity: string) => lineReader(database).holds(entity),
    line: (entity: string, id: string) => lineReader(database).line(entity, id),
    lines: (entity: string) => lineReader(database).lines(entity),
  };
  const line = async (entity: string, id: string): Promise<ReadLine> => (await read.line(entity, id)) ?? {};
  const functional = ({
    func_ex_rate: rate,
    func_ex_rate_date: day,
    functional_ext_sell_price: amount,
    func_ex_rate_source: source,
  }: ReadLine) => [rate, day, amount, source];

  describe('of a billing, EUR 100 posted on 31 December at 0.77 and invoiced on 1 January at 0.75', () => {
    const rows = {
      ...told(withChanged(tenantIn('EUR'), 'Invoice', 'inv1', { InvoiceDate: '2024-01-01' }), {
        ExchangeRate: '0.77',
        ExchangeRateDate: '2023-12-31',
      }),
      ExchangeRate: [
        rateRow('EUR', 'GBP', '2023-12-31', '0.77'),
        rateRow('EUR', 'GBP', '2024-01-01', '0.75'),
      ],
    };

    test('takes the rate that Billing used', async () => {
      const entity = newEntity();
      await sync(entity, rows, 'GBP');
      expect(functional(await line(entity, 'INV:item1'))).toEqual([
        '0.77',
        '2023-12-31',
        '77.00',
        'InvoiceItem.ExchangeRate',
      ]);
    });

    test('takes that of the invoice date where the sync of Billing’s rates is off', async () => {
      const entity = newEntity();
      await profile('KS_ENABLE_ZBILL_EXCHG_RATE', 'N');
      await sync(entity, rows, 'GBP');
      expect(functional(await line(entity, 'INV:item1'))).toEqual([
        '0.75',
        '2024-01-01',
        '75.00',
        'ExchangeRate EUR-GBP, version 1',
      ]);
    });

    test('needs no rate without Currency Conversion: the functional currency is the invoice’s', async () => {
      const entity = newEntity();
      await sync(entity, rows, null);
      const { functional_currency: currency, ...rest } = await line(entity, 'INV:item1');
      expect([currency, ...functional(rest)]).toEqual(['EUR', '1', null, '100', 'same currency']);
      expect(await read.holds(entity)).toEqual([]);
    });
  });

  test('of a booking takes the rate of the Sales Order Date, or the last one before it', async () => {
    const entity = newEntity();
    await sync(entity, {
      ...tenantIn('EUR'),
      ExchangeRate: [rateRow('EUR', 'USD', '2023-12-29', '1.1'), rateRow('EUR', 'USD', '2024-01-03', '1.2')],
    });
    expect(functional(await line(entity, 'SO:orig.1@1'))).toEqual([
      '1.1',
      '2023-12-29',
      '1320.00',
      'ExchangeRate EUR-USD, version 1',
    ]);
    // The invoice of the tenth comes after the last rate there is.
    expect(functional(await line(entity, 'INV:item1'))).toEqual([
      '1.2',
      '2024-01-03',
      '120.00',
      'ExchangeRate EUR-USD, version 1',
    ]);
  });

  describe('without a rate', () => {
    const NO_SO =
      'SO:orig.1@1 missing-exchange-rate: There is no exchange rate for the line of RatePlanCharge rpc1: EUR to USD on 2024-01-02.';
    const NO_ITEM =
      'INV:item2 missing-exchange-rate: There is no exchange rate for the line of InvoiceItem item2: EUR to USD on 2024-01-10.';

    test('is held with the pair and the day, alone of all lines, and goes on by itself when the rate came', async () => {
      const entity = newEntity();
      const rows = told(tenantIn('EUR'), { ExchangeRate: '1.1', ExchangeRateDate: '2024-01-09' });
      await sync(entity, rows);
      expect(await read.holds(entity)).toEqual([NO_ITEM, NO_SO]);
      expect((await line(entity, 'INV:item1'))['status']).toBe('ready');

      await rates(entity, [['EUR', 'USD', '2024-01-05', '1.15']]);
      await sync(entity, {});
      expect(await read.holds(entity)).toEqual([NO_SO]);
      expect(functional(await line(entity, 'INV:item2'))).toEqual([
        '1.15',
        '2024-01-05',
        '115.00',
        'custom-exchange-rates EUR-USD, version 1',
      ]);

      await rates(entity, [['EUR', 'USD', '2024-01-02', '1.05']]);
      await sync(entity, {});
      expect(await read.holds(entity)).toEqual([]);
      expect(await collectOrg(database, entity)).toMatchObject({ collected: '3' });
    });

    test('of just that day is held where the last one available is not to do', async () => {
      const entity = newEntity();
      await profile('BILLING_EXCHANGE_RATE_DATE', 'Rate On Specified Date');
      await recordTenant(database, entity, entity);
      await rates(entity, [
        ['EUR', 'USD', '2024-01-01', '1.1'],
        ['EUR', 'USD', '2024-01-10', '1.2'],
      ]);
      await sync(entity, tenantIn('EUR'));
      expect(await read.holds(entity)).toEqual([NO_SO]);
    });

    test('is not formed anew as long as none came', async () => {
      const entity = newEntity();
      await sync(entity, tenantIn('EUR'));
      await sync(entity, {});
      const written = () =>
        sql<{ written: string }>`
        select string_agg(xmin::text, ',' order by id) as written from staging.line where entity = ${entity}`.execute(
          database.db,
        );
      const {
        rows: [before],
      } = await written();
      await sync(entity, {});
      const {
        rows: [after],
      } = await written();
      expect(after).toEqual(before);
    });

    test('to the reporting currency is held, too', async () => {
      const entity = newEntity();
      await profile('REPORTING_CURRENCY', 'KWD');
      await recordTenant(database, entity, entity);
      await rates(entity, [['USD', 'KWD', '2024-01-05', '0.3071']]);
      await sync(entity, tenantIn('USD'));
      expect(await read.holds(entity)).toEqual([
        'SO:orig.1@1 missing-exchange-rate: There is no exchange rate for the line of RatePlanCharge rpc1: USD to KWD on 2024-01-02.',
      ]);
    });
  });

  test('rounds once to the minor unit of each currency', async () => {
    const entity = newEntity();
    await profile('REPORTING_CURRENCY', 'KWD');
    await recordTenant(database, entity, entity, 'JPY');
    await rates(entity, [
      ['EUR', 'JPY', '2024-01-01', '161.37'],
      ['JPY', 'KWD', '2024-01-01', '0.0021'],
    ]);
    await sync(entity, told(tenantIn('EUR'), { ChargeAmount: '10.01' }), 'JPY');
    const item = await line(entity, 'INV:item1');
    // 10.01 x 161.37 = 1615.3137; x 0.0021 = 3.39215877, not 1615 x 0.0021 = 3.3915.
    expect([item['functional_ext_sell_price'], item['reporting_ext_sell_price']]).toEqual(['1615', '3.392']);
    expect([item['reporting_currency'], item['global_ex_rate'], item['global_ex_rate_date']]).toEqual([
      'KWD',
      '0.0021',
      '2024-01-01',
    ]);
  });

  test('divides by a rate that was told the other way round, exactly', async () => {
    const entity = newEntity();
    await recordTenant(database, entity, entity);
    // 0.035 / 7 is half a cent exactly; 0.035 times a seventh, rounded, is not.
    await rates(entity, [['EUR', 'USD', '2024-01-01', '7', true]]);
    await sync(entity, told(tenantIn('EUR'), { ChargeAmount: '0.035' }));
    const item = await line(entity, 'INV:item1');
    expect(item).toMatchObject({
      func_ex_rate: '0.142857142857142857',
      inverse_func_ex_rate: '7',
      functional_ext_sell_price: '0.01',
    });
  });

  test('uses a rate of the other direction where there is none of its own', async () => {
    const entity = newEntity();
    await recordTenant(database, entity, entity);
    await rates(entity, [['USD', 'EUR', '2024-01-01', '0.8']]);
    await sync(entity, tenantIn('EUR'));
    expect(await line(entity, 'INV:item1')).toMatchObject({
      func_ex_rate: '1.250000000000000000',
      inverse_func_ex_rate: '0.8',
      functional_ext_sell_price: '125.00',
    });
  });

  test('divides where Billing’s own amount in the home currency shows that it did', async () => {
    const entity = newEntity();
    await sync(
      entity,
      told(tenantIn('EUR'), {
        ExchangeRate: '0.8',
        ExchangeRateDate: '2024-01-09',
        ChargeAmountHomeCurrency: '125.00',
      }),
    );
    expect(await line(entity, 'INV:item1')).toMatchObject({
      inverse_func_ex_rate: '0.8',
      functional_ext_sell_price: '125.00',
    });
  });

  test('of an adjustment without a rate of its own takes that of the day of its invoice', async () => {
    const entity = newEntity();
    await recordTenant(database, entity, entity);
    await rates(entity, [
      ['EUR', 'USD', '2024-01-10', '1.1'],
      ['EUR', 'USD', '2024-01-20', '1.3'],
    ]);
    await sync(entity, { ...tenantIn('EUR'), InvoiceItemAdjustment: [adjustment()] });
    expect(functional(await line(entity, 'CM-C:adj1'))).toEqual([
      '1.1',
      '2024-01-10',
      '-33.00',
      'custom-exchange-rates EUR-USD, version 1',
    ]);
  });

  test('of memos takes the rate that Billing tells with their items', async () => {
    const entity = newEntity();
    const conversion = { ExchangeRate: '1.5', ExchangeRateDate: '2024-01-25' };
    await sync(entity, {
      ...tenantIn('EUR'),
      ...memo('CreditMemo', {}, conversion),
      ...memo('DebitMemo', {}, conversion),
    });
    const sources = (await read.lines(entity)).flatMap(
      ({ func_ex_rate_source: source, func_ex_rate: rate }) =>
        source === null || source === undefined ? [] : [`${source} ${rate}`],
    );
    expect(sources.toSorted()).toEqual(['CreditMemoItem.ExchangeRate 1.5', 'DebitMemoItem.ExchangeRate 1.5']);
  });

  describe('by a rate of Billing that does not tell how it was used', () => {
    const own = { ExchangeRate: '0.8', ExchangeRateDate: '2024-01-09', HomeCurrency: 'USD' };

    test('divides where other items of the entity show that Billing does', async () => {
      const entity = newEntity();
      const alone = {
        Source: 'AdhocFromPrpc',
        SourceType: 'Standalone',
        InvoiceId: null,
        ReferredInvoiceId: null,
      };
      const ofCharge = { ...own, InvoiceId: null, InvoiceItemId: null };
      await sync(entity, {
        ...withChanged(
          told(tenantIn('EUR'), { ...own, ChargeAmountHomeCurrency: '125.00' }),
          'InvoiceItem',
          'item2',
          { ...own, ChargeAmount: '10.00' },
        ),
        ...memo('CreditMemo', alone, ofCharge),
      });
      const amounts = (await read.lines(entity)).map(
        (each) => `${each['id']} ${each['functional_ext_sell_price']}`,
      );
      expect(amounts).toEqual(
        expect.arrayContaining(['INV:item1 125.00', 'INV:item2 12.50', 'INV:cmi1 -50.00']),
      );
    });

    test('multiplies where an amount is too small to show anything', async () => {
      const entity = newEntity();
      // 0.10 times 1.01 and 0.10 over 1.01 are both ten cents.
      await sync(
        entity,
        told(tenantIn('EUR'), {
          ...own,
          ExchangeRate: '1.01',
          ChargeAmount: '0.10',
          ChargeAmountHomeCurrency: '0.10',
        }),
      );
      expect(await line(entity, 'INV:item1')).toMatchObject({
        func_ex_rate: '1.01',
        inverse_func_ex_rate: null,
      });
    });
  });

  test('is done anew for lines that nobody collected when a home or a reporting currency is set', async () => {
    const entity = newEntity();
    const rows = {
      ...tenantIn('EUR'),
      ExchangeRate: [rateRow('EUR', 'USD', '2024-01-01', '1.1'), rateRow('USD', 'KWD', '2024-01-01', '0.3')],
    };
    await sync(entity, rows, null);
    const worth = async () => {
      const {
        functional_currency: home,
        functional_ext_sell_price: amount,
        reporting_ext_sell_price: reported,
      } = await line(entity, 'INV:item1');
      return [home, amount, reported];
    };
    expect(await worth()).toEqual(['EUR', '100', '100']);
    await sync(entity, {});
    expect(await worth()).toEqual(['USD', '110.00', '110.00']);
    await profile('REPORTING_CURRENCY', 'KWD');
    await sync(entity, {});
    expect(await worth()).toEqual(['USD', '110.00', '33.000']);
  });

  test('of what a person decided on, and of what is collected, is no other content when a rate is told anew', async () => {
    const entity = newEntity();
    await recordTenant(database, entity, entity);
    await rates(entity, [['EUR', 'USD', '2024-01-01', '1.1']]);
    await sync(entity, tenantIn('EUR'));
    await collectOrg(database, entity);
    const again = (price: string, at: string): Rows => ({
      InvoiceItem: (tenantIn('EUR')['InvoiceItem'] ?? []).map((row) => ({
        ...row,
        ChargeAmount: row['Id'] === 'item1' ? price : '100.00',
        UpdatedDate: at,
      })),
    });
    await sync(entity, again('150.00', '2024-02-01T00:00:00Z'));
    const [stopped = ''] = (await read.holds(entity)).map((hold) => hold.split(' ')[0] ?? '');
    await rejectHold(database.db, {
      org: entity,
      lines: [stopped],
      reason: 'as agreed',
      by: 'ann',
      request: 'r1',
    });
    await rates(entity, [['EUR', 'USD', '2024-01-01', '1.2']]);
    await sync(entity, again('150.00', '2024-02-09T00:00:00Z'));
    expect((await line(entity, stopped))['status']).toBe('rejected');
    expect(await read.holds(entity)).toEqual([]);
    expect(await listFindings(database.db, { org: entity })).toEqual([]);
  });

  test('keeps what is collected whatever rates say later, and an SO line the rate it was booked by (F5)', async () => {
    const entity = newEntity();
    await recordTenant(database, entity, entity);
    await rates(entity, [['EUR', 'USD', '2024-01-01', '1.1']]);
    await sync(entity, tenantIn('EUR'));
    await collectOrg(database, entity);
    const before = await digest(database.db);

    await rates(entity, [['EUR', 'USD', '2024-01-01', '9.9']]);
    await sync(entity, {});
    await collectOrg(database, entity);
    const after = await digest(database.db);
    for (const table of [
      'staging.line',
      'revenue.line',
      'revenue.booking',
      'revenue.contract',
      'staging.finding',
    ]) {
      expect([table, after.tables[table]]).toEqual([table, before.tables[table]]);
    }

    const again = tenantIn('EUR');
    const change = (object: string, more: Row): Rows => ({
      [object]: (again[object] ?? []).map((row) => ({
        ...row,
        UpdatedDate: '2024-01-20T10:00:00Z',
        ...more,
      })),
    });
    await sync(entity, {
      ...change('Subscription', { Id: 'sub2', Version: '2', PreviousSubscriptionId: 'sub1' }),
      ...change('RatePlan', { Id: 'rp2', SubscriptionId: 'sub2' }),
      ...change('RatePlanCharge', { Id: 'rpc2', Version: '2', SubscriptionId: 'sub2', RatePlanId: 'rp2' }),
      ...change('ChargeContractualValueAllCharges', {
        Id: 'ccv2',
        RatePlanChargeId: 'rpc2',
        Amount: '1300.00',
      }),
    });
    expect(functional(await line(entity, 'SO:orig.1@2'))).toEqual([
      '1.1',
      '2024-01-01',
      '1430.00',
      'custom-exchange-rates EUR-USD, version 1',
    ]);
  });
});
