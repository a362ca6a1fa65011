import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { judgeRules } from '../../../src/domain/settings/judge-rules.ts';
import type { SettingRead } from '../../../src/domain/settings/setting-read.ts';
import {
  entityFacts,
  listBillingSettings,
  recordBillingSettings,
} from '../../../src/store/settings/billing-settings.ts';
import { changesOf } from '../../../src/store/settings/setting-changes.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { openReader } from '../../support/reader.ts';
import { recordTenant } from '../../support/sync-rows.ts';

const reads = (billingRules: object): Map<string, SettingRead> =>
  new Map<string, SettingRead>([
    ['billing-rules', { state: 'told', body: billingRules }],
    ['fx-currencies', { state: 'told', body: { homeCurrencyCode: 'USD', exportEnabled: true } }],
  ]);

describe('recordBillingSettings', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase();
    await recordTenant(database, 'north', 'north');
    await recordTenant(database, 'south', 'south');
  });
  afterAll(() => database.close());

  let runs = 0;
  const record = async (entity: string, billingRules: object, conversion: boolean | null = true) => {
    runs += 1;
    const said = {
      entity,
      rules: judgeRules(reads(billingRules), 'USD'),
      features: [{ feature: 'Currency Conversion', on: conversion, how: 'a test' } as const],
    };
    await recordBillingSettings(database.db, said, { by: 'sync', workflowRun: `run-${runs}` });
    return changesOf(database.db, `run-${runs}`);
  };
  const stored = async () => {
    const { rows } = await sql`select *, xmin from control.billing_setting order by entity, name`.execute(
      database.db,
    );
    return rows;
  };

  test('notes what Billing says for the first time, and nothing of what it does not tell', async () => {
    const changes = await record('north', { oneTimeCreditBack: true });
    expect(changes).toMatchObject([
      { kind: 'billing-setting', name: 'home-currency', entity: 'north', before: null, after: 'USD' },
      { name: 'one-time-credit-back', before: null, after: 'true' },
      { name: 'currency-conversion-export', after: 'true' },
      { name: 'Currency Conversion', after: 'on' },
    ]);
  });

  test('writes no row where Billing says the same', async () => {
    const before = await stored();
    expect(await record('north', { oneTimeCreditBack: true })).toEqual([]);
    expect(await stored()).toEqual(before);
  });

  test('notes only what differs, also where something is not told any more', async () => {
    expect(await record('north', { oneTimeCreditBack: false, daysInMonth: 'UseActualDays' })).toMatchObject([
      { name: 'one-time-credit-back', before: 'true', after: 'false' },
      { name: 'days-in-month', before: null, after: 'UseActualDays' },
    ]);
    expect(await record('north', { daysInMonth: 'UseActualDays' })).toMatchObject([
      { name: 'one-time-credit-back', before: 'false', after: null },
    ]);
  });

  test('lists what was said by entity, with what is required and why', async () => {
    await record('south', { oneTimeCreditBack: false }, null);
    const { rules, features } = await listBillingSettings(database.db);
    expect(rules[0]).toMatchObject({ entity: 'north', rule: 'home-currency', value: 'USD', fits: true });
    const credit = rules.filter(({ rule }) => rule === 'one-time-credit-back');
    expect(credit.map(({ entity, value, fits }) => [entity, value, fits])).toEqual([
      ['north', null, null],
      ['south', 'false', false],
    ]);
    expect(credit[1]).toMatchObject({
      name: 'Enable credit back for removing or canceling one time charges',
      setting: 'billing-rules.oneTimeCreditBack',
      required: 'Yes',
      why: expect.stringContaining('Define Billing Rules'),
    });
    expect(features).toEqual([
      { entity: 'north', feature: 'Currency Conversion', on: true, how: 'a test' },
      { entity: 'south', feature: 'Currency Conversion', on: null, how: 'a test' },
    ]);
    expect((await listBillingSettings(database.db, 'south')).features).toHaveLength(1);
  });

  test('gives the facts that profiles follow from', async () => {
    expect(await entityFacts(database.db)).toMatchObject([
      { entity: 'north', homeCurrency: 'USD', currencyConversion: true, ratesExported: true },
      { entity: 'south', homeCurrency: 'USD', currencyConversion: null, ratesExported: true },
    ]);
  });

  test('shows a reader the settings of its organisation only', async () => {
    const reader = await openReader(database, ['south']);
    const { rules, features } = await listBillingSettings(reader.db);
    await reader.close();
    expect(new Set([...rules, ...features].map(({ entity }) => entity))).toEqual(new Set(['south']));
  });
});
