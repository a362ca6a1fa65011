import { defineObject } from '../define-object.ts';

/** Product catalogue: prices of a charge. */
export const productRatePlanChargeTier = defineObject({
  name: 'ProductRatePlanChargeTier',
  kind: 'state',
  relations: {
    ProductRatePlanCharge: { object: 'ProductRatePlanCharge', field: 'ProductRatePlanChargeId' },
  },
  fields: {
    Id: 'text',
    Active: 'text',
    Currency: 'text',
    DiscountAmount: 'decimal',
    DiscountPercentage: 'decimal',
    EndingUnit: 'decimal',
    IncludedUnits: 'decimal',
    IsOveragePrice: 'decimal',
    Price: 'decimal',
    PriceFormat: 'text',
    ProductRatePlanChargeId: 'text',
    StartingUnit: 'decimal',
    Tier: 'integer',
    CreatedById: 'text',
    CreatedDate: 'datetime',
    UpdatedById: 'text',
    UpdatedDate: 'datetime',
  },
});
