import { describe, expect, test } from 'vitest';

import type { Access, Api, ApiAccess, ObjectAccess, Verdict } from '../../../src/domain/features/access.ts';
import { APIS } from '../../../src/domain/features/access.ts';
import type { Feature } from '../../../src/domain/features/feature.ts';
import { judge, lackedBy } from '../../../src/domain/features/judge.ts';
import {
  apis,
  deletedColumns,
  fields,
  fieldsIfThere,
  objects,
  way,
} from '../../../src/domain/features/needs.ts';

const object = (name: string, given: Partial<Omit<ObjectAccess, 'fields'>> & { fields?: string[] } = {}) => {
  const { fields: names = [], ...rest } = given;
  const whole: ObjectAccess = {
    object: name,
    state: 'ok',
    exportable: names.length,
    custom: [],
    deletedColumn: true,
    note: null,
    ...rest,
    fields: new Set(names),
  };
  return whole;
};

function access(
  given: readonly ObjectAccess[] = [],
  states: Partial<Record<Api, ApiAccess['state']>> = {},
  customObjects: readonly string[] | null = [],
): Access {
  const names = Object.keys(APIS) as Api[];
  const entries = names.map((api) => [api, { state: states[api] ?? 'ok', detail: '' }] as const);
  return {
    objects: new Map(given.map((one) => [one.object, one])),
    apis: Object.fromEntries(entries) as Record<Api, ApiAccess>,
    customObjects,
  };
}

const feature = (given: Partial<Feature>): Feature => ({
  id: 'this',
  name: 'This',
  essential: false,
  ways: [],
  without: 'It does not work.',
  remedy: 'Do something.',
  ...given,
});

const gone = (name: string, state: Verdict): ObjectAccess => object(name, { state, deletedColumn: null });

describe('a feature of one way', () => {
  const needs = [...apis('export'), ...objects('Invoice'), ...fields('Account', 'Name')];
  const one = feature({ ways: [way('export', ...needs)] });
  const all = [object('Invoice'), object('Account', { fields: ['Name'] })];

  test('works when everything is there, and there is nothing to say', () => {
    expect(judge(one, access(all))).toMatchObject({
      state: 'ok',
      by: 'export',
      missing: [],
      consequence: null,
      remedy: null,
    });
  });

  test('is missing with what it lacks, what follows and what to do', () => {
    const judged = judge(one, access([gone('Invoice', 'refused'), object('Account')], { export: 'refused' }));
    expect(judged).toMatchObject({
      state: 'missing',
      by: null,
      missing: ['AQuA export', 'Invoice', 'Account.Name'],
      consequence: 'It does not work.',
      remedy: 'Do something.',
    });
  });

  test('names an object once, however many of its fields are needed', () => {
    const two = feature({ ways: [way('export', ...fields('Account', 'Name', 'Currency'))] });
    expect(judge(two, access([gone('Account', 'absent')])).missing).toEqual(['Account']);
  });

  test('is unknown, not missing, when Billing gave no answer', () => {
    const late = access([gone('Invoice', 'unknown'), object('Account', { fields: ['Name'] })]);
    expect(judge(one, late).state).toBe('unknown');
    expect(judge(one, access(all, { export: 'not-asked' })).state).toBe('unknown');
  });

  test('is missing for what is certain, whatever else is not', () => {
    const partlyTold = access([gone('Invoice', 'unknown'), object('Account')]);
    expect(judge(one, partlyTold)).toMatchObject({ state: 'missing', missing: ['Invoice', 'Account.Name'] });
  });
});

