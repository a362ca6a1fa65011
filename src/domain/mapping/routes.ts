import { ADJUSTMENT_ROUTES, CREDIT_MEMO_ITEM_ROUTES, DEBIT_MEMO_ITEM_ROUTES } from './correction-routes.ts';
import { codesOf, PRICE, PRODUCT_CATALOG, type Routes } from './route.ts';
import type { TemplateType } from './transaction-template.ts';

/** Bookings: one line per charge segment of a subscription version. */
export const ORDER_ROUTES: Routes = {
  driver: 'RatePlanCharge',
  routes: [
    { path: 'RatePlan', via: ['RatePlanCharge.RatePlanId'], presence: 'named' },
    {
      path: 'Subscription',
      via: ['RatePlanCharge.SubscriptionId', 'RatePlan.SubscriptionId'],
      presence: 'always',
    },
    { path: 'Account', via: ['RatePlanCharge.AccountId', 'Subscription.AccountId'], presence: 'always' },
    { path: 'ProductRatePlanCharge', via: ['RatePlanCharge.ProductRatePlanChargeId'], presence: 'named' },
    ...PRODUCT_CATALOG,
    { path: 'Amendment', via: ['RatePlanCharge.AmendmentId'], presence: 'optional' },
    { path: 'Ramp', via: ['Subscription.RampId'], presence: 'optional' },
    PRICE,
  ],
};

/** Billings by invoice: one line per item of a posted invoice. */
export const INVOICE_ITEM_ROUTES: Routes = {
  driver: 'InvoiceItem',
  routes: [
    { path: 'Invoice', via: ['InvoiceItem.InvoiceId'], presence: 'always' },
    { path: 'RatePlanCharge', via: ['InvoiceItem.RatePlanChargeId'], presence: 'named' },
    { path: 'RatePlan', via: ['RatePlanCharge.RatePlanId'], presence: 'named' },
    {
      path: 'Subscription',
      via: ['InvoiceItem.SubscriptionId', 'RatePlanCharge.SubscriptionId'],
      presence: 'named',
    },
    { path: 'Account', via: ['InvoiceItem.AccountId', 'Invoice.AccountId'], presence: 'always' },
    {
      path: 'ProductRatePlanCharge',
      via: ['InvoiceItem.ProductRatePlanChargeId', 'RatePlanCharge.ProductRatePlanChargeId'],
      presence: 'named',
    },
    ...PRODUCT_CATALOG,
    ...codesOf('InvoiceItem'),
    {
      path: 'AppliedToItem',
      object: 'InvoiceItem',
      via: ['InvoiceItem.AppliedToInvoiceItemId'],
      presence: 'named',
    },
    {
      path: 'AppliedToCharge',
      object: 'RatePlanCharge',
      via: ['AppliedToItem.RatePlanChargeId'],
      presence: 'named',
    },
  ],
};

/** The routes of each type of template. */
export const ROUTES: Readonly<Record<TemplateType, Routes>> = {
  SO: ORDER_ROUTES,
  INV: INVOICE_ITEM_ROUTES,
  IIA: ADJUSTMENT_ROUTES,
  CM: CREDIT_MEMO_ITEM_ROUTES,
  DM: DEBIT_MEMO_ITEM_ROUTES,
};
