import { defineObject } from '../define-object.ts';

/** Bill-to and sold-to contacts; mappable to ATR1-ATR60 only. */
export const contact = defineObject({
  name: 'Contact',
  kind: 'state',
  relations: {
    Account: { object: 'Account', field: 'AccountId' },
  },
  fields: {
    Id: 'text',
    AccountId: 'text',
    Address1: 'text',
    Address2: 'text',
    City: 'text',
    Country: 'text',
    County: 'text',
    CreatedById: 'text',
    CreatedDate: 'datetime',
    Description: 'text',
    Fax: 'text',
    FirstName: 'text',
    HomePhone: 'text',
    LastName: 'text',
    MobilePhone: 'text',
    NickName: 'text',
    OtherPhone: 'text',
    OtherPhoneType: 'text',
    PersonalEmail: 'text',
    PostalCode: 'text',
    State: 'text',
    TaxRegion: 'text',
    UpdatedById: 'text',
    UpdatedDate: 'datetime',
    WorkEmail: 'text',
    WorkPhone: 'text',
  },
});
