import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { derivationRule } from '../../../src/domain/mapping/derivation-rules.ts';
import type { TemplateType } from '../../../src/domain/mapping/transaction-template.ts';
import { listLines } from '../../../src/store/list-lines.ts';
import type { FieldOrigin } from '../../../src/store/lines/field-lineage.ts';
import { showLine, type ShownLine } from '../../../src/store/show-line.ts';
import { billingValue } from '../../support/billing-values.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { LINEAGE_TENANTS, syncTenant } from '../../support/lineage-tenants.ts';

/** The lines of the tenants, with the type of the template that forms each. */
const LINES: readonly (readonly [entity: string, id: string, type: TemplateType])[] = [
  ['adjusted', 'SO:orig.2@4', 'SO'],
  ['adjusted', 'INV:item1', 'INV'],
  ['adjusted', 'CM-C:adj1', 'IIA'],
  ['settled', 'CM:cmi1', 'CM'],
  ['settled', 'INV:dmi1', 'DM'],
  ['alone', 'INV:alone', 'INV'],
  ['alone', 'SO:REVSYNC-alone@1', 'INV'],
  ['alone', 'INV:cmi1', 'CM'],
  ['alone', 'SO:REVSYNC-cmi1@1', 'CM'],
  ['discounted', 'SO:orig.2@4', 'SO'],
  ['discounted', 'SO:orig.2.disc.2@4', 'SO'],
  ['discounted', 'SO:other.2.disc.2@4', 'SO'],
  ['discounted', 'SO:fixed.2@4', 'SO'],
  ['discounted', 'INV:itemd', 'INV'],
  ['custom', 'SO:orig.2@4', 'SO'],
  ['custom', 'INV:item1', 'INV'],
];

/** `100.00` and `100`, an instant and its day: what a field's type makes of the same value. */
const plain = (value: string): string =>
  value
    .replace(/^(-?\d+)(\.\d*?)0+$/, '$1$2')
    .replace(/\.$/, '')
    .replace(/^(\d{4}-\d{2}-\d{2})T.*/, '$1');

