import { describe, expect, test } from 'vitest';

import { CATALOGUE, findObject, objectOf } from '../../../src/domain/catalogue/catalogue.ts';
import { columnOf } from '../../../src/domain/catalogue/define-object.ts';
import { driverAmount } from '../../../src/domain/catalogue/driver-amount.ts';

/** domain.md 1.1, with the kind that decides whether an object is read whole or by the window. */
const STATE = [
  'Account',
  'AccountingCode',
  'Contact',
  'ContactSnapshot',
  'Product',
  'ProductRatePlan',
  'ProductRatePlanCharge',
  'ProductRatePlanChargeTier',
];
const TRANSACTION = [
  'Amendment',
  'Invoice',
  'InvoiceItem',
  'InvoiceItemAdjustment',
  'RatePlan',
  'RatePlanCharge',
  'RatePlanChargeTier',
  'Subscription',
  'Order',
  'OrderAction',
  'CreditMemo',
  'CreditMemoItem',
  'DebitMemo',
  'DebitMemoItem',
  'CreditBalanceAdjustment',
  'ChargeContractualValueAllCharges',
  'DiscountContractualValues',
  'ExchangeRate',
  'Ramp',
  'RampInterval',
  'RampSubscriptionLink',
];

describe('CATALOGUE', () => {
  const named = (kind: string) => CATALOGUE.filter((object) => object.kind === kind).map(({ name }) => name);

  test('has the objects that are read whole, and those that are read by the window', () => {
    expect(new Set(named('state'))).toEqual(new Set(STATE));
    expect(new Set(named('transaction'))).toEqual(new Set(TRANSACTION));
    expect(CATALOGUE).toHaveLength(29);
  });

  test.each(['Payment', 'Refund', 'TaxationItem', 'OrderItem', 'OrderMrr'])('has no %s', (name) => {
    expect(findObject(name)).toBeUndefined();
  });

  test('fits one job of Billing, which takes fifty queries', () => {
    expect(CATALOGUE.length).toBeLessThanOrEqual(50);
  });

  test('gives every object a table of its own', () => {
    expect(new Set(CATALOGUE.map(({ table }) => table)).size).toBe(CATALOGUE.length);
  });

  describe.each(CATALOGUE.map((object) => [object.name, object] as const))('%s', (name, object) => {
    const has = (field: string): boolean => object.fields[field] !== undefined;

    test('has the fields that it is keyed by and those that it calls volatile', () => {
      expect([...object.key, ...object.volatile].filter((field) => !has(field))).toEqual([]);
    });

    test('has for every relation a text field, and the object that it leads to', () => {
      const broken = Object.entries(object.relations).filter(
        ([, relation]) =>
          object.fields[relation.field] !== 'text' || findObject(relation.object) === undefined,
      );
      expect(broken.map(([path]) => path)).toEqual([]);
    });

    test('has no two fields of one column', () => {
      const columns = Object.keys(object.fields).map((field) => columnOf(object, field));
      expect(new Set(columns).size).toBe(columns.length);
      for (const column of columns) expect(column).toMatch(/^[a-z][a-z0-9_]{0,62}$/);
    });

    test('can be cut by its UpdatedDate where it is read by the window', () => {
      if (object.kind === 'transaction') expect(object.fields['UpdatedDate']).toBe('datetime');
    });

    test('takes no amount, quantity or rate for text', () => {
      const money = Object.entries(object.fields).filter(
        ([field, type]) =>
          /(?:Amount|Price|Quantity|TCV|MRR|Rate|Balance)$/.test(field) &&
          !field.endsWith('Base') &&
          type === 'text',
      );
      expect(money).toEqual([]);
    });

    test('has, where its rows become lines, the amount that the balance counts', () => {
      const amount = driverAmount(name);
      if (amount !== undefined) expect(object.fields[amount]).toBe('decimal');
    });
  });
});

describe('objectOf', () => {
  test('finds an object by its name, and takes an unknown one for a mistake of ours', () => {
    expect(objectOf('Invoice').table).toBe('invoice');
    expect(() => objectOf('Payment')).toThrow(expect.objectContaining({ code: 'INVARIANT_BROKEN' }));
  });
});
