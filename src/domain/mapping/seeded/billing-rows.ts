import type { TemplateRow } from '../transaction-template.ts';
import {
  CUSTOMER_AND_CHARGE,
  ORDERED_QUANTITY,
  SEGMENTS_AND_PRODUCT,
  SUBSCRIPTION,
} from './standard-rows.ts';

/** Where the documents of the four billing types differ (domain.md 3.5). */
interface BillingSources {
  /** Owners and type of the subscription, in the document's order. */
  readonly owners: readonly TemplateRow[];
  /** The object that has the service period. */
  readonly item: string;
  readonly amount: string;
  readonly itemId: string;
  readonly number: string;
  readonly date: string;
  readonly quantity: string;
}

/** The rows of a billing type, in the order of its mapping document. */
export function billingRows(from: BillingSources): readonly TemplateRow[] {
  return [
    ...CUSTOMER_AND_CHARGE,
    { from: 'Subscription.TermStartDate', to: 'Sales Order Date', type: 'Date' },
    ...SUBSCRIPTION,
    ...from.owners,
    { from: `${from.item}.ServiceStartDate`, to: 'Revenue Start Date', type: 'Date' },
    { from: `${from.item}.ServiceEndDate`, to: 'Revenue End Date', type: 'Date', end: 'exclusive' },
    ORDERED_QUANTITY,
    { from: from.amount, to: 'Ext Sell Price', type: 'Number' },
    ...SEGMENTS_AND_PRODUCT,
    { from: 'Invoice.Id', to: 'Billing Id', type: 'Character' },
    { from: from.itemId, to: 'Billing Item Id', type: 'Character' },
    { from: from.number, to: 'Invoice Num', type: 'Character' },
    { from: from.date, to: 'Invoice Date', type: 'Date' },
    { from: from.quantity, to: 'Invoice Qty', type: 'Number' },
  ];
}
