import { defineObject } from '../define-object.ts';

/** The chart of accounts; the six revenue codes of a product charge point here. */
export const accountingCode = defineObject({
  name: 'AccountingCode',
  kind: 'state',
  deletes: false,
  fields: {
    Id: 'text',
    Category: 'text',
    GLAccountName: 'text',
    GLAccountNumber: 'text',
    Name: 'text',
    Notes: 'text',
    Status: 'text',
    Type: 'text',
    CreatedById: 'text',
    CreatedDate: 'datetime',
    UpdatedById: 'text',
    UpdatedDate: 'datetime',
  },
});
