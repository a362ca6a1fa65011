import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { objectOf } from '../../../src/domain/catalogue/catalogue.ts';
import { markVanished } from '../../../src/store/load/vanished.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { sampleTenant } from '../../support/sample-tenant.ts';
import { syncRows } from '../../support/sync-rows.ts';
import {
  balanceOf,
  extracts,
  fileOf,
  inRun,
  load,
  opened,
  readHeader,
  showKeys,
  storedRows,
  tellDeleted,
} from './load-ground.ts';

const row = (id: string, more: Record<string, string | null> = {}) => ({
  Id: id,
  UpdatedDate: '2024-01-01T00:00:00Z',
  ...more,
});
const ids = (count: number, from = 0) => Array.from({ length: count }, (_, at) => `id-${at + from}`);

let database: TestDatabase;
let entity = '';
let entities = 0;
beforeAll(async () => void (database = await openTestDatabase()));
beforeEach(() => void (entity = `entity-${(entities += 1)}`));
afterAll(() => database.close());

const loaded = (name: string, rows: Record<string, string | null>[], more = {}) =>
  inRun(database, entity, (run) => load(database, run, name, rows, more));
const living = async (table: string) =>
  (await storedRows(database, entity, table)).flatMap((each) =>
    each['deleted'] === true ? [] : [each['id']],
  );

