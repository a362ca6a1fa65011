import { pricePerDollar } from './exchange-rates.ts';
import { type Minor, decimalsOf, divided } from './money.ts';

/** A product charge that subscriptions of the generated tenant can have. */
export interface ProductCharge {
  readonly key: string;
  readonly product: string;
  readonly plan: string;
  readonly name: string;
  readonly type: 'Recurring' | 'OneTime' | 'Usage';
  readonly model:
    | 'Flat Fee Pricing'
    | 'Per Unit Pricing'
    | 'Overage Smoothing Pricing'
    | 'Discount-Percentage'
    | 'Discount-Fixed Amount';
  /** Months of a billing period; 0 for what is billed once. */
  readonly months: 0 | 1 | 3 | 12;
  /** Months that the price is for. */
  readonly priceMonths: 1 | 3 | 12;
  readonly timing: 'In Advance' | 'In Arrears' | null;
  readonly uom: string | null;
  /** List price in US cents; the percentage of a discount. */
  readonly price: number;
  readonly prepaid?: boolean;
  /** Of a discount that reaches beyond its subscription. */
  readonly level?: 'account';
  /** Months after which it ends by itself; without it, it goes on as long as the subscription. */
  readonly lasts?: number;
}

export const PRODUCTS: Readonly<Record<string, { readonly name: string; readonly sku: string }>> = {
  platform: { name: 'Platform', sku: 'SKU-00000001' },
  services: { name: 'Services, "hands-on"', sku: 'SKU-00000002' },
  api: { name: 'API', sku: 'SKU-00000003' },
  promotions: { name: 'Promotions', sku: 'SKU-00000004' },
  prepaid: { name: 'Prepaid credits', sku: 'SKU-00000005' },
};

export const FLAT = {
  type: 'Recurring',
  model: 'Flat Fee Pricing',
  timing: 'In Advance',
  uom: null,
} as const;
const SEATS = { type: 'Recurring', model: 'Per Unit Pricing', timing: 'In Advance', uom: 'Each' } as const;

export const TEAM: ProductCharge = {
  ...FLAT,
  key: 'team',
  product: 'platform',
  plan: 'Team',
  name: 'Team, monthly fee',
  months: 1,
  priceMonths: 1,
  price: 4_900,
};
export const BUSINESS: ProductCharge = {
  ...SEATS,
  key: 'business',
  product: 'platform',
  plan: 'Business',
  name: 'Business, "named" seats',
  months: 1,
  priceMonths: 1,
  price: 1_500,
};
export const STANDARD: ProductCharge = {
  ...FLAT,
  key: 'standard',
  product: 'platform',
  plan: 'Standard',
  name: 'Standard, quarterly fee',
  months: 3,
  priceMonths: 3,
  price: 29_900,
};
export const ENTERPRISE: ProductCharge = {
  ...SEATS,
  key: 'enterprise',
  product: 'platform',
  plan: 'Enterprise',
  name: 'Enterprise, seats a year',
  months: 12,
  priceMonths: 12,
  price: 21_600,
};
/** Priced by the year, billed by the month: 1,000.00 leaves a rest for the last instalment. */
export const PROFESSIONAL: ProductCharge = {
  ...FLAT,
  key: 'professional',
  product: 'platform',
  plan: 'Professional',
  name: 'Professional, in twelve instalments',
  months: 1,
  priceMonths: 12,
  price: 100_000,
};
export const SUPPORT: ProductCharge = {
  ...FLAT,
  key: 'support',
  product: 'platform',
  plan: 'Premium support',
  name: 'Premium support',
  months: 1,
  priceMonths: 1,
  price: 9_900,
};
export const ONBOARDING: ProductCharge = {
  key: 'onboarding',
  product: 'services',
  plan: 'Onboarding',
  name: 'Onboarding',
  type: 'OneTime',
  model: 'Flat Fee Pricing',
  months: 0,
  priceMonths: 1,
  timing: null,
  uom: null,
  price: 75_000,
};
export const CALLS: ProductCharge = {
  key: 'calls',
  product: 'api',
  plan: 'API calls',
  name: 'API calls',
  type: 'Usage',
  model: 'Per Unit Pricing',
  months: 1,
  priceMonths: 1,
  timing: 'In Arrears',
  uom: 'Each',
  price: 25,
};
export const LOYALTY: ProductCharge = {
  key: 'loyalty',
  product: 'promotions',
  plan: 'Loyalty discount',
  name: 'Loyalty discount',
  type: 'Recurring',
  model: 'Discount-Percentage',
  months: 1,
  priceMonths: 1,
  timing: 'In Advance',
  uom: null,
  price: 10,
};

