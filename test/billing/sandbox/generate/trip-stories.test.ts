import { describe, expect, test } from 'vitest';

import { type Trip, TRIPS } from '../../../../src/billing/sandbox/generate/trips.ts';
import { generateTenant } from '../../../../src/billing/sandbox/generate-tenant.ts';
import { parseTenantSpec } from '../../../../src/billing/sandbox/tenant-spec.ts';
import { Decimal } from '../../../../src/domain/money/decimal.ts';
import { generatedRows } from '../../../support/generated-rows.ts';

type Row = Readonly<Record<string, string | null>>;
type Rows = Readonly<Record<string, readonly Row[]>>;

const tripped = (trip: Trip): Rows => generatedRows(`items=40,seed=8,plain=on,trip=${trip}`);
const where = (rows: Rows, object: string, fields: Row): readonly Row[] =>
  (rows[object] ?? []).filter((row) =>
    Object.entries(fields).every(([field, value]) => row[field] === value),
  );
const one = (rows: Rows, object: string, fields: Row): Row => {
  const found = where(rows, object, fields);
  if (found[0] === undefined) throw new Error(`no ${object} with ${JSON.stringify(fields)}`);
  return found[0];
};
const newest = (rows: Rows, name: string): Row => {
  const charges = where(rows, 'RatePlanCharge', { Name: name });
  return charges.reduce((last, row) => (Number(row['Version']) >= Number(last['Version']) ? row : last), {
    Version: '0',
  });
};
/** What was invoiced for a charge in all its versions. */
const billed = (rows: Rows, { OriginalId = '' }: Row): string => {
  const ids = new Set(where(rows, 'RatePlanCharge', { OriginalId }).map((row) => row['Id']));
  const items = (rows['InvoiceItem'] ?? []).filter((row) => ids.has(row['RatePlanChargeId'] ?? ''));
  return items.reduce((sum, row) => sum.plus(row['ChargeAmount'] ?? 0), new Decimal(0)).toFixed(2);
};
const booked = (rows: Rows, { Id = '' }: Row): string | null | undefined =>
  one(rows, 'ChargeContractualValueAllCharges', { RatePlanChargeId: Id })['Amount'];
/** List price of a month. */
const TEAM = 49;

