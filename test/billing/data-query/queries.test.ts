import { describe, expect, test } from 'vitest';

import {
  customObjectQuery,
  idsQuery,
  pricesPerUnit,
  pricesQuery,
} from '../../../src/billing/data-query/queries.ts';

const SPAN = { from: '2024-01-01T00:00:00.000Z', to: '2024-02-01T08:30:00.250Z' };
const ALL = { ...SPAN, from: null };

describe('queries of Data Query', () => {
  test('read contractual values by their own date, under the names of the catalogue', () => {
    expect(pricesQuery(SPAN)).toBe(
      "select rateplanchargeid, subscriptionid, amount, elp, updatedon as updateddate from chargecontractualvalue where updatedon >= timestamp '2024-01-01 00:00:00.000000 +00:00' and updatedon < timestamp '2024-02-01 08:30:00.250000 +00:00'",
    );
  });

  test('from the beginning, take in rows that have no date', () => {
    expect(pricesQuery(ALL)).toContain(
      "where (updatedon < timestamp '2024-02-01 08:30:00.250000 +00:00' or updatedon is null)",
    );
  });

  test('of a chosen subscription or account, go by its subscriptions', () => {
    expect(pricesQuery(ALL, { subscription: "O'Hara" })).toContain(
      "and subscriptionid in (select id from subscription where name = 'O''Hara')",
    );
    expect(pricesQuery(ALL, { account: 'A-1' })).toContain(
      "(select id from subscription where accountid in (select id from account where accountnumber = 'A-1'))",
    );
  });

  test('count by a unit of time', () => {
    expect(pricesPerUnit('hour', SPAN)).toMatch(
      /^select date_trunc\('hour', updatedon\) as at, count\(\*\) as n from .* group by date_trunc\('hour', updatedon\)$/,
    );
  });

  test('name tables in lower case, and nothing that is no name', () => {
    expect(idsQuery('InvoiceItem')).toBe('select id from invoiceitem');
    expect(customObjectQuery('default__Project__c', ALL)).toMatch(
      /^select \* from default__project__c where /,
    );
    expect(() => idsQuery('invoiceitem; drop')).toThrow('letters, digits and underscores');
  });
});
