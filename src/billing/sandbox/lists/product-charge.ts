import { jsonCell, jsonNumber } from '../cell-json.ts';
import { type Row } from '../tenant.ts';
import { type CodeName } from './read-rows.ts';

/** How a cell of an export becomes a member of the catalogue. */
type As = 'text' | 'number' | 'flag' | 'words' | 'model' | 'end-date';

const MEMBERS: readonly (readonly [key: string, field: string, as?: As])[] = [
  ['id', 'Id'],
  ['name', 'Name'],
  ['type', 'ChargeType'],
  ['model', 'ChargeModel', 'model'],
  ['uom', 'UOM'],
  ['defaultQuantity', 'DefaultQuantity', 'number'],
  ['applyDiscountTo', 'ApplyDiscountTo'],
  ['discountLevel', 'DiscountLevel'],
  ['discountClass', 'DiscountClassId'],
  ['endDateCondition', 'EndDateCondition', 'end-date'],
  ['upToPeriods', 'UpToPeriods', 'number'],
  ['upToPeriodsType', 'UpToPeriodsType', 'words'],
  ['billingDay', 'BillCycleType'],
  ['listPriceBase', 'ListPriceBase', 'words'],
  ['ratingGroup', 'RatingGroup'],
  ['billingPeriod', 'BillingPeriod'],
  ['billingPeriodAlignment', 'BillingPeriodAlignment'],
  ['specificBillingPeriod', 'SpecificBillingPeriod', 'number'],
  ['smoothingModel', 'SmoothingModel'],
  ['numberOfPeriods', 'NumberOfPeriod', 'number'],
  ['overageCalculationOption', 'OverageCalculationOption'],
  ['overageUnusedUnitsCreditOption', 'OverageUnusedUnitsCreditOption'],
  ['usageRecordRatingOption', 'UsageRecordRatingOption'],
  ['priceChangeOption', 'PriceChangeOption'],
  ['priceIncreasePercentage', 'PriceIncreasePercentage', 'number'],
  ['useTenantDefaultForPriceChange', 'UseTenantDefaultForPriceChange', 'flag'],
  ['taxable', 'Taxable', 'flag'],
  ['taxCode', 'TaxCode'],
  ['taxMode', 'TaxMode'],
  ['triggerEvent', 'TriggerEvent'],
  ['revRecCode', 'RevRecCode'],
  ['revRecTriggerCondition', 'RevRecTriggerCondition'],
  ['revenueRecognitionRuleName', 'RevenueRecognitionRuleName'],
  ['useDiscountSpecificAccountingCode', 'UseDiscountSpecificAccountingCode', 'flag'],
];

/** A charge of `GET /v1/catalog/products`, in the words of that call and not in those of exports. */
export function catalogCharge(
  row: Row,
  tiers: readonly Row[],
  codeOf: (id: string | null | undefined) => CodeName,
): Record<string, unknown> {
  const deferred = codeOf(row['DeferredRevenueAccountingCodeId']);
  const recognized = codeOf(row['RecognizedRevenueAccountingCodeId']);
  return {
    ...Object.fromEntries(MEMBERS.map(([key, field, as]) => [key, memberOf(row[field], as)])),
    description: row['Description'] ?? '',
    billingTiming: row['BillingTiming']?.replaceAll(' ', '_').toUpperCase() ?? null,
    unusedIncludedUnitPrice: null,
    productDiscountApplyDetails: [],
    pricingSummary: tiers.map((tier) => summaryOf(tier, row)),
    pricing: pricesOf(tiers),
    financeInformation: {
      deferredRevenueAccountingCode: deferred.name,
      deferredRevenueAccountingCodeType: deferred.type,
      recognizedRevenueAccountingCode: recognized.name,
      recognizedRevenueAccountingCodeType: recognized.type,
    },
  };
}

const MODELS: Readonly<Record<string, string>> = {
  'Flat Fee Pricing': 'FlatFee',
  'Per Unit Pricing': 'PerUnit',
  'Tiered Pricing': 'Tiered',
  'Volume Pricing': 'Volume',
  'Overage Pricing': 'Overage',
  'Tiered with Overage Pricing': 'TieredWithOverage',
  'Discount-Percentage': 'DiscountPercentage',
  'Discount-Fixed Amount': 'DiscountFixedAmount',
};
const END_DATES: Readonly<Record<string, string>> = {
  SubscriptionEnd: 'Subscription_End',
  FixedPeriod: 'Fixed_Period',
  OneTime: 'One_Time',
};

function memberOf(cell: string | null | undefined, as: As = 'text'): unknown {
  if (cell == null) return null;
  switch (as) {
    case 'text':
      return cell;
    case 'number':
      return jsonNumber(cell);
    case 'flag':
      return jsonCell('boolean', cell);
    case 'words':
      return cell.replaceAll(' ', '_');
    case 'model':
      return MODELS[cell] ?? cell;
    case 'end-date':
      return END_DATES[cell] ?? cell;
  }
}

/** One price a currency; several tiers of one become a list in it. */
function pricesOf(tiers: readonly Row[]): unknown[] {
  const currencies = [...new Set(tiers.map((tier) => tier['Currency'] ?? ''))];
  return currencies.map((currency) => {
    const own = tiers.filter((tier) => (tier['Currency'] ?? '') === currency);
    const [first] = own;
    const single = own.length === 1 ? first : undefined;
    return {
      currency,
      price: memberOf(single?.['Price'], 'number'),
      tiers: single === undefined ? own.map(tierOf) : null,
      includedUnits: memberOf(first?.['IncludedUnits'], 'number'),
      overagePrice: null,
      discountPercentage: memberOf(first?.['DiscountPercentage'], 'number'),
      discountAmount: memberOf(first?.['DiscountAmount'], 'number'),
    };
  });
}

function tierOf(row: Row): unknown {
  return {
    tier: memberOf(row['Tier'], 'number'),
    startingUnit: memberOf(row['StartingUnit'], 'number'),
    endingUnit: memberOf(row['EndingUnit'], 'number'),
    price: memberOf(row['Price'], 'number'),
    priceFormat: row['PriceFormat']?.replaceAll(' ', '') ?? null,
  };
}

function summaryOf(tier: Row, charge: Row): string {
  const off = tier['DiscountPercentage'];
  if (off != null) return `${off}%  discount`;
  const unit = charge['UOM'] == null ? '' : `/${charge['UOM']}`;
  return `${tier['Currency'] ?? ''}${tier['Price'] ?? ''}${unit}`;
}
