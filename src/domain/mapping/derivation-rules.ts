import type { TemplateType } from './transaction-template.ts';

type Rules = Readonly<Record<string, string>>;

/** What code does to fields of every type (src/store/transform). */
const SHARED: Rules = {
  'SO Number': 'The number of the charge; of the document, where a booking is made for it.',
  'Sequence Number':
    'Version of the charge, version of the subscription and the time of the last change; 1.1 stands for versions that a standalone item does not have. The booking of a percentage discount has the version of the discounted charge before them.',
  'Term Number':
    'One more than the renewals that had started when the charge segment starts; 1 for a standalone item, but for one whose charge is merely not booked.',
  Duration: 'Months from Revenue Start Date to Revenue End Date; part months by the days of that month.',
  'Ordered Qty':
    'As mapped; 1 where the charge model or type has no quantity, and the billed quantity for a standalone item.',
  'Amendment Reason': 'Empty for a booking that is made for a standalone item; billings have none.',
  'Skip CT Mod': 'No for a booking that is made for a standalone item; billings have none.',
  'Functional Currency': 'The entity’s home currency; without one, the account’s currency.',
  'Func Ex Rate':
    'As mapped; else 1 between equal currencies, the rate that Billing tells with the billed item, or the one of the day in the rate table. A booking keeps the rate that its SO line was first collected with.',
  'Inverse Func Ex Rate':
    'Where the rate is told the other way round: what the amount is divided by. Func Ex Rate is then 1 over it, rounded.',
  'Func Ex Rate Date': 'The day of the rate: that of Billing, or the day in the rate table.',
  'Func Ex Rate Source':
    'Where the rate comes from: the field of the billed item, or the table, pair and version.',
  'Functional Ext Sell Price':
    'Ext Sell Price at Func Ex Rate, rounded once to the minor unit of the functional currency, half away from zero.',
  'Reporting Currency': 'The profile REPORTING_CURRENCY; without it, the functional currency.',
  'Global Ex Rate': '1 between equal currencies, else the rate of the same day in the rate table.',
  'Inverse Global Ex Rate': 'As Inverse Func Ex Rate, for the reporting currency.',
  'Global Ex Rate Date': 'The day of that rate in the rate table.',
  'Global Ex Rate Source': 'The table, pair and version of that rate.',
  'Reporting Ext Sell Price':
    'Ext Sell Price at both rates, rounded once to the minor unit of the reporting currency, half away from zero.',
};

const billing = (item: string): Rules => ({
  'SO Line Id':
    'Original id and segment of the billed charge; for a percentage discount, those of the discounted charge first; without a charge, or where a flag or the charge model leaves its booking out, the id of the booking that is made for the item.',
  'Invoice Line Id': `The id of the ${item}.`,
  'Ext List Price': 'As mapped, if at all; else the Ext Sell Price.',
  'Revenue End Date':
    'As mapped; what is billed once or standalone without an end, ends a day after it starts.',
  'Sales Order Date': 'As mapped; a booking that is made for a standalone item has its Invoice Date.',
  'SO Book Date': 'The Invoice Date, for a booking that is made for a standalone item; billings have none.',
});

/** Of what a person enters beside the bill runs. */
const corrected = (item: string): Rules => ({
  ...billing(item),
  'SO Line Id': `${billing(item)['SO Line Id'] ?? ''} Whether what is entered by hand refers to its charge or stands alone, the template’s policy standaloneReference says (limitation standalone-billing-transactions).`,
});

const CREDITS: Rules = {
  'Original Invoice Line Id': 'Of a credit: the invoice item that it credits.',
  'Original SO Line Id': 'Of a credit that names no invoice item: the booking that it credits.',
};

/** What code does to fields of one type. */
const BY_TYPE: Partial<Record<TemplateType, Rules>> = {
  SO: {
    'SO Line Id':
      'Original id and segment of the charge; for a percentage discount, those of the discounted charge first.',
    'SO Book Date': 'The Sales Order Date.',
    'Term Number':
      'One more than the renewals that had started when the charge segment starts. More units within a term stay in its contract, as a segment of the same obligation (limitation quantity-upsell-stays-in-contract).',
    'Revenue Start Date':
      'As mapped; a percentage discount has the date of the discounted charge, not its own (limitation discount-dates-follow-recurring).',
    'Revenue End Date':
      'As mapped; a percentage discount has the date of the discounted charge, not its own (limitation discount-dates-follow-recurring), and a one-time charge without an end ends a day after it starts.',
    'Ext Sell Price':
      'As mapped; 0 for usage, whatever it is worth (limitation usage-booking-based), and for what an evergreen subscription recurs; the negative discount amount for a discount.',
    'Ext List Price': 'As mapped; 0 for a discount, and for usage and evergreen charges without a value.',
    'CT Mod Date': 'The day of the amendment that changed the segment; none for the version that made it.',
    'Amendment Reason': 'How the segment differs from the one in the subscription version before.',
    'Skip CT Mod':
      'Yes where a change of price or quantity cut the segment short, unless on its first day; else No.',
    'Ramp Deal Ref': 'The number of the ramp.',
  },
  INV: billing('invoice item'),
  IIA: {
    ...corrected('adjustment'),
    ...CREDITS,
    'Ext Sell Price': 'As mapped; negative for an adjustment of the type Credit.',
  },
  CM: { ...corrected('memo item'), ...CREDITS, 'Ext Sell Price': 'The negative of what is mapped.' },
  DM: corrected('memo item'),
};

/** What the transformation does to a field beyond its mapping, in one sentence. */
export function derivationRule(type: TemplateType, label: string): string {
  return BY_TYPE[type]?.[label] ?? SHARED[label] ?? 'Formed by the transformation.';
}
