import { defineObject } from '../define-object.ts';

/** Prices of a charge segment. */
export const ratePlanChargeTier = defineObject({
  name: 'RatePlanChargeTier',
  kind: 'transaction',
  relations: {
    Account: { object: 'Account', field: 'AccountId' },
    RatePlanCharge: { object: 'RatePlanCharge', field: 'RatePlanChargeId' },
  },
  fields: {
    Id: 'text',
    AccountId: 'text',
    Currency: 'text',
    DiscountAmount: 'decimal',
    DiscountPercentage: 'decimal',
    EndingUnit: 'decimal',
    IncludedUnits: 'decimal',
    IsOveragePrice: 'decimal',
    OveragePrice: 'decimal',
    Price: 'decimal',
    PriceFormat: 'text',
    RatePlanChargeId: 'text',
    SpecificListPriceBase: 'integer',
    StartingUnit: 'decimal',
    Tier: 'integer',
    CreatedById: 'text',
    CreatedDate: 'datetime',
    UpdatedById: 'text',
    UpdatedDate: 'datetime',
  },
});
