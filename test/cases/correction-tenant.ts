import { adjustment, memo } from '../support/rich-tenant.ts';
import { sampleTenant } from '../support/sample-tenant.ts';
import type { Rows } from '../support/sync-rows.ts';

/** What decides the type of a correction, as the cases name it; amounts are as staged, credits negative. */
export interface Correction {
  readonly object: 'credit-memo-bill-run' | 'invoice-item-adjustment';
  readonly chargeModel: 'regular' | 'discount-fixed' | 'discount-percentage';
  readonly subscriptionType: 'termed' | 'evergreen';
  readonly billed: string;
  readonly booked: string;
}

const MODELS = {
  regular: 'Per Unit Pricing',
  'discount-fixed': 'Discount-Fixed Amount',
  'discount-percentage': 'Discount-Percentage',
} as const;

/**
 * A tenant with that one correction. A percentage discount is a second charge, applied to the first; `booked` is what
 * the charge books, for a percentage discount on an evergreen subscription what the discounted charge does.
 */
export function correctionTenant({ object, ...facts }: Correction): Rows {
  const keys = facts.chargeModel === 'discount-percentage' ? { RatePlanChargeId: 'disc' } : {};
  const item = facts.chargeModel === 'discount-percentage' ? 'itemd' : 'item1';
  if (object === 'invoice-item-adjustment') {
    const type = facts.billed.startsWith('-') ? 'Credit' : 'Charge';
    const change = { Type: type, Amount: facts.billed.replace('-', ''), InvoiceItemId: item, ...keys };
    return { ...tenantOf(facts), InvoiceItemAdjustment: [adjustment(change)] };
  }
  const amount = facts.billed.startsWith('-') ? facts.billed.slice(1) : `-${facts.billed}`;
  const change = { AmountWithoutTax: amount, InvoiceItemId: item, ...keys };
  return {
    ...tenantOf(facts),
    ...memo('CreditMemo', { Source: 'BillRun', SourceType: 'Subscription' }, change),
  };
}

function tenantOf({ chargeModel, subscriptionType, booked }: Omit<Correction, 'object'>): Rows {
  const tenant = sampleTenant();
  const first = (object: string) => tenant[object]?.[0] ?? {};
  const charge = first('RatePlanCharge');
  const discounts = chargeModel === 'discount-percentage';
  const discount = { ...charge, Id: 'disc', OriginalId: 'disc', ChargeModel: MODELS['discount-percentage'] };
  const item = {
    ...first('InvoiceItem'),
    Id: 'itemd',
    RatePlanChargeId: 'disc',
    AppliedToInvoiceItemId: 'item1',
    ChargeAmount: '-10.00',
  };
  return {
    ...tenant,
    Subscription: [{ ...first('Subscription'), TermType: subscriptionType.toUpperCase() }],
    RatePlanCharge: discounts ? [charge, discount] : [{ ...charge, ChargeModel: MODELS[chargeModel] }],
    ChargeContractualValueAllCharges: [{ ...first('ChargeContractualValueAllCharges'), Amount: booked }],
    InvoiceItem: [first('InvoiceItem'), ...(discounts ? [item] : [])],
    ...(discounts
      ? {
          DiscountContractualValues: [
            { DiscountRatePlanChargeId: 'disc', RatePlanChargeId: 'rpc1', Amount: booked },
          ],
        }
      : {}),
  };
}
