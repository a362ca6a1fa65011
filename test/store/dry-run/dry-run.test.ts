import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import type { TemplateType } from '../../../src/domain/mapping/transaction-template.ts';
import { digest } from '../../../src/store/digest.ts';
import { dryRun } from '../../../src/store/dry-run/dry-run.ts';
import { abortRun, openRun } from '../../../src/store/runs.ts';
import { defaultTemplates } from '../../../src/store/templates.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { changedTemplate, notKept, predicted, provenRight, rowsWith } from '../../support/dry-runs.ts';
import { keptDefault } from '../../support/kept-templates.ts';
import { openReader } from '../../support/reader.ts';
import { adjustment, memo } from '../../support/rich-tenant.ts';
import { changedRow, sampleTenant, withChanged } from '../../support/sample-tenant.ts';
import { usedSetup } from '../../support/setups.ts';
import { changesOf, stagedLines } from '../../support/staged-lines.ts';
import { collectOrg, loadRows, recordTenant, type Rows, syncRows } from '../../support/sync-rows.ts';

const REGION = { from: 'RatePlanCharge.Region__c', to: 'ATR1', type: 'Character' } as const;
const UNCHANGED = { added: '0', removed: '0', changed: '0', addedSample: [], removedSample: [], retyped: [] };

/** The sample with a region on its charge, and a second customer in another currency with nothing but an item. */
function twoCurrencies(): Rows {
  const tenant = withChanged(sampleTenant(), 'RatePlanCharge', 'rpc1', { Region__c: 'EMEA' });
  const [account = {}, ...accounts] = tenant['Account'] ?? [];
  const [invoice = {}] = tenant['Invoice'] ?? [];
  const [item = {}, ...items] = tenant['InvoiceItem'] ?? [];
  return {
    ...tenant,
    Account: [account, ...accounts, { ...account, Id: 'euro', AccountNumber: 'A-3', Currency: 'EUR' }],
    Invoice: [invoice, { ...invoice, Id: 'inv2', InvoiceNumber: 'INV-2', AccountId: 'euro' }],
    InvoiceItem: [
      item,
      ...items,
      {
        ...item,
        Id: 'item3',
        InvoiceId: 'inv2',
        AccountId: 'euro',
        ChargeAmount: '70.50',
        ExchangeRate: '2',
      },
    ],
  };
}

/** The sample without its billings, and a second subscription of the same customer. */
function twoSubscriptions(): Record<'first' | 'second', Rows> {
  const tenant = withChanged(sampleTenant(), 'RatePlanCharge', 'rpc1', { Region__c: 'EMEA' });
  const booked = ['Subscription', 'RatePlan', 'RatePlanCharge', 'ChargeContractualValueAllCharges'] as const;
  const ids = new Set(booked.flatMap((object) => (tenant[object] ?? []).map(({ Id }) => Id)));
  const other = (value: unknown): unknown =>
    ids.has(value as string) || value === 'orig' || value === 'S-1' ? `${String(value)}-other` : value;
  const renamed = booked.map((object) => [
    object,
    (tenant[object] ?? []).map((row) =>
      Object.fromEntries(Object.entries(row).map(([field, value]) => [field, other(value)])),
    ),
  ]);
  return { first: { ...tenant, InvoiceItem: [] }, second: Object.fromEntries(renamed) as Rows };
}