describe('markVanished', () => {
  const shown = (...keys: string[]) =>
    inRun(database, entity, (run) => showKeys(database, run, 'InvoiceItem', keys));

  test('makes tombstones of the rows whose key is gone', async () => {
    await loaded('InvoiceItem', [row('1'), row('2'), row('3')]);
    expect(await shown('1', '3', 'not-here-yet')).toEqual({ changed: '1', returned: '0' });
    expect(await living('invoice_item')).toEqual(['1', '3']);
  });

  test('does so once a run, and counts it in the balance', async () => {
    await loaded('InvoiceItem', [row('1', { ChargeAmount: '4' }), row('2')]);
    await inRun(database, entity, async (run) => {
      await showKeys(database, run, 'InvoiceItem', ['2']);
      expect(await showKeys(database, run, 'InvoiceItem', [])).toEqual({ changed: '1', returned: '0' });
      expect(await extracts(database, run)).toMatchObject({ vanished: { extracted: '1', changed: '1' } });
      expect(await balanceOf(database, run)).toEqual({
        'InvoiceItem count': { extracted: '1', excluded: '1', deleted: '1' },
        'InvoiceItem amount': { extracted: '4', excluded: '4', deleted: '4' },
      });
    });
    expect(await living('invoice_item')).toEqual(['2']);
  });

  test('leaves what the run itself brought: the keys may be older than that', async () => {
    await loaded('InvoiceItem', [row('old'), row('changed')]);
    await inRun(database, entity, async (run) => {
      await load(database, run, 'InvoiceItem', [row('new'), row('changed', { ChargeAmount: '1' })]);
      await showKeys(database, run, 'InvoiceItem', []);
    });
    expect(await living('invoice_item')).toEqual(['changed', 'new']);
  });

  test('leaves other entities alone', async () => {
    await loaded('InvoiceItem', [row('1')]);
    const other = `${entity}-other`;
    await inRun(database, other, (run) => load(database, run, 'InvoiceItem', [row('1'), row('2')]));
    await shown();
    expect(await living('invoice_item')).toEqual([]);
    expect(await storedRows(database, other, 'invoice_item')).toMatchObject([
      { deleted: false },
      { deleted: false },
    ]);
  });

  test('compares an object by its own key, or by its Id where the file has only that', async () => {
    const name = 'ChargeContractualValueAllCharges';
    const price = (charge: string, id: string | null) => ({
      ...row(charge),
      Id: id,
      RatePlanChargeId: charge,
    });
    const compare = (header: string, ...lines: string[]) =>
      inRun(database, entity, (run) =>
        markVanished(database.pool, {
          ...run,
          object: objectOf(name),
          files: [fileOf('keys', [header, ...lines].join('\n'))],
          recordCount: String(lines.length),
          readHeader: readHeader(name),
          onBytes: () => undefined,
        }),
      );
    await loaded(name, [price('rpc1', 'ccv1'), price('rpc2', 'ccv2'), price('rpc3', null)]);
    expect(await compare('Id', 'ccv1')).toEqual({ changed: '1', returned: '0' });
    expect(await living('charge_contractual_value_all_charges')).toEqual(['rpc1', 'rpc3']);
    expect(await compare('RatePlanCharge.Id', 'rpc3')).toEqual({ changed: '1', returned: '0' });
    expect(await living('charge_contractual_value_all_charges')).toEqual(['rpc3']);
  });

  test.each([
    ['lacks the key', 'Balance\n1\n'],
    ['has rows without a key', 'Id,Balance\n1,5\n,5\n'],
  ])('refuses a file that %s', async (why, text) => {
    await loaded('InvoiceItem', [row('1'), row('2')]);
    const comparing = inRun(database, entity, (run) =>
      markVanished(database.pool, {
        ...run,
        object: objectOf('InvoiceItem'),
        files: [fileOf('keys', text)],
        recordCount: String(text.trim().split('\n').length - 1),
        readHeader: readHeader('InvoiceItem'),
        onBytes: () => undefined,
      }),
    );
    await expect(comparing).rejects.toMatchObject({ code: 'BILLING_FILE_UNREADABLE' });
    await expect(comparing).rejects.toThrow(why.replace('the key', 'Id'));
    expect(await living('invoice_item')).toEqual(['1', '2']);
  });

  test('refuses another number of keys than Billing counted', async () => {
    await loaded('InvoiceItem', [row('1')]);
    const run = await opened(database, entity);
    const comparing = markVanished(database.pool, {
      ...run,
      object: objectOf('InvoiceItem'),
      files: [fileOf('keys', 'Id\n')],
      recordCount: '1',
      readHeader: readHeader('InvoiceItem'),
      onBytes: () => undefined,
    });
    await expect(comparing).rejects.toMatchObject({ code: 'RECORD_COUNT_MISMATCH' });
    expect(await living('invoice_item')).toEqual(['1']);
  });

  describe('when much is gone', () => {
    test.each([
      ['just a fifth of 100', 100, 80, true],
      ['more than a fifth of 101', 101, 80, false],
      ['most of a few, fewer than 20', 24, 5, true],
      ['most of a few, 20 of them', 24, 4, false],
      ['all of 5', 5, 0, false],
      ['all of 4', 4, 0, true],
    ])('%s: marks it or stops', async (_what, rows, left, marks) => {
      await loaded(
        'InvoiceItem',
        ids(rows).map((id) => row(id)),
      );
      const comparing = shown(...ids(left));
      if (marks) expect(await comparing).toEqual({ changed: String(rows - left), returned: '0' });
      else await expect(comparing).rejects.toMatchObject({ code: 'KEYS_VANISHED', fate: 'fix-input' });
      expect(await living('invoice_item')).toHaveLength(marks ? left : rows);
    });

    test('says how much, changes nothing and can be tried again', async () => {
      await loaded(
        'InvoiceItem',
        ids(150).map((id) => row(id)),
      );
      const run = await opened(database, entity);
      await expect(showKeys(database, run, 'InvoiceItem', ids(20))).rejects.toThrow(
        '130 of 150 rows of InvoiceItem are no longer in Billing.',
      );
      expect(await balanceOf(database, run)).toEqual({});
      expect(await showKeys(database, run, 'InvoiceItem', ids(149))).toEqual({ changed: '1', returned: '0' });
    });

    test('what is a tombstone already does not count', async () => {
      await loaded(
        'InvoiceItem',
        ids(100).map((id) => row(id)),
      );
      expect(await shown(...ids(80))).toMatchObject({ changed: '20' });
      await expect(shown(...ids(60))).rejects.toThrow('20 of 80 rows');
      expect(await shown(...ids(64))).toMatchObject({ changed: '16' });
    });

    test('what the run itself brought counts as missing, too: all is all', async () => {
      await loaded('InvoiceItem', [row('1'), row('2'), row('3')]);
      const comparing = inRun(database, entity, async (run) => {
        await load(database, run, 'InvoiceItem', [row('4'), row('5')]);
        return showKeys(database, run, 'InvoiceItem', []);
      });
      await expect(comparing).rejects.toThrow('5 of 5 rows');
    });

    test('what to do about it fits where the page shows it', async () => {
      await loaded(
        'InvoiceItem',
        ids(5).map((id) => row(id)),
      );
      const error = await shown().catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ remedy: expect.stringMatching(/^.{1,140}$/) });
      expect(error).toMatchObject({ remedy: expect.stringMatching(/`retry`.*`skip`/) });
    });
  });

  describe('of a tombstone whose key is there', () => {
    const history = async () =>
      (
        await sql<{ id: string; deleted: boolean }>`
          select id, (content ->> 'deleted')::boolean as deleted from prestaging.history
          where entity = ${entity} order by replaced_run, id`.execute(database.db)
      ).rows;

    test('lets it live again as it was, and keeps the tombstone in history', async () => {
      await loaded('InvoiceItem', [row('1', { ChargeAmount: '4', Region__c: 'EMEA' }), row('2')]);
      const [before] = await storedRows(database, entity, 'invoice_item');
      await shown('2');
      expect(await shown('1', '2')).toEqual({ changed: '0', returned: '1' });
      const [after] = await storedRows(database, entity, 'invoice_item');
      expect(after).toEqual({ ...before, fingerprint: after?.['fingerprint'] });
      expect(await history()).toEqual([
        { id: '1', deleted: false },
        { id: '1', deleted: true },
      ]);
    });

    test('takes what comes of it next for a change, and then for unchanged', async () => {
      await loaded('InvoiceItem', [row('1'), row('2')]);
      await shown('2');
      await shown('1', '2');
      expect(await loaded('InvoiceItem', [row('1'), row('2')])).toMatchObject({
        changed: '1',
        unchanged: '1',
      });
      expect(await loaded('InvoiceItem', [row('1'), row('2')])).toMatchObject({ unchanged: '2' });
      expect(await history()).toHaveLength(2);
    });

    test('can be buried and come back any number of times', async () => {
      await loaded('InvoiceItem', [row('1'), row('2')]);
      const comings = [await shown('2'), await shown('1', '2'), await shown('2'), await shown('1', '2')];
      expect(comings.map(({ changed, returned }) => [changed, returned])).toEqual([
        ['1', '0'],
        ['0', '1'],
        ['1', '0'],
        ['0', '1'],
      ]);
      expect(await living('invoice_item')).toEqual(['1', '2']);
    });

    test('lets what the export itself told deleted live again, too, in a later run', async () => {
      await loaded('InvoiceItem', [row('1'), row('2')]);
      await loaded('InvoiceItem', [row('1', { Deleted: 'true' })]);
      expect(await shown('1', '2')).toEqual({ changed: '0', returned: '1' });
    });

    test('believes the export when it tells the same deletion again', async () => {
      const told = () => loaded('InvoiceItem', [row('1', { Deleted: 'true' })]);
      await loaded('InvoiceItem', [row('1'), row('2')]);
      await told();
      await shown('1', '2');
      expect(await told()).toMatchObject({ changed: '1' });
      expect(await living('invoice_item')).toEqual(['2']);
    });

    test.each(['the export', 'Data Query'])(
      'leaves what %s told deleted in this very run',
      async (teller) => {
        await loaded('InvoiceItem', [row('1'), row('2')]);
        await inRun(database, entity, async (run) => {
          if (teller === 'Data Query') await tellDeleted(database, run, 'InvoiceItem', ['1']);
          else await load(database, run, 'InvoiceItem', [row('1', { Deleted: 'true' })]);
          expect(await showKeys(database, run, 'InvoiceItem', ['1', '2'])).toEqual({
            changed: '0',
            returned: '0',
          });
        });
        expect(await living('invoice_item')).toEqual(['2']);
      },
    );

    test('leaves the tombstones of other entities alone', async () => {
      await loaded('InvoiceItem', [row('1'), row('2')]);
      await shown('2');
      const other = `${entity}-other`;
      await inRun(database, other, (run) => showKeys(database, run, 'InvoiceItem', ['1']));
      expect(await living('invoice_item')).toEqual(['2']);
    });

    test('counts it apart from what vanished, once a run, and answers the same again', async () => {
      await loaded('InvoiceItem', [row('1'), row('2')]);
      await shown('2');
      await inRun(database, entity, async (run) => {
        expect(await showKeys(database, run, 'InvoiceItem', ['1'])).toEqual({ changed: '1', returned: '1' });
        expect(await showKeys(database, run, 'InvoiceItem', ['2'])).toEqual({ changed: '1', returned: '1' });
        expect(await extracts(database, run)).toMatchObject({
          vanished: { extracted: '1', changed: '1' },
          returned: { extracted: '1', changed: '1' },
        });
      });
      expect(await living('invoice_item')).toEqual(['1']);
    });

    test.each([
      ['Product', { reference: '1' }],
      ['CreditBalanceAdjustment', { excluded: '1', 'unsupported-object': '1' }],
    ])('counts a row of %s in the class that its changes end in', async (name, ending) => {
      await loaded(name, [row('1'), row('2')]);
      await inRun(database, entity, (run) => showKeys(database, run, name, ['2']));
      await inRun(database, entity, async (run) => {
        await showKeys(database, run, name, ['1', '2']);
        expect(await balanceOf(database, run)).toMatchObject({
          [`${name} count`]: { extracted: '1', ...ending },
        });
      });
    });

    test('brings back its line, in a balance that is equal', async () => {
      const tenant = sampleTenant();
      const items = (tenant['InvoiceItem'] ?? []).map(({ Id }) => Id ?? '');
      const [first = '', ...others] = items;
      const keys = (...shownIds: string[]) =>
        syncRows(
          database,
          {},
          {
            entity,
            org: entity,
            beside: (run) => showKeys(database, run, 'InvoiceItem', shownIds),
          },
        );
      const lines = async () =>
        (
          await sql<{ id: string; status: string; amount: string }>`
            select l.id, s.status, l.ext_sell_price as amount from staging.line as l
            join staging.line_state as s on s.entity = l.entity and s.id = l.id
            where l.entity = ${entity} order by l.id`.execute(database.db)
        ).rows;
      const findings = () =>
        database.db
          .selectFrom('staging.finding')
          .select('source_id')
          .where('entity', '=', entity)
          .where('resolved_at', 'is', null)
          .execute();
      await syncRows(database, tenant, { entity, org: entity });
      const before = await lines();

      await keys(...others);
      expect(await findings()).toEqual([{ source_id: first }]);
      expect((await lines()).map(({ status }) => status)).toContain('superseded');

      const { balance } = await keys(...items);
      expect(await lines()).toEqual(before);
      expect(await findings()).toEqual([]);
      expect(balance.unequal).toEqual([]);
      expect(balance.rows.find((each) => each.measure === 'count')).toMatchObject({
        object: 'InvoiceItem',
        extracted: '1',
        staged: '1',
      });
    });
  });
});

