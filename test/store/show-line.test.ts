import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { derivationRule } from '../../src/domain/mapping/derivation-rules.ts';
import { ORDER_TEMPLATE } from '../../src/domain/mapping/seeded/order.ts';
import { showLine } from '../../src/store/show-line.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { openReader } from '../support/reader.ts';
import { adjustment, memo } from '../support/rich-tenant.ts';
import { CODES, sampleTenant, withChanged } from '../support/sample-tenant.ts';
import { collectOrg, syncRows } from '../support/sync-rows.ts';

const AT = '2024-01-05T10:00:00.000000Z';

describe('showLine', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase();
    await syncRows(database, sampleTenant());
    await collectOrg(database);
    await syncRows(database, sampleTenant(), { entity: 'north', org: 'north' });
    const adjusted = { ...sampleTenant(), InvoiceItemAdjustment: [adjustment()] };
    await syncRows(database, adjusted, { entity: 'adjusted', org: 'adjusted' });
    const settled = { ...sampleTenant(), ...memo('CreditMemo'), ...memo('DebitMemo') };
    await syncRows(database, settled, { entity: 'settled', org: 'settled' });
  });
  afterAll(() => database.close());

  const show = (id: string, entity = 'demo') => showLine(database.db, { id, entity });

  test('leads every mapped field back to its template row and its billing row', async () => {
    const { fields } = (await show('INV:item1')).lineage;
    expect(fields['Ext Sell Price']).toEqual({
      row: '32',
      from: 'InvoiceItem.ChargeAmount',
      object: 'InvoiceItem',
      id: 'item1',
      field: 'ChargeAmount',
      updatedDate: AT,
      derived: null,
      inputs: [],
      differs: false,
    });
    expect(fields['Invoice Owner']).toMatchObject({ object: 'Account', id: 'owner', field: 'Name' });
    expect(fields['Subscription Owner']).toMatchObject({ object: 'Account', id: 'acc', field: 'Name' });
    expect(fields['Company Code']).toMatchObject({ object: 'Entity', id: 'demo', field: 'EntityName' });
    for (const [label, code] of Object.entries(CODES)) {
      expect(fields[label], label).toMatchObject({
        object: 'AccountingCode',
        id: `code-${code}`,
        field: 'Name',
      });
    }
    expect(fields['ATR1']).toBeUndefined();
  });

  test('says which rule forms a derived field, and both where a rule overrides a mapping', async () => {
    const { fields } = (await show('SO:orig.1@1')).lineage;
    expect(fields['SO Line Id']).toMatchObject({
      row: null,
      object: null,
      derived: expect.stringContaining('segment'),
    });
    expect(fields['Ext Sell Price']).toMatchObject({
      row: String(ORDER_TEMPLATE.rows.findIndex(({ to }) => to === 'Ext Sell Price') + 1),
      object: 'ChargeContractualValueAllCharges',
      id: 'rpc1', // what the object is keyed by
      field: 'Amount',
      derived: expect.stringContaining('usage'),
    });
    expect(fields['Functional Currency']?.derived).toContain('home currency');
    expect(fields['Customer Name']?.derived).toBeNull();
  });

  test('every field that a rule forms has a sentence of its own', async () => {
    for (const [id, type, entity] of [
      ['SO:orig.1@1', 'SO', 'demo'],
      ['INV:item1', 'INV', 'demo'],
      ['CM-C:adj1', 'IIA', 'adjusted'],
      ['CM:cmi1', 'CM', 'settled'],
      ['INV:dmi1', 'DM', 'settled'],
    ] as const) {
      const { fields } = (await show(id, entity)).lineage;
      expect(Object.keys(fields).length).toBeGreaterThan(40);
      const general = derivationRule(type, 'no such field');
      const without = Object.entries(fields).filter(([, { derived }]) => derived === general);
      expect(without).toEqual([]);
    }
  });

  test('names each billing row once, with every path to it and its version', async () => {
    const { sources } = (await show('INV:item1')).lineage;
    const account = sources.filter(({ object, id }) => object === 'Account' && id === 'acc');
    expect(account).toEqual([
      {
        object: 'Account',
        id: 'acc',
        updatedDate: AT,
        paths: ['Account', 'Subscription.Account'],
        changedSince: false,
      },
    ]);
    expect(sources[0]).toMatchObject({ object: 'InvoiceItem', id: 'item1', updatedDate: AT });
    expect(sources.every(({ updatedDate }) => updatedDate === AT)).toBe(true);
    expect(sources.some(({ paths }) => paths.includes('AppliedToItem'))).toBe(false);
  });

  test('asks which one when two entities have the id, and takes the organisation for an answer, too', async () => {
    await expect(showLine(database.db, { id: 'INV:item1' })).rejects.toMatchObject({
      code: 'LINE_AMBIGUOUS',
      fate: 'fix-input',
      message: expect.stringContaining('demo, north'),
    });
    const north = await showLine(database.db, { id: 'INV:item1', org: 'north' });
    expect(north).toMatchObject({ entity: 'north', status: 'ready' });
  });

  test('an unknown id is told as such, whatever organisation it may be in', async () => {
    const unknown = {
      code: 'LINE_UNKNOWN',
      fate: 'fix-input',
      remedy: expect.stringContaining('revsync line list'),
    };
    await expect(showLine(database.db, { id: 'INV:nothing' })).rejects.toMatchObject(unknown);
    const reader = await openReader(database, ['north']);
    try {
      expect(await showLine(reader.db, { id: 'INV:item1' })).toMatchObject({ entity: 'north' });
      await expect(showLine(reader.db, { id: 'INV:item1', entity: 'demo' })).rejects.toMatchObject(unknown);
    } finally {
      await reader.close();
    }
  });
});