describe('the story of a trip', () => {
  test.each(TRIPS)('%s adds something to the plain tenant, in as many items', (trip) => {
    const rows = tripped(trip);
    expect(rows).not.toEqual(generatedRows('items=40,seed=8,plain=on'));
    expect(rows['InvoiceItem']?.length).toBe(40);
  });

  test('change plan: one action ends the old plan where the new one begins', () => {
    const rows = tripped('change-plan-order-action');
    const action = one(rows, 'OrderAction', { Type: 'ChangePlan' });
    const made = { AmendmentId: action['AmendmentId'] ?? '', SubscriptionId: action['SubscriptionId'] ?? '' };
    const [old, added] = where(rows, 'RatePlanCharge', made);
    expect([old?.['Name'], added?.['Name']]).toEqual(['Team, monthly fee', 'Premium support']);
    expect(old?.['EffectiveEndDate']).toBe(added?.['EffectiveStartDate']);
    expect(where(rows, 'RatePlan', made).map((row) => row['AmendmentType'])).toEqual([
      'RemoveProduct',
      'NewProduct',
    ]);
    expect(booked(rows, old ?? {})).toBe(billed(rows, old ?? {}));
  });

  test('evergreen: a later version has another term type and no end', () => {
    const rows = tripped('evergreen-conversion');
    const converted = one(rows, 'Subscription', { TermType: 'EVERGREEN' });
    const before = one(rows, 'Subscription', { Id: converted['PreviousSubscriptionId'] ?? '' });
    expect([before['TermType'], before['Status']]).toEqual(['TERMED', 'Expired']);
    expect(one(rows, 'Amendment', { Type: 'TermsAndConditions' })).toMatchObject({
      SubscriptionId: before['Id'],
      TermType: 'EVERGREEN',
    });
    const charge = one(rows, 'RatePlanCharge', { SubscriptionId: converted['Id'] ?? '' });
    expect([charge['EffectiveEndDate'], charge['Segment'], charge['Version']]).toEqual([null, '1', '2']);
    expect(booked(rows, charge)).toBe(billed(rows, charge));
  });

  test('removal: product and discount end inside of what is billed, and only the product is credited', () => {
    const rows = tripped('remove-product-in-billed-period');
    const discount = newest(rows, 'Loyalty discount');
    const product = newest(rows, 'Standard, quarterly fee');
    expect(discount['EffectiveEndDate']).toBe(product['EffectiveEndDate']);
    expect(one(rows, 'Amendment', { Id: discount['AmendmentId'] ?? '' })['Type']).toBe('RemoveProduct');
    const [item] = where(rows, 'InvoiceItem', { ChargeName: 'Loyalty discount' });
    expect((item?.['ServiceEndDate'] ?? '') > (discount['EffectiveEndDate'] ?? '')).toBe(true);
    expect(billed(rows, product)).toBe(booked(rows, product));
    expect(billed(rows, discount)).not.toBe(booked(rows, discount));
  });

  test('upsell: the next segment has more units', () => {
    const rows = tripped('quantity-upsell-stays-in-contract');
    const more = one(rows, 'RatePlanCharge', { Segment: '2' });
    const before = one(rows, 'RatePlanCharge', {
      SubscriptionId: more['SubscriptionId'] ?? '',
      Segment: '1',
    });
    expect([before['Quantity'], more['Quantity']]).toEqual(['5', '10']);
    expect(before['EffectiveEndDate']).toBe(more['EffectiveStartDate']);
    expect(one(rows, 'OrderAction', { AmendmentId: more['AmendmentId'] ?? '' })['Type']).toBe(
      'UpdateProduct',
    );
  });

  test('usage: billed in arrears, with the smoothing model where it is asked for', () => {
    expect(newest(tripped('usage-booking-based'), 'API calls')).toMatchObject({
      ChargeType: 'Usage',
      ChargeModel: 'Per Unit Pricing',
    });
    expect(newest(tripped('overage-smoothing'), 'API calls above allowance, smoothed')).toMatchObject({
      ChargeType: 'Usage',
      ChargeModel: 'Overage Smoothing Pricing',
      SmoothingModel: 'ROLLINGWINDOW',
    });
  });

  test('fixed discount: a tier with an amount, billed below zero, in part for a part period', () => {
    const whole = tripped('fixed-discount-booking-based');
    const part = tripped('fixed-discount-proration');
    const name = 'Coupon, ten off each month';
    const amounts = (rows: Rows) =>
      where(rows, 'InvoiceItem', { ChargeName: name }).map((row) => row['ChargeAmount']);
    const charge = newest(whole, name);
    expect(charge).toMatchObject({ ChargeModel: 'Discount-Fixed Amount', DiscountLevel: 'subscription' });
    expect(one(whole, 'RatePlanChargeTier', { RatePlanChargeId: charge['Id'] ?? '' })).toMatchObject({
      Price: null,
      DiscountAmount: '10.00',
    });
    expect(booked(whole, charge)).toBe('-120.00');
    expect(amounts(whole)).toEqual(['-10.00', '-10.00', '-10.00']);
    expect(amounts(part)).toHaveLength(3);
    expect(Number(amounts(part)[0])).toBeGreaterThan(-10);
    expect(amounts(part).slice(1)).toEqual(['-10.00', '-10.00']);
  });

  test('percentage discounts: of the account, for a month alone, two at a time', () => {
    const taken = (trip: Trip) =>
      (tripped(trip)['DiscountContractualValues'] ?? []).map((row) => row['Amount']);
    const year = TEAM * 12;
    expect(taken('account-level-discount')).toEqual([(-year * 0.05).toFixed(2)]);
    expect(taken('discount-dates-follow-recurring')).toEqual([(-TEAM * 0.25).toFixed(2)]);
    expect(taken('overlapping-discounts')).toEqual([
      (-TEAM * 2 * 0.1).toFixed(2),
      (-TEAM * 2 * 0.15).toFixed(2),
    ]);
    expect(newest(tripped('account-level-discount'), 'Account discount')['DiscountLevel']).toBe('account');
    const welcome = tripped('discount-dates-follow-recurring');
    expect(where(welcome, 'InvoiceItem', { ChargeName: 'Welcome discount, first month' })).toHaveLength(1);
    expect(newest(welcome, 'Welcome discount, first month')).toMatchObject({
      EndDateCondition: 'FixedPeriod',
      UpToPeriods: '1',
    });
  });

  test('standalone: adjustments, or memos of every kind with Invoice Settlement', () => {
    const count = (rows: Rows, object: string) => rows[object]?.length ?? 0;
    const rows = tripped('standalone-billing-transactions');
    expect(rows['InvoiceItemAdjustment']?.map((row) => row['Type'])).toEqual(['Credit', 'Charge']);
    const settled = generatedRows('items=40,plain=on,settlement=on,trip=standalone-billing-transactions');
    expect(settled['CreditMemo']?.map((row) => row['Source'])).toEqual(['AdhocFromInvoice', 'AdhocFromPrpc']);
    expect(settled['DebitMemo']?.map((row) => row['Source'])).toEqual(['AdhocFromInvoice']);
    expect(count(settled, 'InvoiceItemAdjustment')).toBe(0);
  });

  test('negative one-time charge: removed as if it had never been, and not asked back', () => {
    const rows = tripped('negative-one-time-charge');
    const rebate = newest(rows, 'Switching rebate');
    expect(rebate['EffectiveEndDate']).toBe(rebate['EffectiveStartDate']);
    expect([booked(rows, rebate), billed(rows, rebate)]).toEqual(['0.00', '-200.00']);
  });

  test('past the end of the term: the setting is on, and what it bills is there', () => {
    const rows = tripped('invoice-past-end-of-term');
    const late = (rows['InvoiceItem'] ?? []).filter((row) => {
      const subscription = one(rows, 'Subscription', { Id: row['SubscriptionId'] ?? '' });
      return (row['ServiceStartDate'] ?? '') >= (subscription['TermEndDate'] ?? '');
    });
    expect(late).toHaveLength(2);
    const settingsOf = (spec: string) => {
      const tenant = generateTenant(parseTenantSpec(spec));
      return ['billing-rules', 'subscription-settings'].map((key) => tenant.setting(key));
    };
    const on = { invoicePastEndOfTerm: true };
    expect(settingsOf('items=1,trip=invoice-past-end-of-term')).toMatchObject([on, on]);
    expect(settingsOf('items=1')).toMatchObject([
      { invoicePastEndOfTerm: false },
      { invoicePastEndOfTerm: false },
    ]);
    expect(settingsOf('items=1,trip=account-level-discount')[1]).toMatchObject({
      enableAccountLevelDiscount: true,
    });
  });
});
