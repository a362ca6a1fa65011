import { invariant } from '../errors.ts';
import { type BillingObject } from './define-object.ts';
import { account } from './objects/account.ts';
import { accountingCode } from './objects/accounting-code.ts';
import { amendment } from './objects/amendment.ts';
import { chargeContractualValueAllCharges } from './objects/charge-contractual-value-all-charges.ts';
import { contact } from './objects/contact.ts';
import { contactSnapshot } from './objects/contact-snapshot.ts';
import { creditBalanceAdjustment } from './objects/credit-balance-adjustment.ts';
import { creditMemo } from './objects/credit-memo.ts';
import { creditMemoItem } from './objects/credit-memo-item.ts';
import { debitMemo } from './objects/debit-memo.ts';
import { debitMemoItem } from './objects/debit-memo-item.ts';
import { discountContractualValues } from './objects/discount-contractual-values.ts';
import { exchangeRate } from './objects/exchange-rate.ts';
import { invoice } from './objects/invoice.ts';
import { invoiceItem } from './objects/invoice-item.ts';
import { invoiceItemAdjustment } from './objects/invoice-item-adjustment.ts';
import { order } from './objects/order.ts';
import { orderAction } from './objects/order-action.ts';
import { product } from './objects/product.ts';
import { productRatePlan } from './objects/product-rate-plan.ts';
import { productRatePlanCharge } from './objects/product-rate-plan-charge.ts';
import { productRatePlanChargeTier } from './objects/product-rate-plan-charge-tier.ts';
import { ramp } from './objects/ramp.ts';
import { rampInterval } from './objects/ramp-interval.ts';
import { rampSubscriptionLink } from './objects/ramp-subscription-link.ts';
import { ratePlan } from './objects/rate-plan.ts';
import { ratePlanCharge } from './objects/rate-plan-charge.ts';
import { ratePlanChargeTier } from './objects/rate-plan-charge-tier.ts';
import { subscription } from './objects/subscription.ts';

/**
 * Every Billing object that a template, a limitation or the price of a booking needs (domain.md 1.1),
 * state objects first. The pre-staging tables follow from it; a test compares the two.
 */
export const CATALOGUE: readonly BillingObject[] = [
  account,
  accountingCode,
  contact,
  contactSnapshot,
  product,
  productRatePlan,
  productRatePlanCharge,
  productRatePlanChargeTier,
  amendment,
  creditBalanceAdjustment,
  creditMemo,
  creditMemoItem,
  debitMemo,
  debitMemoItem,
  invoice,
  invoiceItem,
  invoiceItemAdjustment,
  order,
  orderAction,
  ramp,
  rampInterval,
  rampSubscriptionLink,
  ratePlan,
  ratePlanCharge,
  ratePlanChargeTier,
  subscription,
  chargeContractualValueAllCharges,
  discountContractualValues,
  exchangeRate,
];

const BY_NAME = new Map(CATALOGUE.map((object) => [object.name, object]));

/** The object of that name, or undefined when the catalogue does not have it. */
export function findObject(name: string): BillingObject | undefined {
  return BY_NAME.get(name);
}

/** The object of that name; its absence is a mistake in our own data. */
export function objectOf(name: string): BillingObject {
  const object = BY_NAME.get(name);
  invariant(object !== undefined, `the catalogue has no object ${name}`);
  return object;
}
