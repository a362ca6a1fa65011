import { describe, expect, test } from 'vitest';

import { mappedRows } from '../../../src/domain/mapping/mapped-rows.ts';
import { invoiceTemplate } from '../../support/templates.ts';

const owners = (policies: object) =>
  mappedRows(invoiceTemplate({ policies }))
    .filter(({ to }) => to.endsWith(' Owner'))
    .map(({ from }) => from);

describe('mappedRows', () => {
  test('names the present owners unless a policy says otherwise', () => {
    expect(owners({})).toEqual(['Subscription.Account.Name', 'Subscription.InvoiceOwner.Name']);
  });

  test('names the first owners where a policy says so, each by its own', () => {
    expect(owners({ subscriptionOwner: 'original' })).toEqual([
      'Subscription.CreatorAccount.Name',
      'Subscription.InvoiceOwner.Name',
    ]);
    expect(owners({ invoiceOwner: 'original' })).toEqual([
      'Subscription.Account.Name',
      'Subscription.CreatorInvoiceOwner.Name',
    ]);
  });

  test('leaves rows of other labels and other paths alone', () => {
    const rows = [
      { from: 'Subscription.Account.Name', to: 'ATR1', type: 'Character' },
      { from: 'Account.Name', to: 'Subscription Owner', type: 'Character' },
    ] as const;
    expect(mappedRows({ rows, policies: { subscriptionOwner: 'original' } })).toEqual(rows);
  });
});
