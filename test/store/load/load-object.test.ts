import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { syncRows } from '../../support/sync-rows.ts';
import { balanceOf, extracts, fileOf, inRun, load as loadOne, loadFiles, storedRows } from './load-ground.ts';

const item = (id: string, more: Record<string, string | null> = {}) => ({
  Id: id,
  ChargeAmount: '10.00',
  ServiceStartDate: '2024-01-01',
  UpdatedDate: '2024-01-01T00:00:00+0000',
  ...more,
});

describe('loadObject', () => {
  let database: TestDatabase;
  let entity = '';
  let entities = 0;
  beforeAll(async () => void (database = await openTestDatabase()));
  beforeEach(() => void (entity = `entity-${(entities += 1)}`));
  afterAll(() => database.close());

  const load = async (rows: Record<string, string | null>[], complete = true) =>
    (await syncRows(database, { InvoiceItem: rows }, { entity, org: entity, complete })).loads['InvoiceItem'];
  const stored = async (column: string, id: string) => {
    const { rows } = await sql<{ value: unknown }>`
      select ${sql.ref(column)}::text as value from prestaging.invoice_item where entity = ${entity} and id = ${id}`.execute(
      database.db,
    );
    return rows[0]?.value;
  };
  const rejects = async () => {
    const { rows } = await sql<{ reason: string }>`
      select reason from prestaging.reject where entity = ${entity} order by file_row`.execute(database.db);
    return rows.map(({ reason }) => reason);
  };

  test('keeps exact decimals, days as days and instants in UTC', async () => {
    await load([
      item('1', {
        ChargeAmount: '12345678901234567890.123456789',
        ServiceStartDate: '2024-02-29',
        UpdatedDate: '2024-03-10T02:30:00-0800',
      }),
    ]);
    expect(await stored('charge_amount', '1')).toBe('12345678901234567890.123456789');
    expect(await stored('service_start_date', '1')).toBe('2024-02-29');
    expect(await stored('updated_date', '1')).toBe('2024-03-10 10:30:00+00');
  });

  test.each([
    ['ChargeAmount', 'NaN'],
    ['ChargeAmount', 'Infinity'],
    ['ChargeAmount', '1,000.00'],
    ['ChargeAmount', '1e999'],
    ['ChargeAmount', '--1'],
    ['ServiceStartDate', '2024-02-30'],
    ['ServiceStartDate', '2025-11-31'],
    ['ServiceStartDate', 'today'],
    ['ServiceStartDate', 'infinity'],
    ['ServiceStartDate', '01/02/2024'],
    ['UpdatedDate', 'now'],
    ['UpdatedDate', '2024-01-01 allballs'],
    ['ExcludeItemBillingFromRevenueAccounting', 'maybe'],
  ])('rejects a row whose %s is %s, with the reason, and loads the others', async (field, value) => {
    const counts = await load([item('good'), item('bad', { [field]: value })]);
    expect(counts).toMatchObject({ extracted: '2', changed: '1', rejected: '1' });
    expect(await rejects()).toEqual([expect.stringMatching(new RegExp(`^${field}: is not a`))]);
    expect(await stored('id', 'bad')).toBeUndefined();
  });

  test('accepts an exponent and a day written as its midnight', async () => {
    await load([item('1', { ChargeAmount: '1.5E+2', ServiceStartDate: '2024-01-31T00:00:00+0000' })]);
    expect(await stored('charge_amount', '1')).toBe('150');
    expect(await stored('service_start_date', '1')).toBe('2024-01-31');
  });

  test('rejects a row without its key', async () => {
    expect(await load([item('1'), { ...item('2'), Id: null }])).toMatchObject({
      changed: '1',
      rejected: '1',
    });
    expect(await rejects()).toEqual(['Id: missing']);
  });

  test('writes nothing when the same rows come again', async () => {
    await load([item('1'), item('2')]);
    const before = await stored('xmin', '1');
    expect(await load([item('2'), item('1')])).toMatchObject({ changed: '0', unchanged: '2' });
    expect(await stored('xmin', '1')).toBe(before);
  });

  test('takes a changed value even when UpdatedDate stands still', async () => {
    await load([item('1')]);
    expect(await load([item('1', { ChargeAmount: '11' })])).toMatchObject({ changed: '1' });
    expect(await stored('charge_amount', '1')).toBe('11');
  });

  test('keeps the replaced version in history, unless only volatile fields changed', async () => {
    const versions = async () => {
      const { rows } = await sql<{ amount: string }>`
        select content->>'charge_amount' as amount from prestaging.history where entity = ${entity}`.execute(
        database.db,
      );
      return rows.map(({ amount }) => amount);
    };
    await load([item('1')]);
    await load([item('1', { Balance: '5', UpdatedDate: '2024-01-02T00:00:00Z' })]);
    expect(await versions()).toEqual([]);
    await load([item('1', { ChargeAmount: '12', UpdatedDate: '2024-01-03T00:00:00Z' })]);
    expect(await versions()).toEqual(['10']);
  });

  test('lets the newest of two versions in one file win, and an older one that comes late changes nothing', async () => {
    const old = item('1', { ChargeAmount: '1', UpdatedDate: '2024-01-01T00:00:00Z' });
    const newer = item('1', { ChargeAmount: '2', UpdatedDate: '2024-01-02T00:00:00Z' });
    expect(await load([newer, old])).toMatchObject({ extracted: '2', changed: '1', replaced: '1' });
    expect(await stored('charge_amount', '1')).toBe('2');
    expect(await load([old])).toMatchObject({ changed: '0', replaced: '1' });
    expect(await stored('charge_amount', '1')).toBe('2');
  });

  test('counts what a run that did not complete brought as changed in the next one', async () => {
    await load([item('1')], false);
    await sql`update control.run set state = 'aborted', closed_at = now() where entity = ${entity} and state = 'open'`.execute(
      database.db,
    );
    expect(await load([item('1')])).toMatchObject({ changed: '1', unchanged: '0' });
    expect(await load([item('1')])).toMatchObject({ changed: '0', unchanged: '1' });
  });

  test('keeps custom fields, and marks what Billing deleted without forgetting it', async () => {
    await load([item('1', { Region__c: 'EMEA', Deleted: 'false' })]);
    await load([item('1', { Region__c: 'EMEA', Deleted: 'true' })]);
    expect(await stored('deleted', '1')).toBe('true');
    expect(await stored('custom', '1')).toBe('{"Region__c": "EMEA"}');
  });

  test('keeps everything out when the file holds fewer rows than Billing counted', async () => {
    const { loadObject } = await import('../../../src/store/load/load-object.ts');
    const { Readable } = await import('node:stream');
    const { objectOf } = await import('../../../src/domain/catalogue/catalogue.ts');
    const { run } = await syncRows(database, {}, { entity, org: entity, complete: false });
    const broken = loadObject(database.pool, {
      run,
      entity,
      org: entity,
      object: objectOf('InvoiceItem'),
      destiny: { kind: 'lines' },
      files: [{ id: 'cut', open: async () => Readable.from([Buffer.from('Id,ChargeAmount\n1,5\n')]) }],
      recordCount: '2',
      readHeader: () => [
        { kind: 'field', field: 'Id' },
        { kind: 'field', field: 'ChargeAmount' },
      ],
      onBytes: () => undefined,
    });
    await expect(broken).rejects.toMatchObject({ code: 'RECORD_COUNT_MISMATCH', fate: 'retry' });
    expect(await stored('id', '1')).toBeUndefined();
  });

  describe('by Data Query', () => {
    const PRICES = 'ChargeContractualValueAllCharges';
    const header = 'rateplanchargeid,subscriptionid,amount,elp,updateddate';
    const whole = {
      Id: 'ccv1',
      RatePlanChargeId: 'rpc1',
      Amount: '10',
      Elp: '12',
      Currency: 'USD',
      Region__c: 'EMEA',
      UpdatedDate: '2024-01-01T00:00:00Z',
    };
    const slices = (...texts: string[]) =>
      inRun(database, entity, (run) =>
        loadFiles(
          database,
          run,
          PRICES,
          texts.map((text, at) => fileOf(`job-${at}`, `${header}\n${text}\n`)),
          { recordCount: String(texts.length), source: 'data-query' },
        ),
      );
    const prices = () => storedRows(database, entity, 'charge_contractual_value_all_charges');

    test('a changed row keeps what the query did not ask for', async () => {
      await inRun(database, entity, (run) => loadOne(database, run, PRICES, [whole]));
      const [before] = await prices();
      expect(await slices('rpc1,sub1,11.500000000,12.000000000,2024-01-02T00:00:00Z')).toMatchObject({
        changed: '1',
      });
      expect(await prices()).toEqual([
        {
          ...before,
          fingerprint: expect.anything(),
          amount: 11.5,
          subscription_id: 'sub1',
          updated_date: '2024-01-02T00:00:00+00:00',
        },
      ]);
      expect(before).toMatchObject({ currency: 'USD', record_id: 'ccv1', custom: { Region__c: 'EMEA' } });
    });

    test('an export without custom fields takes them away, as it asked for all there are', async () => {
      await inRun(database, entity, (run) => loadOne(database, run, PRICES, [whole]));
      const { Region__c: _, ...without } = whole;
      await inRun(database, entity, (run) => loadOne(database, run, PRICES, [without]));
      expect((await prices())[0]).not.toHaveProperty('custom');
    });

    test('slices are one load, and a row in two of them counts once', async () => {
      const counts = await slices('rpc1,sub1,1,1,2024-01-01T00:00:00Z', 'rpc1,sub1,2,1,2024-01-02T00:00:00Z');
      expect(counts).toMatchObject({ extracted: '2', changed: '1', replaced: '1' });
      expect(await prices()).toMatchObject([{ id: 'rpc1', amount: 2 }]);
    });

    test('is a load of its own beside the export of the same run, and adds to its balance', async () => {
      await inRun(database, entity, async (run) => {
        await loadOne(database, run, PRICES, [whole]);
        const other = [{ ...whole, Id: 'ccv2', RatePlanChargeId: 'rpc2' }];
        for (const times of [1, 2])
          expect(
            await loadOne(database, run, PRICES, other, { source: 'data-query' }),
            `time ${times}`,
          ).toMatchObject({ changed: '1' });
        expect(await extracts(database, run)).toMatchObject({
          export: { changed: '1' },
          'data-query': { changed: '1' },
        });
        expect(await balanceOf(database, run)).toEqual({
          [`${PRICES} count`]: { extracted: '2', reference: '2' },
        });
      });
    });

    test.each([
      '2024-01-02 03:04:05.678 -08:00',
      '2024-01-02 11:04:05.678 UTC',
      '2024-01-02 03:04:05.678 America/Los_Angeles',
      '2024-01-02T03:04:05.678-08:00',
    ])('reads an instant written as %s', async (instant) => {
      // An amount with an exponent has its row looked at closely.
      await slices(`rpc1,sub1,1E+1,1,${instant}`);
      expect((await prices()).map((row) => [row['id'], row['updated_date']])).toEqual([
        ['rpc1', '2024-01-02T11:04:05.678+00:00'],
      ]);
    });
  });
});