describe('showLine, after Billing has moved on', () => {
  let database: TestDatabase;
  beforeAll(async () => void (database = await openTestDatabase()));
  afterAll(() => database.close());

  const later = '2024-02-01T00:00:00Z';

  test('keeps the version the line was formed from, and says that there is a newer one', async () => {
    await syncRows(database, sampleTenant());
    await collectOrg(database);
    await syncRows(
      database,
      withChanged(sampleTenant(), 'Account', 'acc', { Name: 'New', UpdatedDate: later }),
    );
    const { lineage, fields } = await showLine(database.db, { id: 'INV:item1', entity: 'demo' });
    expect(fields['Customer Name']).toBe('Meyer, "Söhne"');
    expect(lineage.sources.find(({ object, id }) => object === 'Account' && id === 'acc')).toMatchObject({
      updatedDate: AT,
      changedSince: true,
    });
    expect(lineage.sources.filter(({ changedSince }) => changedSince)).toHaveLength(1);
  });

  test('names the row the line was formed from, whichever took its place', async () => {
    const rows = sampleTenant();
    const third = { Id: 'third', AccountNumber: 'A-3', Name: 'Third', UpdatedDate: '2024-01-06T00:00:00Z' };
    const target = { entity: 'moved', org: 'moved' };
    await syncRows(database, { ...rows, Account: [...(rows['Account'] ?? []), third] }, target);
    await collectOrg(database, 'moved');
    const change = { InvoiceOwnerId: 'third', UpdatedDate: later };
    await syncRows(database, withChanged(rows, 'Subscription', 'sub1', change), target);
    const { lineage } = await showLine(database.db, { id: 'INV:item1', entity: 'moved' });
    const found = (path: string) => lineage.sources.find(({ paths }) => paths.includes(path));
    expect(found('Subscription.InvoiceOwner')).toMatchObject({
      object: 'Account',
      id: 'owner',
      updatedDate: AT,
      changedSince: false,
    });
    expect(found('Subscription')).toMatchObject({ updatedDate: AT, changedSince: true });
    expect(lineage.fields['Invoice Owner']).toMatchObject({ object: 'Account', id: 'owner', field: 'Name' });
  });
});

describe('showLine, of a percentage discount', () => {
  let database: TestDatabase;
  beforeAll(async () => void (database = await openTestDatabase()));
  afterAll(() => database.close());

  test('tells the lines of one discount charge apart by the charge each discounts', async () => {
    const rows = sampleTenant();
    const [charge = {}] = rows['RatePlanCharge'] ?? [];
    const at = charge['UpdatedDate'] ?? null;
    await syncRows(database, {
      ...rows,
      RatePlanCharge: [
        charge,
        { ...charge, Id: 'rpc2', OriginalId: 'other' },
        { ...charge, Id: 'disc', OriginalId: 'disc', ChargeModel: 'Discount-Percentage' },
      ],
      DiscountContractualValues: ['rpc1', 'rpc2'].map((discounted, index) => ({
        Id: `d${index}`,
        DiscountRatePlanChargeId: 'disc',
        RatePlanChargeId: discounted,
        Amount: '10.00',
        UpdatedDate: at,
      })),
    });
    const { lineage, fields } = await showLine(database.db, { id: 'SO:other.1.disc.1@1' });
    expect(fields['Ext Sell Price']).toBe('-10.00');
    const discounted = lineage.sources.find(({ paths }) => paths.includes('DiscountedCharge'));
    expect(discounted).toMatchObject({ object: 'RatePlanCharge', id: 'rpc2', updatedDate: AT });
  });
});
