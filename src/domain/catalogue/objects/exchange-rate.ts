import { defineObject } from '../define-object.ts';

/** Exchange rates as Billing holds them. */
export const exchangeRate = defineObject({
  name: 'ExchangeRate',
  kind: 'transaction',
  fields: {
    Id: 'text',
    FromCurrency: 'text',
    ToCurrency: 'text',
    Rate: 'decimal',
    RateDate: 'date',
    CreatedById: 'text',
    CreatedDate: 'datetime',
    UpdatedById: 'text',
    UpdatedDate: 'datetime',
  },
});
