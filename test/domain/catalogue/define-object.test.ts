import { describe, expect, test } from 'vitest';

import { columnOf, defineObject, kebabCase, snakeCase } from '../../../src/domain/catalogue/define-object.ts';

describe('snakeCase', () => {
  test.each([
    ['Id', 'id'],
    ['InvoiceItem', 'invoice_item'],
    ['RatePlanChargeId', 'rate_plan_charge_id'],
    ['DMRC', 'dmrc'],
    ['DMRCHomeCurrency', 'dmrc_home_currency'],
    ['DTCVCurrencyRounding', 'dtcv_currency_rounding'],
    ['VATId', 'vat_id'],
    ['Address1', 'address1'],
    ['Address1Line', 'address1_line'],
    ['UOM', 'uom'],
    ['DrawdownUOM', 'drawdown_uom'],
    ['SKU', 'sku'],
    ['ChargeContractualValueAllCharges', 'charge_contractual_value_all_charges'],
  ])('%s becomes %s', (name, snake) => {
    expect(snakeCase(name)).toBe(snake);
  });
});

describe('kebabCase', () => {
  test.each([
    ['InvoiceItem', 'invoice-item'],
    ['ProductRatePlanChargeTier', 'product-rate-plan-charge-tier'],
  ])('%s becomes %s', (name, kebab) => {
    expect(kebabCase(name)).toBe(kebab);
  });
});

describe('defineObject', () => {
  test('is keyed by Id, tells deleted rows and has no relations unless it says otherwise', () => {
    expect(defineObject({ name: 'RampInterval', kind: 'transaction', fields: { Id: 'text' } })).toMatchObject(
      {
        key: ['Id'],
        relations: {},
        volatile: [],
        deletes: true,
        table: 'ramp_interval',
      },
    );
  });
});

describe('columnOf', () => {
  const byId = defineObject({ name: 'Order', kind: 'transaction', fields: { Id: 'text' } });
  const byCharge = defineObject({
    name: 'Value',
    kind: 'transaction',
    key: ['RatePlanChargeId'],
    fields: { Id: 'text', RatePlanChargeId: 'text' },
  });

  test('keeps `id` for the key of the row: an Id that is not the key becomes record_id', () => {
    expect(columnOf(byId, 'Id')).toBe('id');
    expect(columnOf(byCharge, 'Id')).toBe('record_id');
    expect(columnOf(byCharge, 'RatePlanChargeId')).toBe('rate_plan_charge_id');
  });
});