describe('fields', () => {
  const amended = {
    kind: 'field',
    anyOf: ['Charge.AmendedOn', 'Amendment.Date'],
    fills: ['CT Mod Date'],
  } as const;
  const one = feature({ ways: [way('export', amended, ...fields('Charge', 'Name'))] });

  test('of several, any one is enough', () => {
    const found = [object('Charge', { fields: ['Name'] }), object('Amendment', { fields: ['Date'] })];
    expect(judge(one, access(found)).state).toBe('ok');
  });

  test('that only fill labels leave those empty, and the feature works in part', () => {
    const found = access([object('Charge', { fields: ['Name'] }), gone('Amendment', 'refused')]);
    expect(judge(one, found)).toMatchObject({
      state: 'partly',
      by: 'export',
      missing: ['Charge.AmendedOn or Amendment'],
      consequence: 'Empty unless mapped from elsewhere: CT Mod Date.',
      remedy: 'Do something.',
    });
    expect(lackedBy(one, found)).toEqual(['Charge.AmendedOn', 'Amendment']);
  });

  test('of objects that are not there may not be asked for', () => {
    const rates = feature({
      ways: [way('export', ...fieldsIfThere('Item', 'Rate'), ...fieldsIfThere('Memo', 'Rate'))],
    });
    const without = access([object('Item', { fields: ['Rate'] }), gone('Memo', 'absent')]);
    expect(judge(rates, without).state).toBe('ok');
    expect(judge(rates, access([object('Item'), gone('Memo', 'absent')])).missing).toEqual(['Item.Rate']);
  });
});

describe('a feature of several ways', () => {
  const deletes = feature({
    ways: [
      way('columns', ...deletedColumns(['Invoice', 'Memo'])),
      { ...way('Data Query', ...apis('data-query-deletes')), note: 'For 30 days.' },
      { ...way('keys', ...apis('export')), partial: true },
    ],
  });
  const untold = [object('Invoice', { deletedColumn: false }), gone('Memo', 'absent')];

  test('works in the first that is open; an object that is not there closes none', () => {
    const told = access([object('Invoice'), gone('Memo', 'absent')]);
    expect(judge(deletes, told)).toMatchObject({
      state: 'ok',
      by: 'columns',
      missing: [],
      consequence: null,
    });
  });

  test('works in the next, with what the better one lacks and what to know', () => {
    expect(judge(deletes, access(untold))).toMatchObject({
      state: 'ok',
      by: 'Data Query',
      missing: ['deleted rows of Invoice'],
      consequence: 'For 30 days.',
      remedy: null,
    });
  });

  test('works in part where only the last resort is open', () => {
    expect(judge(deletes, access(untold, { 'data-query-deletes': 'refused' }))).toMatchObject({
      state: 'partly',
      by: 'keys',
      missing: ['deleted rows of Invoice', 'Deleted rows by Data Query'],
      consequence: 'It does not work.',
      remedy: 'Do something.',
    });
  });

  test('is unknown where a better way than the last resort may be open', () => {
    expect(judge(deletes, access(untold, { 'data-query-deletes': 'unknown' })).state).toBe('unknown');
  });
});

describe('a feature that the tenant may not use', () => {
  const settlement = feature({
    ways: [way('export', ...objects('CreditMemo', 'DebitMemo'))],
    off: { without: objects('CreditMemo', 'DebitMemo'), means: 'It is off.' },
  });

  test('is off when Billing has nothing of it', () => {
    const nothing = access([gone('CreditMemo', 'absent'), gone('DebitMemo', 'absent')]);
    expect(judge(settlement, nothing)).toMatchObject({
      state: 'off',
      consequence: 'It is off.',
      remedy: null,
    });
  });

  test('is missing when some of it is there, or kept from the credentials', () => {
    const some = access([object('CreditMemo'), gone('DebitMemo', 'absent')]);
    const kept = access([gone('CreditMemo', 'refused'), gone('DebitMemo', 'refused')]);
    expect([some, kept].map((found) => judge(settlement, found).state)).toEqual(['missing', 'missing']);
  });
});

describe('a feature that lists what was found', () => {
  const customFields = feature({ ways: [way('export')], lists: 'custom-fields' });
  const customObjects = feature({
    ways: [way('Data Query', ...apis('data-query'))],
    lists: 'custom-objects',
  });

  test('names the custom fields by object', () => {
    const found = access([object('Account', { custom: ['Region__c'] }), object('Invoice')]);
    expect(judge(customFields, found)).toMatchObject({ state: 'ok', found: ['Account.Region__c'] });
  });

  test('is off where there are none, and unknown where Billing does not tell', () => {
    expect(judge(customFields, access([object('Account')]))).toMatchObject({ state: 'off', found: [] });
    expect(judge(customObjects, access([], {}, null))).toMatchObject({ state: 'unknown', found: null });
    expect(judge(customObjects, access([], { 'data-query': 'refused' }, null)).state).toBe('missing');
    expect(judge(customObjects, access([], {}, ['default__project__c'])).found).toEqual([
      'default__project__c',
    ]);
  });
});
