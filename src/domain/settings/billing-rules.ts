import type { BillingRule } from './billing-rule.ts';

const RULES = 'Billing Settings > Define Billing Rules';
const DEFAULTS = 'Billing Settings > Define Default Subscription and Order Settings';

const PRORATED =
  'The contractual value of a charge is prorated for part periods; billed whole, bookings and billings would never add up to the same.';
const WITHIN_TERM =
  'What is billed beyond the term was never booked; it is not compatible with ASC 606 and not supported (known limitation invoice-past-end-of-term).';

/** Shared by what is set in Billing's billing rules and has to be on. */
const on = (id: string, name: string, field: string, why: string): BillingRule => ({
  id,
  name,
  where: RULES,
  setting: `billing-rules.${field}`,
  required: 'Yes',
  allowed: ['true'],
  binding: true,
  why,
});

/** Every setting of domain.md section 6. A booking has to come to what is billed: that is why, of nearly all. */
export const BILLING_RULES: readonly BillingRule[] = [
  on(
    'one-time-credit-back',
    'Enable credit back for removing or canceling one time charges',
    'oneTimeCreditBack',
    'Revenue is taken back when a one-time charge is removed; without the credit in Billing, billings stay above bookings.',
  ),
  on(
    'prorate-recurring-month',
    'Bill recurring charges for partial month',
    'prorateRecurringMonthlyCharges',
    PRORATED,
  ),
  on(
    'prorate-recurring-week',
    'Bill recurring charges for partial week',
    'prorateRecurringWeeklyCharges',
    PRORATED,
  ),
  on('prorate-usage-month', 'Bill usage charges for partial month', 'prorateUsageMonthlyCharges', PRORATED),
  on('prorate-usage-week', 'Bill usage charges for partial week', 'prorateUsageWeeklyCharges', PRORATED),
  {
    id: 'credit-memos-mirror-invoice-items',
    name: 'Create credit memos mirroring invoice items',
    where: RULES,
    setting: 'billing-rules.creditMemoMirroringInvoiceItemsRule',
    required: 'Yes, or Yes but not for zero balance',
    allowed: ['Yes', 'YesExceptForZeroItems'],
    binding: true,
    why: 'A credit memo item made otherwise does not say which item a discount applies to, so that the discount cannot be credited.',
  },
  {
    id: 'days-in-month',
    name: 'When prorating a month, assume 30 days in a month or use actual days',
    where: RULES,
    setting: 'billing-rules.daysInMonth',
    required: 'Use actual number of days',
    allowed: ['UseActualDays'],
    binding: true,
    why: 'Contractual values count the days there are; months of 30 days are billed at other amounts.',
  },
  {
    id: 'proration-unit',
    name: 'When prorating periods greater than a month, prorate by month first, or by day',
    where: RULES,
    setting: 'billing-rules.prorationUnit',
    required: 'Prorate by day',
    allowed: ['ProrateByDay'],
    binding: true,
    why: 'Contractual values are prorated by day; by month first, a part period is billed at another amount.',
  },
  {
    id: 'invoice-past-end-of-term-auto-renew-off',
    name: 'Invoice Past End-of-Term when Auto-Renew is OFF',
    where: RULES,
    setting: 'billing-rules.invoicePastEndOfTerm',
    required: 'No',
    allowed: ['false'],
    binding: true,
    why: WITHIN_TERM,
    limitation: 'invoice-past-end-of-term',
  },
  {
    id: 'invoice-past-end-of-term-subscriptions',
    name: 'Invoice Past End-of-Term when Auto-Renew is OFF (default of subscriptions)',
    where: DEFAULTS,
    setting: 'subscription-settings.invoicePastEndOfTerm',
    required: 'No',
    allowed: ['false'],
    binding: true,
    why: WITHIN_TERM,
    limitation: 'invoice-past-end-of-term',
  },
  {
    id: 'invoice-past-end-of-term-auto-renew-on',
    name: 'Invoice Past End-of-Term when Auto-Renew is ON',
    where: RULES,
    // The page asks whether to bill past the term, the field whether to bill up to its end: No is `true`.
    setting: 'billing-rules.billToTermEndWhenAutoRenew',
    required: 'No',
    allowed: ['true'],
    binding: true,
    why: WITHIN_TERM,
    limitation: 'invoice-past-end-of-term',
  },
  {
    id: 'update-charge-trigger-condition',
    name: 'Update rate plan charge trigger condition',
    where: DEFAULTS,
    setting: 'subscription-settings.updateChargeTriggerCondition',
    required: 'No',
    allowed: ['false'],
    binding: true,
    why: 'A trigger condition that changes later changes contractual values within one subscription version, and a version is collected once.',
  },
  {
    id: 'recurring-credit-proration',
    name: 'When bill credit for recurring charges, based on billed period or credit period',
    where: RULES,
    setting: 'billing-rules.recurringCreditProrationOption',
    required: 'Based on the total billing period amount and charged amount',
    allowed: [],
    binding: false,
    why: 'Order to Revenue asks for it: credits then leave no rounding difference between bookings and billings.',
  },
  {
    id: 'update-subscription-trigger-dates',
    name: 'Allow update Subscription trigger dates',
    where: DEFAULTS,
    setting: 'subscription-settings.updateSubscriptionActivationDate',
    required: 'No',
    allowed: ['false'],
    binding: false,
    why: 'Order to Revenue asks for it: trigger dates that change later move what has been booked.',
  },
];
