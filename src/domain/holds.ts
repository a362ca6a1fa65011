/** What a person reads on a hold. `{source}` is the billing row, `{detail}` what the hold is about. */
export interface HoldText {
  readonly message: string;
  readonly remedy: string;
}

const BY_ITSELF = 'The line goes on by itself with the next sync.';

/** A staging field that stays empty; `{detail}` says why, by what the template fills it from. */
const withheld = (what: string, remedy: string): HoldText => ({
  message: `The line of {source} has no ${what}: {detail}.`,
  remedy: `${remedy} ${BY_ITSELF}`,
});

const OR_BY_TEMPLATE =
  'Fill it in Billing, or let the template take it from another field, a constant or a default.';

/** Why a line cannot stand on a row that it needs; ends the detail of an orphan. */
export const ORPHANED = {
  missing: 'which has not come from Billing',
  deleted: 'which was deleted in Billing',
  excluded: 'which is excluded from revenue accounting',
} as const;

/** Text of every hold that forming a line can find. Orphans share one text, `orphan`. */
export const HOLD_TEXTS: Readonly<Record<string, HoldText>> = {
  orphan: {
    message: '{source} needs {detail}.',
    remedy:
      'Find out in Billing what became of the row: it may be deleted, belong to another entity, be hidden from the integration user, or be excluded by a flag. The line goes on by itself when the row arrives.',
  },
  'missing-business-unit': withheld('Business Unit', OR_BY_TEMPLATE),
  'missing-company-code': withheld('Company Code', OR_BY_TEMPLATE),
  'missing-so-line-id': {
    message: 'The line of {source} has no SO Line Id: its charge has no segment number.',
    remedy: `Billing numbers the segments of charges (RatePlanCharge.Segment): make sure that the integration user may read the field, else ask Zuora Support about the charge. ${BY_ITSELF}`,
  },
  'missing-revenue-start-date': withheld(
    'Revenue Start Date',
    'Give it a date in Billing: a charge has its dates when its subscription is activated, an item by its service period.',
  ),
  'missing-sales-order-date': withheld(
    'Sales Order Date',
    'Fill it in Billing: a charge has it from its order (migrated ones may need a backfill of OriginalOrderDate), a billing from the term start date of its subscription.',
  ),
  'missing-sequence-number': {
    message:
      'The line of {source} has no Sequence Number, which is made of the versions of its charge and its subscription and of the time of its last change.',
    remedy: `Billing sets all three: make sure that the integration user may read Version of RatePlanCharge and Subscription, and UpdatedDate. ${BY_ITSELF}`,
  },
  'missing-term-number': {
    message:
      'The line of {source} has no Term Number: its subscription was renewed, and no date tells to which term the line belongs.',
    remedy: `Give the charge its effective start date in Billing, or the subscription its term start date. ${BY_ITSELF}`,
  },
  'missing-ordered-qty': withheld(
    'Ordered Qty',
    'Give the charge a quantity in Billing, on its subscription, or the field a default in the template.',
  ),
  'missing-ext-sell-price': withheld(
    'Ext Sell Price',
    'For a booking, let the integration user read ChargeContractualValueAllCharges, or use Data Query. For a billing, correct the amount of the item in Billing; of an adjustment its type (Credit or Charge), too.',
  ),
  'missing-exchange-rate': {
    message: 'There is no exchange rate for the line of {source}: {detail}.',
    remedy:
      'Sync the rates from Billing (`revsync rates run --from ... --to ...`), or have them entered there for that day. The line goes on by itself with the first sync after the rate came.',
  },
  'missing-invoice-line-id': {
    message: 'The line of {source} has no Invoice Line Id: the billed item has no id.',
    remedy: `Make sure that the integration user may read the item’s Id. ${BY_ITSELF}`,
  },
  'missing-invoice-date': withheld(
    'Invoice Date',
    'Give the invoice, the memo or the adjustment its date in Billing.',
  ),
  'missing-reference': {
    message: 'There is nothing that the line of {source} refers to: {detail}.',
    remedy: `Find out in Billing what the row is for, and correct it there: a credit needs the charge or the invoice item that it credits, a booking its subscription or its customer. ${BY_ITSELF}`,
  },
  'missing-accounting-code': {
    message: '{source} is billed without a subscription and lacks accounting codes: {detail}.',
    remedy: `Give the item, or the product charge it comes from, all of its accounting codes in Billing. ${BY_ITSELF}`,
  },
  'waits-for-price': {
    message: 'The contractual value of {source} has not come from Billing yet.',
    remedy: 'Nothing to do: the line goes on with the first sync that brings the value.',
  },
  'possible-replacement': {
    message:
      '{source} looks like another correction; Billing may have made the memo of the adjustment when Invoice Settlement was enabled: {detail}.',
    remedy:
      'Compare the two in Billing. Reject the line when it is the same correction; release it as correction when it is another one.',
  },
  'same-version-recollection': {
    message: '{source} came again in the same subscription version with other values: {detail}.',
    remedy:
      'Correct the subscription in Billing by a new version, or release the line as correction or amendment of the collected one, or reject it.',
  },
  'custom-field-update': {
    message: '{source} says other things than its collected line, and than a person decided on.',
    remedy: 'Compare the two forms of the line; release it as correction or amendment, or reject it.',
  },
};
