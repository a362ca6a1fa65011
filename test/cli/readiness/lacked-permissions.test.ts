import { describe, expect, test } from 'vitest';

import type { BillingReport } from '../../../src/cli/doctor/billing-report.ts';
import { lackedPermissions } from '../../../src/cli/readiness/lacked-permissions.ts';

const entities = ['demo'];
const FEATURE = { id: 'x', essential: false, by: null, found: null, entities };
const OBJECT = { kind: 'transaction', fields: 0, customFields: [], missing: [], needed: [] } as const;

const feature = (name: string, ...missing: readonly string[]): BillingReport['features'][number] => ({
  ...FEATURE,
  name,
  state: 'missing',
  missing,
  consequence: `No ${name}.`,
  remedy: 'Permit it.',
});
const refused = (object: string): BillingReport['objects'][number] => ({
  ...OBJECT,
  object,
  access: 'refused',
  deletedColumn: null,
  note: null,
  entities,
});
const lacked = (report: Partial<BillingReport>) =>
  lackedPermissions({ entities: [], objects: [], apis: [], features: [], ...report }, (key) => key);

describe('lackedPermissions', () => {
  test('has one entry of an object, with all that does not work without it', () => {
    const found = lacked({
      features: [feature('bookings', 'Invoice', 'Order'), feature('billings', 'Invoice')],
      objects: [refused('Invoice')],
    });
    expect(found.map(({ what }) => what)).toEqual(['Invoice', 'Order']);
    expect(found[0]).toMatchObject({ state: 'refused', kind: 'data', entities: ['demo'] });
    expect(found[0]?.consequence).toMatch(
      /^bookings: No bookings\. billings: No billings\. Cannot be told without it: .*unposted-document/,
    );
    expect(found[1]?.consequence).toBe('bookings: No bookings.');
  });

  test('names an object that only rules need, with these rules', () => {
    const [only, ...more] = lacked({ objects: [refused('CreditBalanceAdjustment')] });
    expect(more).toEqual([]);
    expect(only).toMatchObject({ what: 'CreditBalanceAdjustment', state: 'refused' });
    expect(only?.consequence).toContain('credit-balance-adjustment');
    expect(only?.remedy).not.toBe('');
  });

  test('says nothing of objects that Billing does not have, or that no rule needs', () => {
    const absent = { ...refused('CreditBalanceAdjustment'), access: 'absent' } as const;
    expect(lacked({ objects: [absent, refused('PaymentRun')] })).toEqual([]);
  });

  test('puts the fields of one object together', () => {
    const features = [feature('bookings', 'Invoice.A', 'Order.Z'), feature('billings', 'Invoice.B')];
    expect(lacked({ features }).map(({ what }) => what)).toEqual(['Invoice.A, Invoice.B', 'Order.Z']);
  });

  test('tells settings that cannot be read from data', () => {
    expect(lacked({ features: [feature('Settings sync', 'Settings')] })).toMatchObject([
      { what: 'settings of Billing', kind: 'setting' },
    ]);
  });

  test('says nothing of entities that whoever asks does not see', () => {
    const report = {
      entities: [],
      objects: [refused('Invoice')],
      apis: [],
      features: [feature('x', 'Invoice')],
    };
    expect(lackedPermissions(report, () => undefined)).toEqual([]);
  });
});