export const PRODUCT_CHARGES: readonly ProductCharge[] = [
  TEAM,
  BUSINESS,
  STANDARD,
  ENTERPRISE,
  PROFESSIONAL,
  SUPPORT,
  ONBOARDING,
  CALLS,
  LOYALTY,
];

/** Whether it takes a percentage off other charges. */
export function isDiscount(charge: ProductCharge): boolean {
  return charge.model === 'Discount-Percentage';
}

/** Whether it takes an amount off; such a charge is priced and billed by itself, below zero. */
export function isFixedDiscount(charge: ProductCharge): boolean {
  return charge.model === 'Discount-Fixed Amount';
}

export function listPrice(charge: ProductCharge, currency: string): Minor {
  // Cents have two decimals, rates six.
  const shift = 10n ** BigInt(2 + 6);
  const unit = 10n ** BigInt(decimalsOf(currency));
  return divided(BigInt(charge.price) * pricePerDollar(currency) * unit, shift);
}

/** The codes that a product charge sends its lines to: field of the charge -> code. */
export const CODES_OF_CHARGE: Readonly<Record<string, string>> = {
  AccountReceivableAccountingCodeId: 'Accounts Receivable',
  DeferredRevenueAccountingCodeId: 'Deferred Revenue',
  RecognizedRevenueAccountingCodeId: 'Subscription Revenue',
  ContractLiabilityAccountingCodeId: 'Contract Liability',
  ContractRecognizedRevenueAccountingCodeId: 'Contract Revenue',
  AdjustmentLiabilityAccountingCodeId: 'Adjustment Liability',
  AdjustmentRevenueAccountingCodeId: 'Adjustment Revenue',
  UnbilledReceivablesAccountingCodeId: 'Unbilled Receivables',
  ContractAssetAccountingCodeId: 'Contract Asset',
};

/** Services, usage and discounts are recognised under codes of their own. */
export function codeOf(charge: ProductCharge, field: string): string {
  if (field === 'RecognizedRevenueAccountingCodeId') {
    if (charge.type === 'OneTime') return 'Services Revenue';
    if (charge.type === 'Usage') return 'Usage Revenue';
    if (isDiscount(charge) || isFixedDiscount(charge)) return 'Discounts';
  }
  return CODES_OF_CHARGE[field] ?? 'Accounts Receivable';
}

interface AccountingCode {
  readonly name: string;
  readonly type: string;
  readonly category: string;
  readonly number: string;
}

const code = (number: string, name: string, type: string, category: string): AccountingCode => ({
  number,
  name,
  type,
  category,
});

export const ACCOUNTING_CODES: readonly AccountingCode[] = [
  code('1110', 'Cash', 'Cash', 'Assets'),
  code('1310', 'Accounts Receivable', 'AccountsReceivable', 'Assets'),
  code('1320', 'Unbilled Receivables', 'UnbilledReceivables', 'Assets'),
  code('1330', 'Contract Asset', 'ContractAssets', 'Assets'),
  code('2310', 'Deferred Revenue', 'DeferredRevenue', 'Liabilities'),
  code('2320', 'Contract Liability', 'ContractLiabilities', 'Liabilities'),
  code('2330', 'Adjustment Liability', 'AdjustmentLiabilities', 'Liabilities'),
  code('2410', 'Customer Cash On Account', 'CustomerCashOnAccount', 'Liabilities'),
  code('4010', 'Subscription Revenue', 'SalesRevenue', 'Revenue'),
  code('4020', 'Services Revenue', 'SalesRevenue', 'Revenue'),
  code('4030', 'Usage Revenue', 'SalesRevenue', 'Revenue'),
  code('4040', 'Contract Revenue', 'SalesRevenue', 'Revenue'),
  code('4050', 'Adjustment Revenue', 'AdjustmentRevenue', 'Revenue'),
  code('4090', 'Discounts', 'SalesDiscounts', 'Revenue'),
];
