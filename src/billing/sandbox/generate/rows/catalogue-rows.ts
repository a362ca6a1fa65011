import { type Row } from '../../tenant.ts';
import { type Ground } from '../account.ts';
import { addMonths, dayText } from '../days.ts';
import { type Minor, decimalsOf, minorText } from '../money.ts';
import {
  ACCOUNTING_CODES,
  CODES_OF_CHARGE,
  PRODUCTS,
  PRODUCT_CHARGES,
  type ProductCharge,
  codeOf,
  isDiscount,
  isFixedDiscount,
  listPrice,
} from '../product-catalogue.ts';
import { chargesFor } from '../trip-charges.ts';
import { AT, numberOf, stamp } from './stamp.ts';

type Maker = (ground: Ground, currencies: readonly string[]) => readonly Row[];

const opening = (ground: Ground): Record<string, string> =>
  stamp(ground, { day: ground.from, minute: AT.opened });

/** Products and accounting codes: small, and there before the first account. */
export const CATALOGUE_ROWS: Readonly<Record<string, Maker>> = {
  AccountingCode: (ground) =>
    ACCOUNTING_CODES.map(({ name, type, category, number }) => ({
      Id: ground.idOf('AccountingCode', name),
      Name: name,
      Type: type,
      Category: category,
      GLAccountName: name,
      GLAccountNumber: number,
      Status: 'Active',
      ...opening(ground),
    })),

  Product: (ground) =>
    Object.entries(PRODUCTS)
      .filter(([key]) => chargesOf(ground).some((charge) => charge.product === key))
      .map(([key, { name, sku }]) => ({
        Id: ground.idOf('Product', key),
        Name: name,
        SKU: sku,
        AllowFeatureChanges: 'false',
        ...validity(ground),
        ...opening(ground),
      })),

  ProductRatePlan: (ground) =>
    chargesOf(ground).map(({ plan, product }) => ({
      Id: ground.idOf('ProductRatePlan', plan),
      ProductId: ground.idOf('Product', product),
      Name: plan,
      ...validity(ground),
      ...opening(ground),
    })),

  ProductRatePlanCharge: (ground) =>
    chargesOf(ground).map((charge, index) => ({
      Id: ground.idOf('ProductRatePlanCharge', charge.key),
      ProductRatePlanChargeNumber: numberOf('PC-', index + 1),
      ProductId: ground.idOf('Product', charge.product),
      ProductRatePlanId: ground.idOf('ProductRatePlan', charge.plan),
      Name: charge.name,
      AccountingCode: codeOf(charge, 'RecognizedRevenueAccountingCodeId'),
      ...billingTerms(charge),
      DefaultQuantity: charge.model === 'Per Unit Pricing' ? '1' : null,
      ExcludeItemBillingFromRevenueAccounting: 'false',
      ExcludeItemBookingFromRevenueAccounting: 'false',
      IsPrepaid: String(charge.prepaid === true),
      PrepaidOperationType: charge.prepaid === true ? 'topup' : null,
      LegacyRevenueReporting: 'false',
      RevenueRecognitionRuleName: 'Recognize daily over time',
      TaxMode: 'TaxExclusive',
      Taxable: 'false',
      UseTenantDefaultForPriceChange: 'false',
      ...codeIds(ground, charge),
      ...opening(ground),
    })),

  ProductRatePlanChargeTier: (ground, currencies) =>
    chargesOf(ground).flatMap((charge) =>
      currencies.map((currency) => ({
        Id: ground.idOf('ProductRatePlanChargeTier', charge.key, currency),
        ProductRatePlanChargeId: ground.idOf('ProductRatePlanCharge', charge.key),
        Active: 'true',
        Currency: currency,
        Tier: '1',
        StartingUnit: '0',
        PriceFormat: charge.model === 'Per Unit Pricing' ? 'Per Unit' : 'Flat Fee',
        ...priceFields(charge, listPrice(charge, currency), currency),
        ...opening(ground),
      })),
    ),
};

function chargesOf(ground: Ground): readonly ProductCharge[] {
  return [...PRODUCT_CHARGES, ...chargesFor(ground.trip)];
}

function validity({ from }: Ground): Record<string, string> {
  return { EffectiveStartDate: dayText(from), EffectiveEndDate: dayText(addMonths(from, 120)) };
}

const PERIODS: Readonly<Record<number, string>> = { 1: 'Month', 3: 'Quarter', 12: 'Annual' };

/** What a product charge and the charges made from it have in common. */
export function billingTerms(charge: ProductCharge): Row {
  const recurs = charge.months !== 0;
  return {
    ChargeType: charge.type,
    ChargeModel: charge.model,
    BillCycleType: 'DefaultFromCustomer',
    BillingPeriod: PERIODS[charge.months] ?? null,
    BillingPeriodAlignment: recurs ? 'AlignToCharge' : null,
    BillingTiming: charge.timing,
    EndDateCondition: endCondition(charge),
    TriggerEvent: 'ContractEffective',
    UpToPeriodsType: 'Billing Periods',
    UOM: charge.uom,
    ListPriceBase: charge.priceMonths === charge.months ? 'Per Billing Period' : 'Per Year',
    PriceChangeOption: 'NoChange',
    RatingGroup: charge.type === 'Usage' ? 'ByBillingPeriod' : null,
    ApplyDiscountTo: takesOff(charge) ? 'RECURRING' : null,
    DiscountLevel: takesOff(charge) ? (charge.level ?? 'subscription') : null,
    ...(charge.lasts === undefined ? {} : { UpToPeriods: String(charge.lasts) }),
    ...(charge.model === 'Overage Smoothing Pricing' ? { SmoothingModel: 'ROLLINGWINDOW' } : {}),
  };
}

/** What a tier says: a price, a percentage, or an amount to take off. */
export function priceFields(charge: ProductCharge, price: Minor, currency: string): Row {
  const fixed = isFixedDiscount(charge);
  return {
    Price: takesOff(charge) ? null : minorText(price, decimalsOf(currency)),
    DiscountPercentage: isDiscount(charge) ? String(charge.price) : null,
    ...(fixed ? { DiscountAmount: minorText(-price, decimalsOf(currency)) } : {}),
  };
}

function takesOff(charge: ProductCharge): boolean {
  return isDiscount(charge) || isFixedDiscount(charge);
}

function endCondition(charge: ProductCharge): string {
  if (charge.lasts !== undefined) return 'FixedPeriod';
  return charge.type === 'OneTime' ? 'OneTime' : 'SubscriptionEnd';
}

const known = new WeakMap<Ground, Map<ProductCharge, Record<string, string>>>();

/** The ids of all accounting codes of a product charge, by field. */
export function codeIds(ground: Ground, charge: ProductCharge): Record<string, string> {
  let ofGround = known.get(ground);
  if (ofGround === undefined) known.set(ground, (ofGround = new Map()));
  let ids = ofGround.get(charge);
  if (ids === undefined) {
    const fields = Object.keys(CODES_OF_CHARGE);
    ids = Object.fromEntries(
      fields.map((field) => [field, ground.idOf('AccountingCode', codeOf(charge, field))]),
    );
    ofGround.set(charge, ids);
  }
  return ids;
}
