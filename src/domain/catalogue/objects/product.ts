import { defineObject } from '../define-object.ts';

/** Product catalogue: products. */
export const product = defineObject({
  name: 'Product',
  kind: 'state',
  fields: {
    Id: 'text',
    AllowFeatureChanges: 'boolean',
    Category: 'text',
    CreatedById: 'text',
    CreatedDate: 'datetime',
    Description: 'text',
    EffectiveEndDate: 'date',
    EffectiveStartDate: 'date',
    Name: 'text',
    SKU: 'text',
    UpdatedById: 'text',
    UpdatedDate: 'datetime',
  },
});
