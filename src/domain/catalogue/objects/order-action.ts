import { defineObject } from '../define-object.ts';

/** What an order did to a subscription; never the source of a template field. */
export const orderAction = defineObject({
  name: 'OrderAction',
  kind: 'transaction',
  relations: {
    Order: { object: 'Order', field: 'OrderId' },
    Subscription: { object: 'Subscription', field: 'SubscriptionId' },
    SubscriptionVersionAmendment: { object: 'Amendment', field: 'SubscriptionVersionAmendmentId' },
    Account: { object: 'Account', field: 'AccountId' },
    Amendment: { object: 'Amendment', field: 'AmendmentId' },
  },
  fields: {
    Id: 'text',
    OrderId: 'text',
    SubscriptionId: 'text',
    SubscriptionNumber: 'text',
    SubscriptionVersion: 'integer',
    SubscriptionVersionAmendmentId: 'text',
    Type: 'text',
    Sequence: 'integer',
    AccountId: 'text',
    AmendmentId: 'text',
    TriggerDate: 'date',
    CreatedById: 'text',
    CreatedDate: 'datetime',
    UpdatedById: 'text',
    UpdatedDate: 'datetime',
  },
});
