import { describe, expect, test } from 'vitest';

import { exportQuery, type ExportFilter, type ExportWindow } from '../../../src/billing/aqua/export-query.ts';
import type { ObjectDescription } from '../../../src/billing/port.ts';
import { CATALOGUE } from '../../../src/domain/catalogue/catalogue.ts';
import { isTaxField } from '../../../src/domain/catalogue/tax-field.ts';
import { defineObject } from '../../../src/domain/catalogue/define-object.ts';

const invoice = defineObject({
  name: 'Invoice',
  kind: 'transaction',
  relations: {
    Account: { object: 'Account', field: 'AccountId' },
    BillTo: { object: 'Contact', field: 'BillToId', plain: true },
  },
  fields: { Id: 'text', AccountId: 'text', BillToId: 'text', Amount: 'decimal', UpdatedDate: 'datetime' },
});
const product = defineObject({ name: 'Product', kind: 'state', fields: { Id: 'text', Name: 'text' } });

const describing = (names: string[], paths: string[] = []): ObjectDescription => ({
  name: 'x',
  fields: names.map((name) => ({ name, type: 'text', custom: name.endsWith('__c') })),
  related: paths.map((path) => ({ path, object: path })),
});
const ALL = describing(['Id', 'Amount', 'UpdatedDate', 'Status', 'Region__c'], ['Account', 'BillTo']);
const WINDOW: ExportWindow = { from: '2024-01-01T00:00:00Z', to: '2024-02-01T01:30:00.999+01:00' };
const IN_WINDOW = "UpdatedDate >= '2024-01-01T00:00:00+0000' and UpdatedDate < '2024-02-01T00:30:00+0000'";

describe('the query of an export', () => {
  test('names fields, parents by path, and custom fields, and knows where each goes', () => {
    expect(exportQuery(invoice, ALL, null)).toEqual({
      query: 'select Id, Account.Id, Amount, UpdatedDate, Region__c from Invoice',
      columns: [
        { header: 'Id', field: 'Id', custom: false },
        { header: 'Account.Id', field: 'AccountId', custom: false },
        { header: 'Amount', field: 'Amount', custom: false },
        { header: 'UpdatedDate', field: 'UpdatedDate', custom: false },
        { header: 'Region__c', field: 'Region__c', custom: true },
      ],
    });
  });

  test('prefers a parent id that the object exports itself, in the spelling of describe', () => {
    const described = describing(['ID', 'AccountId', 'BillToId', 'UpdatedDate'], ['Account']);
    expect(exportQuery(invoice, described, null).query).toBe(
      'select ID, AccountId, BillToId, UpdatedDate from Invoice',
    );
  });

  test.each<[string, ExportWindow | null, ExportFilter | undefined, string]>([
    ['whole', null, undefined, ''],
    ['windowed', WINDOW, undefined, ` where ${IN_WINDOW}`],
    [
      'from the beginning',
      { ...WINDOW, from: null },
      undefined,
      " where UpdatedDate < '2024-02-01T00:30:00+0000'",
    ],
    ['filtered', null, { field: 'Account.Name', equals: 'x' }, " where Account.Name = 'x'"],
    ['both', WINDOW, { field: 'Status', equals: 'y' }, ` where ${IN_WINDOW} and Status = 'y'`],
    [
      'hostile',
      null,
      { field: 'Status', equals: `O'Neil\\' or Id != '` },
      ` where Status = 'O\\'Neil\\\\\\' or Id != \\''`,
    ],
  ])('of a transaction object read %s', (_name, window, filter, where) => {
    const { query } = exportQuery(invoice, ALL, window, filter);
    expect(query).toBe(`select Id, Account.Id, Amount, UpdatedDate, Region__c from Invoice${where}`);
  });

  test.each<[string, ExportWindow, string[], string]>([
    [
      'since a time',
      { ...WINDOW, to: null },
      ['Id', 'UpdatedDate'],
      " where UpdatedDate >= '2024-01-01T00:00:00+0000'",
    ],
    ['whole, from the beginning', { from: null, to: null }, ['Id', 'UpdatedDate'], ''],
    ['whole where a window ends', WINDOW, ['Id', 'UpdatedDate'], ''],
    ['whole where it exports no UpdatedDate', { ...WINDOW, to: null }, ['Id'], ''],
  ])('of a state object reads it %s', (_how, window, fields, where) => {
    const contact = defineObject({
      name: 'Contact',
      kind: 'state',
      fields: { Id: 'text', UpdatedDate: 'datetime' },
    });
    const { query } = exportQuery(contact, describing(fields), window);
    expect(query).toBe(`select ${fields.join(', ')} from Contact${where}`);
  });

  test('has one text, whatever the order in which describe lists fields and parents', () => {
    const names = ['Zone__c', 'Region__c', 'Id', 'UpdatedDate', 'Amount', 'Region__c'];
    const texts = [names, names.toReversed()].map(
      (some) => exportQuery(invoice, describing(some, ['BillTo', 'Account']), null).query,
    );
    const text = 'select Id, Account.Id, Amount, UpdatedDate, Region__c, Zone__c from Invoice';
    expect(texts).toEqual([text, text]);
  });

  test('of a state object reads it whole, whatever the window', () => {
    expect(exportQuery(product, describing(['Id', 'Name']), WINDOW).query).toBe(
      'select Id, Name from Product',
    );
  });

  test.each<[string, ObjectDescription, string]>([
    ['without its key', describing(['Amount', 'UpdatedDate']), 'Invoice does not export Id'],
    ['without its UpdatedDate', describing(['Id']), 'Invoice does not export UpdatedDate'],
    ['with nothing', describing([]), 'Invoice does not export Id and UpdatedDate'],
  ])('of an object %s is none, with the reason', (_name, described, reason) => {
    expect(exportQuery(invoice, described, WINDOW)).toEqual({ query: null, reason });
  });

  test('finds the key of an object without id by its path', () => {
    const values = CATALOGUE.find(({ name }) => name === 'ChargeContractualValueAllCharges');
    const described = describing(['Amount', 'UpdatedDate'], ['RatePlanCharge']);
    expect(values && exportQuery(values, described, WINDOW)).toMatchObject({
      columns: [{ header: 'RatePlanCharge.Id', field: 'RatePlanChargeId' }, {}, {}],
    });
  });

  test.each(CATALOGUE)('of $name names every field of the catalogue once, but for tax', (object) => {
    const parents = Object.values(object.relations).filter(({ plain }) => plain !== true);
    const byPath = new Set(parents.map(({ field }) => field));
    const described = describing(
      Object.keys(object.fields).filter((field) => !byPath.has(field)),
      Object.keys(object.relations),
    );
    const plan = exportQuery(object, described, WINDOW);
    const fields = plan.query === null ? [] : plan.columns.map(({ field }) => field);
    const all = Object.keys(object.fields).filter((field) => !isTaxField(object.name, field));
    expect(fields.toSorted()).toEqual(all.toSorted());
  });

  test.each([
    { from: null, to: 'yesterday' },
    { from: null, to: '2024-01-01T00:00:00' },
  ])('refuses the window %j, which is no instant', (window) =>
    expect(() => exportQuery(invoice, ALL, window)).toThrow(/Invariant/),
  );

  test('lets no name through that is more than a name', () => {
    const described = describing(['Id', 'UpdatedDate', 'a from Invoice where b__c']);
    expect(() => exportQuery(invoice, described, null)).toThrow(/Invariant/);
  });
});
