import { describe, expect, test } from 'vitest';

import type { BillingReport } from '../../../src/cli/doctor/billing-report.ts';
import { billingText } from '../../../src/cli/doctor/billing-text.ts';

const object = {
  object: 'Account',
  kind: 'state',
  access: 'ok',
  fields: 51,
  customFields: ['Region__c'],
  missing: [],
  needed: [],
  deletedColumn: true,
  note: null,
  entities: ['north', 'south'],
} as const;

const feature = {
  id: 'bookings',
  name: 'Bookings',
  essential: true,
  state: 'ok',
  by: 'AQuA export',
  found: null,
  missing: [],
  consequence: null,
  remedy: null,
  entities: ['north', 'south'],
} as const;

const entity = {
  key: 'north',
  id: 'a1',
  name: 'North',
  displayName: 'Acme North',
  parent: null,
  timezone: 'UTC',
  homeCurrency: 'USD',
  access: 'ok',
  note: null,
} as const;

const text = (given: Partial<BillingReport>): string =>
  billingText({
    entities: [entity, { ...entity, key: 'south', homeCurrency: null }],
    objects: [object],
    apis: [],
    features: [feature],
    ...given,
  }).join('\n');

describe('billingText', () => {
  test('is a table of entities, one of objects, and a line per feature', () => {
    const shown = text({});
    expect(shown).toMatch(/^north +a1 +North +Acme North +UTC +USD$/m);
    expect(shown).toMatch(/^south .*\(none\)$/m);
    expect(shown).toMatch(/^Account +ok +51 +1 +in the export$/m);
    expect(shown).toMatch(/^ok {7}Bookings$/m);
  });

  test('says why an entity is not looked into', () => {
    const entities = [entity, { ...entity, key: 'south', access: 'refused', note: 'not permitted' } as const];
    expect(text({ entities })).toMatch(/^south .* refused: not permitted$/m);
  });

  test('counts the fields that are not exported, and names those that lines need', () => {
    const objects = [{ ...object, missing: ['A', 'B', 'Name'], needed: ['Name'], deletedColumn: false }];
    expect(text({ objects })).toMatch(
      /^Account .* read whole +3 of those that revsync knows; lines need Name$/m,
    );
  });

  test('says why an object is not there', () => {
    const objects = [{ ...object, access: 'absent', note: 'Billing does not list it' } as const];
    expect(text({ objects })).toMatch(/^Account +absent +Billing does not list it$/m);
  });

  test('names the entities where they differ', () => {
    const objects = [object, { ...object, fields: 7, entities: ['south'] }];
    const features = [{ ...feature, entities: ['north'] }];
    expect(text({ objects })).toMatch(/^Account +ok +south +7/m);
    expect(text({ features })).toMatch(/^ok +Bookings \[north\]$/m);
  });

  test('says below a feature what it lacks, what follows and what to do', () => {
    const features = [
      {
        ...feature,
        state: 'missing',
        missing: ['Invoice'],
        consequence: 'No lines.',
        remedy: 'Ask.',
      } as const,
    ];
    const shown = text({ features });
    expect(shown).toMatch(/^MISSING {2}Bookings\n {9}lacks Invoice\n {9}No lines\.\n {9}Ask\.$/m);
    const optional = features.map((one) => ({ ...one, essential: false }));
    expect(text({ features: optional })).toMatch(/^missing {2}Bookings$/m);
  });

  test('names the way of a feature where it is not the best, and what was found', () => {
    const second = { ...feature, by: 'Data Query', missing: ['Prices'], consequence: 'Later.' };
    expect(text({ features: [second] })).toMatch(/^ok +Bookings, by Data Query$/m);
    const found = { ...feature, found: ['Account.Region__c', 'Invoice.Note__c'] };
    expect(text({ features: [found] })).toMatch(/^ok +Bookings: Account\.Region__c, Invoice\.Note__c$/m);
  });

  test('cuts what is too long to read', () => {
    const missing = Array.from({ length: 30 }, (_, index) => `Object${index}`);
    const features = [{ ...feature, state: 'partly', missing } as const];
    expect(text({ features })).toContain('Object7 and 22 more (--json has all)');
  });

  test('has no column that nobody fills', () => {
    expect(text({})).not.toMatch(/not exported|parent/);
  });
});
