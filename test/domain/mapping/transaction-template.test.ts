import { describe, expect, test } from 'vitest';

import { splitPath } from '../../../src/domain/mapping/transaction-template.ts';

describe('splitPath', () => {
  test.each([
    ['InvoiceItem.ChargeAmount', 'InvoiceItem', 'ChargeAmount'],
    ['Subscription.Account.Name', 'Subscription.Account', 'Name'],
    ['RatePlanCharge.Region__c', 'RatePlanCharge', 'Region__c'],
    [
      'ProductRatePlanCharge.ContractAssetAccountingCode.Name',
      'ProductRatePlanCharge.ContractAssetAccountingCode',
      'Name',
    ],
  ])('%s is %s and %s', (from, path, field) => {
    expect(splitPath(from)).toEqual({ path, field });
  });
});