describe('the lineage of every field', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase();
    for (const [name, tenant] of Object.entries(LINEAGE_TENANTS)) await syncTenant(database, name, tenant);
  });
  afterAll(() => database.close());

  const show = (entity: string, id: string): Promise<ShownLine> => showLine(database.db, { entity, id });
  const origin = async (entity: string, id: string, label: string): Promise<FieldOrigin | undefined> =>
    (await show(entity, id)).lineage.fields[label];

  /** What is wrong with the lineage of a field that has a value; nothing when it is right. */
  async function wrong(
    entity: string,
    label: string,
    value: string,
    found: FieldOrigin | undefined,
  ): Promise<string[]> {
    if (found === undefined) return [`${label}: ${value} comes from nowhere`];
    const { object, id, field, derived } = found;
    if (derived !== null) return [];
    if (object === null || id === null || field === null) return [`${label}: ${JSON.stringify(found)}`];
    const held = await billingValue(database, { entity, object, id, field });
    return plain(held ?? 'nothing') === plain(value)
      ? []
      : [`${label} is ${value}, ${object}.${field} ${held}`];
  }

  test.each(LINES)('of %s %s leads to where the value stands, or says what forms it', async (entity, id) => {
    const { fields, lineage } = await show(entity, id);
    const filled = Object.entries(fields).flatMap(([label, value]) =>
      value === null ? [] : [{ label, value }],
    );
    expect(filled.length).toBeGreaterThan(20);
    const mistakes = await Promise.all(
      filled.map(({ label, value }) => wrong(entity, label, value, lineage.fields[label])),
    );
    expect(mistakes.flat()).toEqual([]);
    expect(Object.values(lineage.fields).filter(({ differs }) => differs)).toEqual([]);
  });

  test.each(LINES)('of %s %s names rows that there are, in the version they have', async (entity, id) => {
    const { lineage } = await show(entity, id);
    const named = Object.values(lineage.fields).flatMap((each) => [each, ...each.inputs]);
    const rows = new Map(
      named.flatMap(({ object, id: row }) =>
        object === null || row === null ? [] : [[`${object} ${row}`, { object, id: row }]],
      ),
    );
    for (const { object, id: row } of rows.values()) {
      const at = await billingValue(database, { entity, object, id: row, field: 'UpdatedDate' });
      expect(at, `${object} ${row}`).not.toBeUndefined();
      const source = lineage.sources.find((each) => each.object === object && each.id === row);
      expect(source?.updatedDate?.slice(0, 19), `${object} ${row}`).toBe(at?.slice(0, 19));
    }
    for (const { object, id: row, updatedDate } of Object.values(lineage.fields)) {
      const source = lineage.sources.find((each) => each.object === object && each.id === row);
      expect(updatedDate).toBe(source?.updatedDate ?? null);
    }
  });

  test.each(LINES)('of %s %s has a sentence of its own for every rule', async (entity, id, type) => {
    const { fields, lineage } = await show(entity, id);
    const general = derivationRule(type, 'no such field');
    const rules = Object.entries(lineage.fields).filter(([, { derived }]) => derived !== null);
    expect(rules.length).toBeGreaterThan(10);
    expect(rules.filter(([, { derived }]) => derived?.includes(general))).toEqual([]);
    // What forms a value reads something, but for what is the same for all lines or stands in the template.
    const silent = rules.filter(([label, { inputs }]) => inputs.length === 0 && fields[label] !== null);
    expect(silent.map(([label]) => label).filter((label) => !label.startsWith('ATR'))).toEqual([]);
  });

  test('no line of the tenants is left out here', async () => {
    const all = await listLines(database.db, {});
    const known = new Set(LINES.map(([entity, id]) => `${entity} ${id}`));
    const types = new Map(LINES.map(([entity, id, type]) => [`${entity} ${id}`, type]));
    expect(new Set(types.values())).toEqual(new Set(['SO', 'INV', 'IIA', 'CM', 'DM']));
    // Those of the same kind in other tenants, and the version before an amendment.
    const others = all.map(({ entity, id }) => `${entity} ${id}`).filter((each) => !known.has(each));
    expect(others.toSorted()).toEqual([
      'alone SO:orig.2@4',
      'discounted INV:item1',
      'discounted SO:orig.2@3',
      'discounted SO:other.2@4',
      'settled INV:item1',
      'settled SO:orig.2@4',
    ]);
  });

  test('of a percentage discount leads to the discounted charge and to what is taken off it', async () => {
    const at = (label: string) => origin('discounted', 'SO:other.2.disc.2@4', label);
    const { fields } = await show('discounted', 'SO:other.2.disc.2@4');
    expect(fields).toMatchObject({ 'Revenue Start Date': '2024-02-01', 'Ext Sell Price': '-10.00' });
    expect((await at('Revenue Start Date'))?.inputs).toContainEqual({
      object: 'RatePlanCharge',
      id: 'other',
      field: 'EffectiveStartDate',
    });
    expect((await at('Ext Sell Price'))?.inputs).toContainEqual({
      object: 'DiscountContractualValues',
      id: 'disc.other',
      field: 'Amount',
    });
    expect((await at('SO Line Id'))?.inputs).toEqual(
      expect.arrayContaining([
        { object: 'RatePlanCharge', id: 'other', field: 'OriginalId' },
        { object: 'RatePlanCharge', id: 'disc', field: 'Segment' },
      ]),
    );
  });

  test('of a derived field leads to every row that a rule looks at, and to none that there was not', async () => {
    const reason = await origin('discounted', 'SO:orig.2@4', 'Amendment Reason');
    expect(reason?.inputs).toEqual(
      expect.arrayContaining([
        { object: 'RatePlanCharge', id: 'rpc1', field: 'Quantity' },
        { object: 'RatePlanCharge', id: 'rpc0', field: 'Quantity' },
        { object: 'ChargeContractualValueAllCharges', id: 'rpc0', field: 'Amount' },
      ]),
    );
    const alike = await origin('adjusted', 'SO:orig.2@4', 'Amendment Reason');
    expect(new Set(alike?.inputs.map(({ id }) => id))).toEqual(new Set(['sub1', 'rpc1']));
    const price = await origin('discounted', 'SO:fixed.2@4', 'Ext Sell Price');
    expect(price?.inputs).toContainEqual({
      object: 'RatePlanChargeTier',
      id: 'tier',
      field: 'DiscountAmount',
    });
  });

  test('of a booking that is made for an item leads to the item', async () => {
    const line = 'SO:REVSYNC-alone@1';
    expect(await origin('alone', line, 'Ext Sell Price')).toMatchObject({
      object: 'InvoiceItem',
      id: 'alone',
    });
    expect((await origin('alone', line, 'SO Line Id'))?.inputs).toContainEqual({
      object: 'InvoiceItem',
      id: 'alone',
      field: 'Id',
    });
    expect((await origin('alone', line, 'SO Book Date'))?.inputs).toContainEqual({
      object: 'Invoice',
      id: 'inv1',
      field: 'InvoiceDate',
    });
    expect(await origin('alone', line, 'Deferred Segments')).toMatchObject({ id: 'own-ContractLiability' });
  });

  test('of what a template of one’s own fills tells constants, and defaults where they stood in', async () => {
    const { fields, lineage } = await show('custom', 'INV:item1');
    expect(fields).toMatchObject({ ATR1: 'North', ATR4: 'unknown', ATR5: 'EU', ATR7: '2024-12-31' });
    expect(lineage.fields['ATR1']).toMatchObject({ object: 'RatePlanCharge', id: 'rpc1', derived: null });
    expect(lineage.fields['ATR4']).toMatchObject({
      object: 'Account',
      id: 'acc',
      field: 'Nothing__c',
      derived: expect.stringMatching(/default "unknown"/),
    });
    expect(lineage.fields['ATR5']).toMatchObject({
      row: null,
      object: null,
      derived: expect.stringMatching(/constant "EU"/),
    });
    expect(lineage.fields['ATR2']).toMatchObject({ object: 'Contact', id: 'contact', field: 'FirstName' });
    expect(lineage.fields['ATR3']).toMatchObject({
      object: 'default__project__c',
      id: 'p1',
      field: 'Region__c',
      updatedDate: '2024-01-05T10:00:00.000000Z',
    });
  });

  test('of owners leads where the policies say', async () => {
    for (const id of ['SO:orig.2@4', 'INV:item1']) {
      const { fields, lineage } = await show('custom', id);
      expect(fields).toMatchObject({ 'Subscription Owner': 'Third', 'Invoice Owner': 'Meyer, "Söhne"' });
      expect(lineage.fields['Subscription Owner']).toMatchObject({
        object: 'Account',
        id: 'third',
        derived: null,
      });
      expect(lineage.fields['Invoice Owner']).toMatchObject({ object: 'Account', id: 'acc', derived: null });
    }
  });
});
