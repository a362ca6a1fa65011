import { defineObject } from '../define-object.ts';

/** What a discount charge takes off a discounted charge. Keyed by the pair. */
export const discountContractualValues = defineObject({
  name: 'DiscountContractualValues',
  kind: 'transaction',
  key: ['DiscountRatePlanChargeId', 'RatePlanChargeId'],
  relations: {
    Account: { object: 'Account', field: 'AccountId' },
    Subscription: { object: 'Subscription', field: 'SubscriptionId' },
    RatePlanCharge: { object: 'RatePlanCharge', field: 'RatePlanChargeId' },
    DiscountRatePlanCharge: { object: 'RatePlanCharge', field: 'DiscountRatePlanChargeId' },
  },
  fields: {
    Id: 'text',
    AccountId: 'text',
    SubscriptionId: 'text',
    SubscriptionName: 'text',
    SubscriptionVersion: 'integer',
    RatePlanChargeId: 'text',
    OriginalRatePlanChargeId: 'text',
    ChargeNumber: 'text',
    ChargeSegmentNumber: 'integer',
    DiscountRatePlanChargeId: 'text',
    DiscountOriginalRatePlanChargeId: 'text',
    DiscountChargeNumber: 'text',
    DiscountChargeSegmentNumber: 'text',
    Amount: 'decimal',
    Currency: 'text',
    StartDate: 'date',
    EndDate: 'date',
    CreatedById: 'text',
    CreatedDate: 'datetime',
    UpdatedById: 'text',
    UpdatedDate: 'datetime',
  },
});
