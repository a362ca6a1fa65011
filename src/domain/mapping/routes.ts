/**
 * How a template of each type reaches the objects that its rows name: from the driver, whose rows
 * become lines, along fields that hold another object's key. The first field that has a value decides;
 * a key that leads nowhere is an orphan, never a reason to try the next field.
 */
export interface Route {
  /** The name rows use; also the object's name in the catalogue unless `object` says otherwise. */
  readonly path: string;
  readonly object?: string;
  /** `Path.Field`, in order of preference. */
  readonly via: readonly string[];
  /**
   * `always`: a line cannot stand without it. `named`: a value in the field must lead to a row.
   * `optional`: may be missing without any remark.
   */
  readonly presence: 'always' | 'named' | 'optional';
}

export interface Routes {
  readonly driver: string;
  readonly routes: readonly Route[];
}

const PRODUCT_CATALOG: readonly Route[] = [
  { path: 'ProductRatePlan', via: ['ProductRatePlanCharge.ProductRatePlanId'], presence: 'named' },
  { path: 'Product', via: ['ProductRatePlan.ProductId'], presence: 'named' },
];

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
    { path: 'ChargeContractualValueAllCharges', via: ['RatePlanCharge.Id'], presence: 'optional' },
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
