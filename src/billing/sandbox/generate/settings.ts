import { ACCOUNTING_CODES } from './product-catalogue.ts';
import { pricePerDollar, rateText } from './exchange-rates.ts';
import { type IdOf } from './dice.ts';
import { type TenantSpec } from '../tenant-spec.ts';

/** Which part of the tenant asks: settings differ between entities. */
export interface Asking {
  readonly idOf: IdOf;
  readonly home: string;
}

type Body = (spec: TenantSpec, asking: Asking) => unknown;

/** The bodies of `GET /settings/<key>`: as revenue accounting wants them (domain.md section 6). */
export const SETTINGS: Readonly<Record<string, Body>> = {
  'accounting-rules': () => ({
    allowRevenueScheduleNegativeAmounts: true,
    allowBlankAccountingCodes: false,
    allowCreationInClosedPeriod: false,
    allowUsageInClosedPeriod: false,
    differentCurrencies: true,
    useOriginalExchangeRateForCredits: false,
  }),
  'application-rules': () => ({
    applyItemAllocationRule: 'ApplyProrationRule',
    unapplyItemAllocationRule: 'UnapplyFirstInFirstOut',
  }),
  'billing-cycle-types': () => ({
    billingCycleTypes: [
      'DefaultFromCustomer',
      'SpecificDayofMonth',
      'SubscriptionStartDay',
      'ChargeTriggerDay',
    ],
  }),
  'billing-list-price-bases': () => ({ listPriceBase: ['Per_Billing_Period', 'Per_Month', 'Per_Year'] }),
  'billing-periods': () => ({ billingPeriods: ['Month', 'Quarter', 'Annual'] }),
  'billing-rules': ({ trip }) => ({
    oneTimeCreditBack: true,
    proratePeriodOfRecurringCharge: true,
    prorateRecurringWeeklyCharges: true,
    prorateRecurringMonthlyCharges: true,
    prorateUsageMonthlyCharges: true,
    prorateUsageWeeklyCharges: true,
    daysInMonth: 'UseActualDays',
    prorationUnit: 'ProrateByDay',
    allowAutoPostBillRun: true,
    autoPostBillRunDefaultValue: true,
    includeNegativeInvoice: true,
    includeChildUsage: false,
    rateUsageIndividually: false,
    transactionOnSubscription: true,
    taxAddressOwner: 'SubscriptionOwner',
    takeContactSnapshot: true,
    taxInclusiveRoundingRule: 'RoundingNetAmount',
    legalDocumentGeneratingRule: 'GroupByOriginalSRPC',
    recurringChargeStyle: 'Advanced',
    preGenerateInvoicePdf: false,
    timeOfDailyInvoice: 0,
    notSendZeroItemsForTax: false,
    taxRateChangeOption: 'OneTaxItem',
    availableToCreditValidationLevel: 'HeaderLevel',
    creditMemoMirroringInvoiceItemsRule: 'Yes',
    invoicePastEndOfTerm: trip.includes('invoice-past-end-of-term'),
    billToTermEndWhenAutoRenew: true,
    zuoraTaxRoundingDiffDispersion: false,
  }),
  'charge-models': () => ({ chargeModels: ['FlatFee', 'PerUnit', 'DiscountPercentage'] }),
  'charge-types': () => ({ chargeTypes: ['OneTime', 'Recurring', 'Usage'] }),
  'chart-of-accounts': (_spec, { idOf }) =>
    ACCOUNTING_CODES.map(({ name, type, category }) => ({
      id: idOf('AccountingCode', name),
      name,
      type,
      category,
      status: 'Active',
      customFieldsValues: {},
    })),
  currencies: ({ currencies }, { home }) => ({
    currencies: currencies.map((currency) => ({
      currencyCode: currency,
      roundingMode: 'HalfUp',
      rate: Number(rateText(pricePerDollar(currency))),
      defaultIncrementForInclusiveTax: false,
      incrementForInvoiceTotal: false,
      active: true,
      default: currency === home,
    })),
  }),
  'discount-settings': () => ({ discounts: [] }),
  'fx-currencies': (_spec, { home }) => ({
    homeCurrencyCode: home,
    customRateEnabled: false,
    rateOffset: 1,
    useInverseRate: true,
    rateDateType: 'Daily',
    dayOfMonth: 1,
    roundingMode: 'RoundHalfUp',
    exportEnabled: true,
  }),
  'numbers-and-skus': () => ({
    billingAccountprefix: 'A',
    skuPrefix: 'SKU-',
    subscriptionNumberPrefix: 'A-S',
    chargeNumberPrefix: 'C-',
    amendmentNumberPrefix: 'A-AM',
    customerNumberPrefix: 'C',
  }),
  'payment-terms': (_spec, { idOf }) => [
    {
      id: idOf('PaymentTerm', 'Net 30'),
      name: 'Net 30',
      isActive: true,
      isDefault: true,
      type: 'NetPaymentTerm',
      intervalUnit: 'Day',
      intervalNumber: 30,
    },
  ],
  'revenue-recognition-code-status': () => ({ enabled: true }),
  'revenue-recognition-codes': (_spec, { idOf }) => ({
    enabled: true,
    codes: ['Subscription Term', 'Service Period'].map((code) => ({
      active: true,
      id: idOf('RevenueRecognitionCode', code),
      code,
    })),
  }),
  'revenue-start-date': ({ from }) => ({ revenueStartDate: from }),
  'subscription-settings': ({ trip }) => ({
    termType: 'TERMED',
    initialTerm: 12,
    renewalTerm: 12,
    invoicePastEndOfTerm: trip.includes('invoice-past-end-of-term'),
    contractRenewal: true,
    acceptanceOfOrders: false,
    implementationPeriod: false,
    subscriptionsInvoicedSeparately: false,
    increasePriceRenewSubscription: false,
    productFeatureOfSubscription: false,
    renewNoChargeSubscription: true,
    priceChangeOption: 'NoChange',
    priceIncreasePercentage: 0,
    autoRenewJobRunTimeType: 'SystemDefault',
    updateChargeTriggerCondition: false,
    orderMetricsTaxationOption: 'NO',
    updateSubscriptionActivationDate: false,
    enableAccountLevelDiscount: trip.includes('account-level-discount'),
  }),
  'units-of-measure': (_spec, { idOf }) => ({
    unitsOfMeasure: [
      {
        id: idOf('UnitOfMeasure', 'Each'),
        name: 'Each',
        displayAs: 'Each',
        precision: 0,
        roundingMode: 'Up',
        active: true,
        usageLogFileLabel: 'Each',
      },
    ],
  }),
};
