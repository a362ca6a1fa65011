/** What a person reads on a hold. `{source}` is the billing row, `{detail}` what the hold is about. */
export interface HoldText {
  readonly message: string;
  readonly remedy: string;
}

const withheld = (what: string, remedy: string): HoldText => ({
  message: `The line of {source} has no ${what}.`,
  remedy,
});

/** Why a row that a line needs is not there; ends the detail of an orphan. */
export const ORPHANED = {
  missing: 'which has not come from Billing',
  deleted: 'which was deleted in Billing',
} as const;

/** Text of every hold that forming a line can find. Orphans share one text, `orphan`. */
export const HOLD_TEXTS: Readonly<Record<string, HoldText>> = {
  orphan: {
    message: '{source} needs {detail}.',
    remedy:
      'Find out why Billing does not export the row (deleted, another entity, no permission). The line is formed by itself when it arrives.',
  },
  'missing-business-unit': withheld(
    'Business Unit',
    'Set REVSYNC_TENANT_NAME, or with Multi-entity give the entity a display name in Billing.',
  ),
  'missing-company-code': withheld(
    'Company Code',
    'Set REVSYNC_TENANT_NAME, or with Multi-entity give the entity a name in Billing.',
  ),
  'missing-so-line-id': withheld('SO Line Id', 'The charge needs a segment number in Billing.'),
  'missing-revenue-start-date': withheld(
    'Revenue Start Date',
    'Give the charge its dates in Billing: activate the subscription, or correct the service period.',
  ),
  'missing-sales-order-date': withheld(
    'Sales Order Date',
    'Fill the charge’s original order date (bookings) or the subscription’s term start date (billings) in Billing.',
  ),
  'missing-sequence-number': withheld(
    'Sequence Number',
    'The charge and its subscription need a version in Billing.',
  ),
  'missing-term-number': withheld('Term Number', 'The subscription needs a term start date in Billing.'),
  'missing-ordered-qty': withheld('Ordered Qty', 'Give the charge a quantity in Billing.'),
  'missing-ext-sell-price': withheld(
    'Ext Sell Price',
    'Billing has to deliver the amount: the item’s own (of an adjustment, its type, too), or the contractual value of the charge.',
  ),
  'missing-invoice-line-id': withheld('Invoice Line Id', 'The billed item needs an id.'),
  'missing-invoice-date': withheld(
    'Invoice Date',
    'The invoice, memo or adjustment needs its date in Billing.',
  ),
  'missing-reference': {
    message:
      '{source} names neither a charge nor an invoice item, so there is nothing that its line refers to.',
    remedy: 'Find out in Billing what the credit is for; the line goes on by itself when the item says so.',
  },
  'missing-accounting-code': {
    message: '{source} is billed without a subscription and lacks accounting codes: {detail}.',
    remedy:
      'Give the item, or the product charge it comes from, all of its accounting codes in Billing; the line goes on by itself.',
  },
  'waits-for-price': {
    message: 'The contractual value of {source} has not come from Billing yet.',
    remedy: 'Nothing to do: the line goes on with the first sync that brings the value.',
  },
  'same-version-recollection': {
    message: '{source} came again in the same subscription version with other values: {detail}.',
    remedy: 'Compare the two forms of the line; correct the subscription in Billing by a new version.',
  },
};
