import { defineObject } from '../define-object.ts';

/** Contacts as they were when a charge was made. */
export const contactSnapshot = defineObject({
  name: 'ContactSnapshot',
  kind: 'state',
  deletes: false,
  relations: {
    Account: { object: 'Account', field: 'AccountId' },
    Contact: { object: 'Contact', field: 'ContactId' },
  },
  fields: {
    Id: 'text',
    AccountId: 'text',
    ContactId: 'text',
    Address1: 'text',
    Address2: 'text',
    City: 'text',
    Country: 'text',
    County: 'text',
    FirstName: 'text',
    LastName: 'text',
    State: 'text',
    PostalCode: 'text',
    WorkEmail: 'text',
    WorkPhone: 'text',
    TaxRegion: 'text',
    CreatedById: 'text',
    CreatedDate: 'datetime',
    UpdatedById: 'text',
    UpdatedDate: 'datetime',
  },
});
