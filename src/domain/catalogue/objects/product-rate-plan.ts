import { defineObject } from '../define-object.ts';

/** Product catalogue: rate plans. */
export const productRatePlan = defineObject({
  name: 'ProductRatePlan',
  kind: 'state',
  relations: {
    Product: { object: 'Product', field: 'ProductId' },
  },
  fields: {
    Id: 'text',
    CreatedById: 'text',
    CreatedDate: 'datetime',
    Description: 'text',
    EffectiveEndDate: 'date',
    EffectiveStartDate: 'date',
    ExternalIdSourceSystem: 'text',
    Name: 'text',
    ProductId: 'text',
    UpdatedById: 'text',
    UpdatedDate: 'datetime',
  },
});