describe('a dry run', () => {
  let database: TestDatabase;
  let entity = '';
  let entities = 0;
  beforeAll(async () => void (database = await openTestDatabase()));
  beforeEach(() => void (entity = `entity-${(entities += 1)}`));
  afterAll(() => database.close());

  const sync = (rows: Rows, of = entity) => syncRows(database, rows, { entity: of, org: of });
  const changed = (type: TemplateType, ...change: Parameters<typeof changedTemplate>[2][]) =>
    changedTemplate(type, entity, ...change);
  const proven = (after: Parameters<typeof provenRight>[2]) => provenRight(database, entity, after);

  describe('says what the next sync does', () => {
    test('by a row more: the lines that have a value get it', async () => {
      await sync(twoCurrencies());
      const { lines, fields, amounts } = await proven(changed('INV', { rows: rowsWith('INV', REGION) }));
      expect(lines).toMatchObject({ ...UNCHANGED, changed: '3', unchanged: '0' });
      expect(fields).toMatchObject([{ label: 'ATR1', lines: '3' }]);
      expect(fields[0]?.samples[0]).toEqual({ line: 'INV:item1', before: null, after: 'EMEA' });
      expect(amounts).toEqual([
        { type: 'INV', currency: 'EUR', lines: { before: '1', after: '1' }, before: '70.50', after: '70.50' },
        {
          type: 'INV',
          currency: 'USD',
          lines: { before: '2', after: '2' },
          before: '200.00',
          after: '200.00',
        },
      ]);
    });

    test('by another source of Ext Sell Price: what the lines come to', async () => {
      await sync(twoCurrencies());
      const quantity = { from: 'InvoiceItem.Quantity', to: 'Ext Sell Price', type: 'Number' } as const;
      const { fields, amounts } = await proven(changed('INV', { rows: rowsWith('INV', quantity) }));
      expect(fields.map(({ label }) => label)).toEqual([
        'Ext Sell Price',
        'Ext List Price',
        'Functional Ext Sell Price',
        'Reporting Ext Sell Price',
      ]);
      expect(fields.map(({ samples }) => samples.at(-1))).toEqual([
        { line: 'INV:item3', before: '70.50', after: '2.00' },
        { line: 'INV:item3', before: '70.50', after: '2.00' },
        { line: 'INV:item3', before: '141.00', after: '4.00' },
        { line: 'INV:item3', before: '141.00', after: '4.00' },
      ]);
      expect(amounts.map(({ before, after }) => [before, after])).toEqual([
        ['70.50', '2.00'],
        ['200.00', '4.00'],
      ]);
    });

    test('by a constant and a default', async () => {
      const regionless = withChanged(twoCurrencies(), 'InvoiceItem', 'item3', { RatePlanChargeId: null });
      await sync(regionless);
      const { fields } = await proven(
        changed('INV', {
          rows: rowsWith('INV', REGION),
          constants: [{ to: 'ATR2', type: 'Character', value: 'x' }],
          defaults: [{ to: 'ATR1', type: 'Character', value: 'unknown' }],
        }),
      );
      expect(fields[0]?.samples.map(({ line, after }) => [line, after])).toEqual([
        ['INV:item1', 'EMEA'],
        ['INV:item2', 'EMEA'],
        ['INV:item3', 'unknown'],
        ['SO:REVSYNC-item3@1', 'unknown'],
      ]);
    });

    test('by a filter that leaves rows out, and then by one that lets them in again', async () => {
      await sync(twoCurrencies());
      const out = await proven(changed('INV', { filter: "Account.Currency = 'USD'" }));
      expect(out.lines).toMatchObject({ ...UNCHANGED, removed: '1', removedSample: ['INV:item3'] });
      expect(out.amounts[0]).toMatchObject({ currency: 'EUR', before: '70.50', after: '0.00' });
      const back = await proven(changed('INV'));
      expect(back.lines).toMatchObject({
        ...UNCHANGED,
        added: '1',
        addedSample: ['INV:item3'],
        unchanged: '2',
      });
    });

    test('by rows that find nothing: the lines are withheld, and by those that do, released', async () => {
      await sync(twoCurrencies());
      const start = { from: 'InvoiceItem.RevRecStartDate', to: 'Revenue Start Date', type: 'Date' } as const;
      const { holds } = await proven(changed('INV', { rows: rowsWith('INV', start) }));
      const sample = ['INV:item1', 'INV:item2', 'INV:item3'];
      const none = { count: '0', sample: [] };
      expect(holds).toEqual([
        { limitation: 'missing-revenue-start-date', withheld: { count: '3', sample }, released: none },
      ]);
      expect((await proven(changed('INV'))).holds).toEqual([
        { limitation: 'missing-revenue-start-date', withheld: none, released: { count: '3', sample } },
      ]);
    });

    test('by a row that needs what never came: lines change in nothing but what holds them', async () => {
      const lost = { DeferredRevenueAccountingCodeId: 'nowhere' };
      await sync(withChanged(twoCurrencies(), 'ProductRatePlanCharge', 'prpc', lost));
      const code = {
        from: 'ProductRatePlanCharge.DeferredRevenueAccountingCode.Name',
        to: 'ATR1',
        type: 'Character',
      } as const;
      const { lines, fields, holds } = await proven(changed('INV', { rows: rowsWith('INV', code) }));
      expect([lines.changed, lines.unchanged, fields]).toEqual(['3', '0', []]);
      expect(holds).toMatchObject([{ limitation: 'orphan-accounting-code', withheld: { count: '3' } }]);
    });

    test('by the policy billRunCredits: credits of bill runs come back as another type', async () => {
      const source = { Source: 'BillRun', SourceType: 'Subscription' };
      await sync({ ...sampleTenant(), ...memo('CreditMemo', source) });
      const { lines } = await proven(changed('CM', { policies: { billRunCredits: 'CM-C' } }));
      expect(lines).toMatchObject({
        added: '1',
        removed: '1',
        retyped: [{ before: 'CM', after: 'CM-C', lines: '1' }],
      });
    });

    test('by the policy standaloneReference: SO lines are made, and go again', async () => {
      await sync({ ...sampleTenant(), InvoiceItemAdjustment: [adjustment()] });
      const { lines } = await proven(changed('IIA', { policies: { standaloneReference: 'remove' } }));
      expect(lines).toMatchObject({
        addedSample: ['INV:adj1', 'SO:REVSYNC-adj1@1'],
        removedSample: ['CM-C:adj1'],
        retyped: [{ before: 'CM-C', after: 'INV', lines: '1' }],
      });
      expect((await proven(changed('IIA'))).lines).toMatchObject({ added: '1', removed: '2' });
    });

    test('by the policy evergreen', async () => {
      await sync(withChanged(sampleTenant(), 'Subscription', 'sub1', { TermType: 'EVERGREEN' }));
      const { amounts } = await proven(changed('SO', { policies: { evergreen: 'ccv' } }));
      expect(amounts).toMatchObject([{ type: 'SO', before: '0.00', after: '1200.00' }]);
    });

    test('by the template that forms the lines already: nothing', async () => {
      await sync(twoCurrencies());
      const { lines, fields, holds } = await proven(changed('INV'));
      expect(lines).toMatchObject({ ...UNCHANGED, unchanged: '3' });
      expect([fields, holds]).toEqual([[], []]);
    });

    test('where nothing was ever billed: nothing', async () => {
      await sync(sampleTenant());
      const { lines, amounts } = await proven(changed('DM'));
      expect([lines, amounts]).toMatchObject([{ ...UNCHANGED, unchanged: '0' }, []]);
    });

    test('to lines that are collected: they stay, and their contract is not affected', async () => {
      await sync(sampleTenant());
      await collectOrg(database, entity);
      const quantity = { from: 'InvoiceItem.Quantity', to: 'Ext Sell Price', type: 'Number' } as const;
      const { lines, amounts, contracts } = await proven(changed('INV', { rows: rowsWith('INV', quantity) }));
      expect(lines).toMatchObject({ ...UNCHANGED, unchanged: '2', collected: '2' });
      expect(amounts.map(({ before, after }) => before === after)).toEqual([true]);
      expect(contracts).toEqual({ count: '0', sample: [] });
    });

    test('to lines that would be collected into a contract that is there: it is affected', async () => {
      const { InvoiceItem: items = [], ...rest } = twoCurrencies();
      await sync({ ...rest, InvoiceItem: items.slice(0, 1) });
      await collectOrg(database, entity);
      await sync({ InvoiceItem: items });
      const { contracts } = await proven(changed('INV', { rows: rowsWith('INV', REGION) }));
      const { rows } = await sql<{ id: string }>`
        select id from revenue.contract where org = ${entity}`.execute(database.db);
      expect(contracts).toEqual({ count: '1', sample: rows.map(({ id }) => id) });
    });

    test('to new bookings, which go where the grouping template of the organisation says', async () => {
      const { first, second } = twoSubscriptions();
      await usedSetup(database.db, 'grouping', {
        name: entity,
        org: entity,
        rules: [{ seq: 1, keys: ['Customer Number'] }],
      });
      await sync(first);
      await collectOrg(database, entity);
      await sync(second);
      const { lines, contracts } = await proven(changed('SO', { rows: rowsWith('SO', REGION) }));
      expect(lines).toMatchObject({ changed: '1', collected: '1' });
      expect(contracts.count).toBe('1');
    });
  });

  describe('of rows that no sync has formed yet', () => {
    /** Loads rows as a run does that is given up before it forms lines. */
    const loaded = async (of: string, rows: Rows, giveUp = true): Promise<string> => {
      await recordTenant(database, of, of);
      const opened = await openRun(database.db, {
        entity: of,
        org: of,
        owner: { workflowId: 'loads', runId: of },
        window: { from: null, to: '2024-02-15T00:00:00Z', lookBack: false, movesMark: true, selection: {} },
      });
      const run = opened?.run ?? '';
      for (const [object, some] of Object.entries(rows)) {
        await loadRows(database, { run, entity: of, org: of }, object, some);
      }
      if (giveUp) await abortRun(database.db, run, 'aborted');
      return run;
    };

    /** Two entities alike: one goes on with the default that it has, the other with the new one. */
    const twins = async (prepare: (of: string) => Promise<unknown>, after: ReturnType<typeof changed>) => {
      const other = `${entity}-twin`;
      for (const of of [entity, other]) await prepare(of);
      const dry = await predicted(database, entity, after);
      await keptDefault(database.db, { ...after, name: other, entity: other });
      const now = await stagedLines(database.db, entity, 'InvoiceItem');
      for (const of of [entity, other]) await sync({}, of);
      const [kept, switched] = [
        await stagedLines(database.db, entity, 'InvoiceItem'),
        await stagedLines(database.db, other, 'InvoiceItem'),
      ];
      const { lines, amounts, fields, holds } = dry;
      expect({ lines, amounts, fields, holds }).toEqual(changesOf(kept, switched));
      const { added, removed, changed: differ } = changesOf(now, kept).lines;
      expect(dry.pending).toEqual({ added, removed, changed: differ });
      return dry;
    };

    test('tells what either template does with them, and what the sync does to them anyway', async () => {
      const { InvoiceItem: items = [], ...rest } = twoCurrencies();
      const { lines, pending } = await twins(
        async (of) => {
          await sync({ ...rest, InvoiceItem: items.slice(0, 2) }, of);
          await loaded(of, {
            InvoiceItem: [items[2] ?? {}],
            ...changedRow('Account', 'acc', { Name: 'Renamed', UpdatedDate: '2024-01-06T00:00:00Z' }),
          });
        },
        changed('INV', { filter: "Account.Currency = 'USD'", rows: rowsWith('INV', REGION) }),
      );
      expect(lines).toMatchObject({ changed: '2', removed: '1' });
      expect(pending).toEqual({ added: '1', removed: '0', changed: '2' });
    });

    test('before the first sync compares what the two templates would form', async () => {
      const { lines, pending } = await twins(
        (of) => loaded(of, twoCurrencies()),
        changed('INV', { rows: rowsWith('INV', REGION) }),
      );
      expect([lines.changed, pending?.added]).toEqual(['3', '3']);
    });

    test('tells of collected lines which would be formed again and stopped', async () => {
      const quantity = { from: 'InvoiceItem.Quantity', to: 'Ext Sell Price', type: 'Number' } as const;
      const changedItem = { SKU: 'other', UpdatedDate: '2024-01-06T00:00:00Z' };
      const { lines, holds } = await twins(
        async (of) => {
          await sync(sampleTenant(), of);
          await collectOrg(database, of);
          await loaded(of, changedRow('InvoiceItem', 'item1', changedItem));
        },
        changed('INV', { rows: rowsWith('INV', quantity) }),
      );
      expect(lines).toMatchObject({ added: '1', addedSample: ['INV:item1#2'], collected: '2' });
      expect(holds).toMatchObject([{ limitation: 'same-version-recollection', withheld: { count: '1' } }]);
    });

    test('tells of deleted rows what either template does with them', async () => {
      const { lines, pending } = await twins(
        async (of) => {
          await sync(twoCurrencies(), of);
          await loaded(
            of,
            changedRow('InvoiceItem', 'item1', { Deleted: 'true', UpdatedDate: '2024-01-06T00:00:00Z' }),
          );
        },
        changed('INV', { rows: rowsWith('INV', REGION) }),
      );
      expect([lines.changed, pending?.removed]).toEqual(['2', '1']);
    });

    test('names the run that is open, and counts what it has loaded', async () => {
      await sync(sampleTenant());
      const run = await loaded(
        entity,
        changedRow('InvoiceItem', 'item1', { Quantity: '3', UpdatedDate: '2024-01-06T00:00:00Z' }),
        false,
      );
      const { openRun: open, pending } = await predicted(database, entity, changed('INV'));
      expect([open, pending?.changed]).toEqual([run, '1']);
    });
  });

  test('compares two templates that are both no default', async () => {
    const other = `${entity}-twin`;
    const without = (of: string) => changedTemplate('INV', of, { filter: "Account.Currency = 'EUR'" });
    const regional = (of: string) => changedTemplate('INV', of, { rows: rowsWith('INV', REGION) });
    for (const of of [entity, other]) await sync(twoCurrencies(), of);
    const dry = await dryRun(database.db, {
      entity,
      org: entity,
      before: notKept(without(entity)),
      after: notKept(regional(entity)),
      samples: 100,
    });
    await keptDefault(database.db, without(entity));
    await keptDefault(database.db, regional(other));
    for (const of of [entity, other]) await sync({}, of);
    const [before, after] = [
      await stagedLines(database.db, entity, 'InvoiceItem'),
      await stagedLines(database.db, other, 'InvoiceItem'),
    ];
    const { lines, amounts, fields, holds, pending } = dry;
    expect({ lines, amounts, fields, holds }).toEqual(changesOf(before, after));
    expect([lines.added, lines.changed, pending]).toEqual(['2', '1', null]);
  });

  test('shows as many samples as are asked for, the first by id', async () => {
    await sync(twoCurrencies());
    const [used] = (await defaultTemplates(database.db, entity)).filter(({ body }) => body.type === 'INV');
    const after = notKept(changed('INV', { rows: rowsWith('INV', REGION) }));
    const request = { entity, org: entity, before: used ?? after, after, samples: 2 };
    const { fields } = await dryRun(database.db, request);
    expect(fields).toMatchObject([{ lines: '3', samples: [{ line: 'INV:item1' }, { line: 'INV:item2' }] }]);
  });

  describe('leaves everything as it is', () => {
    /** It takes lines away, changes others and holds them. */
    const drastic = () =>
      changed('INV', {
        filter: "InvoiceItem.Id != 'item2'",
        rows: rowsWith('INV', {
          from: 'InvoiceItem.RevRecStartDate',
          to: 'Revenue Start Date',
          type: 'Date',
        }),
      });

    /** Rows of every table, where every sequence stands, and what is in them. */
    const everything = async () => {
      const { rows: names } = await sql<{ name: string }>`
        select n.nspname || '.' || c.relname as name
        from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
        where n.nspname in ('control', 'prestaging', 'staging', 'revenue') and c.relkind in ('r', 'p')
          and not c.relispartition order by 1`.execute(database.db);
      const counts = names.map(
        ({ name }) => sql`select ${name} as name, count(*) as rows from ${sql.table(name)}`,
      );
      const tables = await sql`${sql.join(counts, sql` union all `)}`.execute(database.db);
      const sequences = await sql<{ name: string; at: string }>`
        select schemaname || '.' || sequencename as name, coalesce(last_value, 0) as at
        from pg_sequences order by 1`.execute(database.db);
      return { tables: tables.rows, sequences: sequences.rows, digest: await digest(database.db) };
    };

    test('rows, sequences and contents', async () => {
      await sync(twoCurrencies());
      await sync(
        changedRow('InvoiceItem', 'item1', { Deleted: 'true', UpdatedDate: '2024-01-06T00:00:00Z' }),
      );
      const before = await everything();
      expect(before.sequences.map(({ name }) => name)).toContain('staging.hold_hold_seq');
      const { lines, holds } = await predicted(database, entity, drastic());
      expect([lines.removed, lines.changed, holds.length]).toEqual(['1', '1', 1]);
      expect(await everything()).toEqual(before);
    });

    test('the connection too: one may follow another on it', async () => {
      await sync(twoCurrencies());
      await database.db.connection().execute(async (db) => {
        const runs = [];
        for (let turn = 0; turn < 2; turn += 1) {
          const after = notKept(drastic());
          runs.push(await dryRun(db, { entity, org: entity, before: after, after, samples: 1 }));
        }
        expect(runs[0]).toEqual(runs[1]);
        const { rows } = await sql<{ tables: string }>`
          select count(*) as tables from pg_class where relpersistence = 't' and relkind = 'r'
            and pg_table_is_visible(oid)`.execute(db);
        expect(rows).toEqual([{ tables: '0' }]);
      });
    });
  });

  test('waits for no sync: neither for its run nor for lines that it is writing', async () => {
    await sync(twoCurrencies());
    const writing = await database.db.startTransaction().execute();
    try {
      await sql`select from control.run where entity = ${entity} for update`.execute(writing);
      await sql`delete from staging.line where entity = ${entity}`.execute(writing);
      await sql`delete from staging.line_state where entity = ${entity}`.execute(writing);
      const { lines } = await predicted(database, entity, changed('INV', { rows: rowsWith('INV', REGION) }));
      expect(lines.changed).toBe('3');
    } finally {
      await writing.rollback().execute();
    }
  });

  test('needs no more than a reader may do, and shows him nothing of others', async () => {
    await sync(twoCurrencies());
    const reader = await openReader(database, [entity]);
    const stranger = await openReader(database, []);
    try {
      const after = notKept(changed('INV', { rows: rowsWith('INV', REGION) }));
      const [used = after] = (await defaultTemplates(database.db, entity)).filter(
        ({ body }) => body.type === 'INV',
      );
      const request = { entity, org: entity, before: used, after, samples: 3 };
      const seen = await dryRun(reader.db, request);
      expect(seen).toEqual(await dryRun(database.db, request));
      expect(seen.lines.changed).toBe('3');
      expect((await dryRun(stranger.db, request)).lines).toMatchObject({ ...UNCHANGED, unchanged: '0' });
    } finally {
      await reader.close();
      await stranger.close();
    }
  });
});
