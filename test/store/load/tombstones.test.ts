import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { objectOf } from '../../../src/domain/catalogue/catalogue.ts';
import { completeRun } from '../../../src/store/runs.ts';
import { markDeleted } from '../../../src/store/load/tombstones.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { sampleTenant } from '../../support/sample-tenant.ts';
import { syncRows } from '../../support/sync-rows.ts';
import { balanceOf, extracts, fileOf, inRun, load, opened, storedRows, tellDeleted } from './load-ground.ts';

const item = (id: string, more: Record<string, string | null> = {}) => ({
  Id: id,
  ChargeAmount: '10.00',
  TransactionCurrency: 'USD',
  UpdatedDate: '2024-01-01T00:00:00Z',
  ...more,
});

describe('markDeleted', () => {
  let database: TestDatabase;
  let entity = '';
  let entities = 0;
  beforeAll(async () => void (database = await openTestDatabase()));
  beforeEach(() => void (entity = `entity-${(entities += 1)}`));
  afterAll(() => database.close());

  const loaded = (...rows: ReturnType<typeof item>[]) =>
    inRun(database, entity, (run) => load(database, run, 'InvoiceItem', rows));
  const told = (...ids: string[]) =>
    inRun(database, entity, (run) => tellDeleted(database, run, 'InvoiceItem', ids));
  const deleted = async () =>
    Object.fromEntries(
      (await storedRows(database, entity, 'invoice_item')).map((row) => [row['id'], row['deleted']]),
    );
  const history = async () => {
    const { rows } = await sql<{ id: string; deleted: boolean }>`
      select id, (content ->> 'deleted')::boolean as deleted from prestaging.history
      where entity = ${entity} order by id`.execute(database.db);
    return rows;
  };

  test('makes tombstones of the rows that are told, and of no others', async () => {
    await loaded(item('1'), item('2'));
    expect(await told('2', 'never-here')).toEqual({ changed: '1', unknown: '1' });
    expect(await deleted()).toEqual({ 1: false, 2: true });
  });

  test('keeps what the row said, and the living version in history', async () => {
    await loaded(item('1', { Region__c: 'EMEA' }));
    const [before] = await storedRows(database, entity, 'invoice_item');
    await told('1');
    const [after] = await storedRows(database, entity, 'invoice_item');
    expect(after).toEqual({ ...before, deleted: true, fingerprint: after?.['fingerprint'] });
    expect(await history()).toEqual([{ id: '1', deleted: false }]);
  });

  test('changes nothing when it is told the same again by a later run', async () => {
    await loaded(item('1'));
    await told('1');
    const before = await storedRows(database, entity, 'invoice_item');
    expect(await told('1', '1')).toEqual({ changed: '0', unknown: '0' });
    expect(await storedRows(database, entity, 'invoice_item')).toEqual(before);
    expect(await history()).toHaveLength(1);
  });

  test('is done once a run, and answers the same', async () => {
    await loaded(item('1'), item('2'));
    const run = await opened(database, entity);
    await tellDeleted(database, run, 'InvoiceItem', ['1']);
    expect(await tellDeleted(database, run, 'InvoiceItem', ['1', '2'])).toEqual({
      changed: '1',
      unknown: null,
    });
    expect(await deleted()).toEqual({ 1: true, 2: false });
    expect(await extracts(database, run)).toEqual({
      deleted: { file_id: 'InvoiceItem-deleted', extracted: '1', changed: '1' },
    });
  });

  test('lets a row live again that a later export has, with the content it had before', async () => {
    await loaded(item('1'));
    await told('1');
    expect(await loaded(item('1'))).toMatchObject({ changed: '1' });
    expect(await deleted()).toEqual({ 1: false });
    expect(await history()).toEqual([
      { id: '1', deleted: false },
      { id: '1', deleted: true },
    ]);
  });

  test.each(['rows first', 'deletions first'])('wins over the export of the same run, %s', async (order) => {
    await loaded(item('1'), item('2'));
    await inRun(database, entity, async (run) => {
      const rows = () =>
        load(database, run, 'InvoiceItem', [
          item('1'),
          item('2', { ChargeAmount: '12', UpdatedDate: '2024-01-02T00:00:00Z' }),
        ]);
      if (order === 'rows first') await rows();
      await tellDeleted(database, run, 'InvoiceItem', ['1', '2']);
      if (order !== 'rows first') await rows();
    });
    const rows = await storedRows(database, entity, 'invoice_item');
    expect(rows.map((row) => [row['deleted'], row['charge_amount']])).toEqual([
      [true, 10],
      [true, 12],
    ]);
    const kept = await history();
    expect(kept.map(({ id }) => id)).toEqual(['1', '2', '2']);
    expect(kept.every((each) => !each.deleted)).toBe(true);
  });

  test('knows rows by their Id where Billing keys them by something else', async () => {
    const price = { Id: 'ccv1', RatePlanChargeId: 'rpc1', Amount: '5', UpdatedDate: '2024-01-01T00:00:00Z' };
    const name = 'ChargeContractualValueAllCharges';
    await inRun(database, entity, (run) =>
      load(database, run, name, [price, { ...price, Id: 'ccv2', RatePlanChargeId: 'rpc2' }]),
    );
    await inRun(database, entity, (run) => tellDeleted(database, run, name, ['ccv2', 'rpc1']));
    const rows = await storedRows(database, entity, 'charge_contractual_value_all_charges');
    expect(rows.map((row) => [row['id'], row['deleted']])).toEqual([
      ['rpc1', false],
      ['rpc2', true],
    ]);
  });

  test.each([
    ['a file without ids', 'updateddate\n2024-01-01\n', '1', 'BILLING_FILE_UNREADABLE'],
    ['another number of rows than Billing counted', 'id\n1\n', '2', 'RECORD_COUNT_MISMATCH'],
  ])('refuses %s', async (_what, text, recordCount, code) => {
    await loaded(item('1'));
    const telling = inRun(database, entity, (run) =>
      markDeleted(database.pool, {
        ...run,
        object: objectOf('InvoiceItem'),
        files: [fileOf('f', text)],
        recordCount,
        onBytes: () => undefined,
      }),
    );
    await expect(telling).rejects.toMatchObject({ code });
    expect(await deleted()).toEqual({ 1: false });
  });

  test('writes nothing for a run that is over', async () => {
    await loaded(item('1'));
    const run = await opened(database, entity);
    await completeRun(database.db, run.run, 'completed');
    await expect(tellDeleted(database, run, 'InvoiceItem', ['1'])).rejects.toMatchObject({
      code: 'RUN_IS_OVER',
    });
    expect(await deleted()).toEqual({ 1: false });
  });

  describe('when Billing lists rows that live', () => {
    const many = (count: number, from = 0) => Array.from({ length: count }, (_, at) => `id-${at + from}`);
    const refused = (reason: string) => ({
      code: 'DELETES_IMPLAUSIBLE',
      fate: 'fix-input',
      message: reason,
      remedy: expect.stringMatching(/^.{1,140}$/),
    });

    test.each([
      ['just a fifth of 100', 100, 20, true],
      ['more than a fifth of 99', 99, 20, false],
      ['most of a few, fewer than 20', 24, 19, true],
      ['all of 5', 5, 5, false],
      ['all of 4', 4, 4, true],
    ])('%s: marks them or stops', async (_what, rows, count, marks) => {
      await loaded(...many(rows).map((id) => item(id)));
      const telling = told(...many(count));
      const reason = `Billing lists ${count} of ${rows} living rows of InvoiceItem as deleted.`;
      if (marks) expect(await telling).toMatchObject({ changed: String(count) });
      else await expect(telling).rejects.toMatchObject(refused(reason));
      expect(Object.values(await deleted()).filter(Boolean)).toHaveLength(marks ? count : 0);
    });

    test.each([
      ['3 of 3', 3, 0, true],
      ['4 of 39', 4, 35, false],
      ['4 of 40', 4, 36, true],
    ])('%s that this run brought as living: marks them or stops', async (what, own, strangers, marks) => {
      await loaded(...many(50, 100).map((id) => item(id)));
      const telling = inRun(database, entity, async (run) => {
        await load(
          database,
          run,
          'InvoiceItem',
          many(own).map((id) => item(id)),
        );
        return tellDeleted(database, run, 'InvoiceItem', [...many(own), ...many(strangers, 1000)]);
      });
      const reason = `${what} rows of InvoiceItem that Billing lists as deleted are living in its export.`;
      if (marks) expect(await telling).toMatchObject({ changed: String(own) });
      else await expect(telling).rejects.toMatchObject(refused(reason));
      expect(Object.values(await deleted()).filter(Boolean)).toHaveLength(marks ? own : 0);
    });

    test('changes nothing, and can be told better by the same run', async () => {
      await loaded(...many(5).map((id) => item(id)));
      await inRun(database, entity, async (run) => {
        await expect(tellDeleted(database, run, 'InvoiceItem', many(5))).rejects.toThrow('5 of 5');
        expect(await balanceOf(database, run)).toEqual({});
        expect(await tellDeleted(database, run, 'InvoiceItem', ['id-0'])).toMatchObject({ changed: '1' });
      });
    });
  });

  describe('in the balance', () => {
    test('a tombstone is a row extracted and excluded, in its own currency, beside what the export brought', async () => {
      await loaded(item('1', { ChargeAmount: '7.50' }), item('2'));
      await inRun(database, entity, async (run) => {
        await load(database, run, 'InvoiceItem', [item('2')]);
        await tellDeleted(database, run, 'InvoiceItem', ['1']);
        expect(await balanceOf(database, run)).toEqual({
          'InvoiceItem count USD': { extracted: '2', unchanged: '1', excluded: '1', deleted: '1' },
          'InvoiceItem amount USD': { extracted: '17.5', unchanged: '10', excluded: '7.5', deleted: '7.5' },
        });
      });
    });

    test('an object that drives no line has counts only', async () => {
      await inRun(database, entity, (run) => load(database, run, 'Product', [{ Id: 'p' }, { Id: 'q' }]));
      await inRun(database, entity, async (run) => {
        await tellDeleted(database, run, 'Product', ['p']);
        expect(await balanceOf(database, run)).toEqual({
          'Product count': { extracted: '1', excluded: '1', deleted: '1' },
        });
      });
    });

    test.each([
      ['rows first', { superseded: '1', deleted: '1', excluded: '2' }],
      ['deletions first', { superseded: '1', deleted: '1', excluded: '2' }],
    ])('is equal for a row that the same run brought, %s', async (order, exclusions) => {
      const tenant = sampleTenant();
      await syncRows(database, tenant, { entity, org: entity });
      const changed: Record<string, string | null> = { ...tenant['InvoiceItem']?.[0], ChargeAmount: '77.00' };
      const tell = (run: Parameters<typeof tellDeleted>[1]) =>
        tellDeleted(database, run, 'InvoiceItem', [changed['Id'] ?? '']);
      const bring = (run: Parameters<typeof tellDeleted>[1]) => load(database, run, 'InvoiceItem', [changed]);
      const { balance } = await syncRows(
        database,
        {},
        {
          entity,
          org: entity,
          beside: async (run) => {
            for (const step of order === 'rows first' ? [bring, tell] : [tell, bring]) await step(run);
          },
        },
      );
      expect(balance.unequal).toEqual([]);
      const counts = balance.rows.find((row) => row.object === 'InvoiceItem' && row.measure === 'count');
      expect(counts).toMatchObject({
        extracted: '2',
        excluded: exclusions.excluded,
        exclusions: { superseded: exclusions.superseded, deleted: exclusions.deleted },
      });
    });
  });
});
