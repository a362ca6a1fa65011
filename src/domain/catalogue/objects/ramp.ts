import { defineObject } from '../define-object.ts';

/** Ramp deals. */
export const ramp = defineObject({
  name: 'Ramp',
  kind: 'transaction',
  relations: {
    Account: { object: 'Account', field: 'AccountId' },
  },
  fields: {
    Id: 'text',
    Number: 'text',
    Name: 'text',
    Description: 'text',
    SubscriptionNumber: 'text',
    AccountId: 'text',
    CreatedById: 'text',
    CreatedDate: 'datetime',
    UpdatedById: 'text',
    UpdatedDate: 'datetime',
  },
});
