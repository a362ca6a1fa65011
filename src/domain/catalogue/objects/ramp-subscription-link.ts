import { defineObject } from '../define-object.ts';

/** Which subscription a ramp belongs to. */
export const rampSubscriptionLink = defineObject({
  name: 'RampSubscriptionLink',
  kind: 'transaction',
  relations: {
    Ramp: { object: 'Ramp', field: 'RampId' },
    Subscription: { object: 'Subscription', field: 'SubscriptionId' },
  },
  fields: {
    Id: 'text',
    RampId: 'text',
    SubscriptionId: 'text',
    SubscriptionNumber: 'text',
    CreatedById: 'text',
    CreatedDate: 'datetime',
    UpdatedById: 'text',
    UpdatedDate: 'datetime',
  },
});