describe('loadObject with every row there is', () => {
  const whole = (...rows: Record<string, string | null>[]) => loaded('Product', rows, { vanish: true });

  test('makes tombstones of what is not in the file', async () => {
    await whole(row('1'), row('2'));
    expect(await whole(row('2'), row('3'))).toMatchObject({ extracted: '2', changed: '1', unchanged: '1' });
    expect(await living('product')).toEqual(['2', '3']);
  });

  test('counts them apart from what the file held', async () => {
    await whole(row('1'), row('2'));
    await inRun(database, entity, async (run) => {
      await load(database, run, 'Product', [row('1')], { vanish: true });
      expect(await extracts(database, run)).toMatchObject({
        export: { extracted: '1', changed: '0' },
        vanished: { extracted: '1', changed: '1' },
      });
      expect(await balanceOf(database, run)).toEqual({
        'Product count': { extracted: '2', unchanged: '1', excluded: '1', deleted: '1' },
      });
    });
  });

  test('lets what comes back live again', async () => {
    await whole(row('1'), row('2'));
    await whole(row('1'));
    expect(await whole(row('1'), row('2'))).toMatchObject({ changed: '1', unchanged: '1' });
    expect(await living('product')).toEqual(['1', '2']);
  });

  test('takes a rejected row for present, and compares nothing where a row lacks its key', async () => {
    await whole(row('1'), row('2'), row('3'));
    expect(await whole(row('1'), row('2', { EffectiveStartDate: 'soon' }))).toMatchObject({ rejected: '1' });
    expect(await living('product')).toEqual(['1', '2']);
    expect(await whole(row('1'), { ...row('2'), Id: null })).toMatchObject({ rejected: '1' });
    expect(await living('product')).toEqual(['1', '2']);
  });

  test('compares nothing without being asked to', async () => {
    await loaded('Product', [row('1'), row('2')]);
    await loaded('Product', [row('2')]);
    expect(await living('product')).toEqual(['1', '2']);
  });

  test('keeps nothing of the file when too much would vanish', async () => {
    await whole(...ids(120).map((id) => row(id)));
    await expect(whole(row('new'))).rejects.toMatchObject({ code: 'KEYS_VANISHED' });
    expect(await living('product')).toHaveLength(120);
  });
});
