import { describe, expect, test } from 'vitest';

import { ROUTES } from '../../../src/domain/mapping/routes.ts';
import { waysTo } from '../../../src/domain/mapping/ways-to.ts';

/** `ProductRatePlanCharge < RatePlanCharge.ProductRatePlanChargeId < ...`: from the row back to the driver. */
const told = (type: keyof typeof ROUTES, path: string): string[] =>
  waysTo(ROUTES[type], path).map(({ object, steps }) =>
    [object, ...steps.map((step) => `${step.object}.${step.field}`)].join(' < '),
  );

describe('waysTo', () => {
  test('goes by the driver’s own key', () => {
    expect(told('INV', 'Invoice')).toEqual(['Invoice < InvoiceItem.InvoiceId']);
  });

  test('goes by the keys of rows on the way, too', () => {
    expect(told('INV', 'ProductRatePlanCharge')).toEqual([
      'ProductRatePlanCharge < InvoiceItem.ProductRatePlanChargeId',
      'ProductRatePlanCharge < RatePlanCharge.ProductRatePlanChargeId < InvoiceItem.RatePlanChargeId',
    ]);
    expect(told('IIA', 'RatePlanCharge')).toEqual([
      'RatePlanCharge < InvoiceItemAdjustment.RatePlanChargeId',
      'RatePlanCharge < InvoiceItem.RatePlanChargeId < InvoiceItemAdjustment.InvoiceItemId',
      'RatePlanCharge < InvoiceItem.RatePlanChargeId < InvoiceItemAdjustment.SourceId',
    ]);
  });

  test('names objects, whatever the paths to them are called', () => {
    expect(told('DM', 'RatePlanCharge')).toContain(
      'RatePlanCharge < CreditMemoItem.RatePlanChargeId < DebitMemoItem.SourceItemId',
    );
  });
});
