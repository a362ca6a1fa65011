import { defineObject } from '../define-object.ts';

/** Orders; never the source of a template field. */
export const order = defineObject({
  name: 'Order',
  kind: 'transaction',
  relations: {
    Account: { object: 'Account', field: 'AccountId' },
    BillToContact: { object: 'Contact', field: 'BillToContactId' },
    ParentAccount: { object: 'Account', field: 'ParentAccountId' },
    SoldToContact: { object: 'Contact', field: 'SoldToContactId' },
  },
  fields: {
    Id: 'text',
    AccountId: 'text',
    BillToContactId: 'text',
    CreatedById: 'text',
    CreatedByMigration: 'boolean',
    CreatedDate: 'datetime',
    DefaultPaymentMethodId: 'text',
    Description: 'text',
    OrderDate: 'date',
    OrderNumber: 'text',
    ParentAccountId: 'text',
    SoldToContactId: 'text',
    State: 'text',
    Status: 'text',
    UpdatedById: 'text',
    UpdatedDate: 'datetime',
    Category: 'text',
    ErrorMessage: 'text',
    ScheduledDatePolicy: 'text',
    Response: 'text',
    ErrorCode: 'text',
    ScheduledDate: 'datetime',
  },
});
