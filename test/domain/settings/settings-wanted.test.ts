import { describe, expect, test } from 'vitest';

import { requireProfile } from '../../../src/domain/settings/profiles.ts';
import { type EntityFacts, settingsWanted } from '../../../src/domain/settings/settings-wanted.ts';

const entity = (name: string, changed: Partial<EntityFacts> = {}): EntityFacts => ({
  entity: name,
  org: 'default',
  billingId: null,
  timezone: null,
  homeCurrency: 'USD',
  currencyConversion: true,
  ratesExported: true,
  ...changed,
});
const values = (...entities: EntityFacts[]) =>
  Object.fromEntries(
    settingsWanted(entities).map(({ name, code, value }) => [
      code === null ? name : `${name} ${code}`,
      value,
    ]),
  );

describe('settingsWanted', () => {
  test('of a tenant without entities configures what a single entity needs', () => {
    expect(values(entity('demo'))).toEqual({
      ZBILLING_INTEGRATION: 'Yes',
      ZBILL_MULTI_ENTITY_MULTI_ORG: 'No',
      MAINTAIN_OPEN_PERIOD: 'Org',
      KS_ENABLE_PENDING_ORDERS_GEN: 'N',
      KS_ENABLE_ZBILL_EXCHG_RATE: 'Y',
      BILLING_EXCHANGE_RATE_DATE: 'Latest Rate Available',
      'AUTO_REVENUE_SYNC RevenueSync_Duration': '30',
      'RPRO_KS_ZUORA_ENTITIES demo': 'default',
    });
  });

  test('maps every entity under its Billing id, with its time zone where it has one', () => {
    const wanted = settingsWanted([
      entity('north', { billingId: 'a1', org: 'nordic', timezone: 'Europe/Oslo' }),
      entity('south', { billingId: 'b2', org: 'nordic' }),
    ]);
    const lookups = wanted.filter(({ entity: about }) => about !== null);
    expect(lookups.map(({ name, code, value, org }) => [name, code, value, org])).toEqual([
      ['RPRO_KS_ZUORA_ENTITIES', 'a1', 'nordic', 'nordic'],
      ['RPRO_KS_ZUORA_ENTITIES_TIMEZONE', 'a1', 'Europe/Oslo', 'nordic'],
      ['RPRO_KS_ZUORA_ENTITIES', 'b2', 'nordic', 'nordic'],
    ]);
    expect(values(entity('north', { billingId: 'a1' }))).toMatchObject({
      ZBILL_MULTI_ENTITY_MULTI_ORG: 'Yes',
    });
  });

  test.each<[string, Partial<EntityFacts>[], string | undefined]>([
    ['all convert and export', [{}, {}], 'Y'],
    ['one exports nothing', [{}, { ratesExported: false }], 'N'],
    ['none converts', [{ currencyConversion: false, ratesExported: null }], 'N'],
    ['one converts, the other has nothing to convert', [{}, { currencyConversion: false }], 'Y'],
    ['one goes by its parent', [{}, { ratesExported: null }], 'Y'],
    ['it is not told whether one converts', [{}, { currencyConversion: null }], undefined],
    ['it is not told whether any exports', [{ ratesExported: null }], undefined],
  ])('takes Billing’s own rates accordingly where %s', (_case, facts, value) => {
    const entities = facts.map((each, index) => entity(`e${index}`, each));
    expect(values(...entities)['KS_ENABLE_ZBILL_EXCHG_RATE']).toBe(value);
  });

  test('chooses no reporting currency: a rate that Billing lacks would stop lines nobody asked to convert', () => {
    const homes = [entity('top', { billingId: 'p' }), entity('child', { billingId: 'c' })];
    expect(values(...homes)['REPORTING_CURRENCY']).toBeUndefined();
  });

  test('wants no profile to be what `profile set` would refuse', () => {
    const wanted = settingsWanted([entity('top', { billingId: 'p' }), entity('child', { billingId: 'c' })]);
    const profiles = wanted.filter(({ kind }) => kind === 'profile');
    expect(profiles).toHaveLength(6);
    for (const { name, value } of profiles) expect(() => requireProfile(name, value)).not.toThrow();
  });

  test('wants nothing before there is an entity', () => {
    expect(settingsWanted([])).toEqual([]);
  });
});
