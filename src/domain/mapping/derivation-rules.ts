import type { TemplateType } from './transaction-template.ts';

type Rules = Readonly<Record<string, string>>;

/** What code does to fields of every type (src/store/transform). */
const SHARED: Rules = {
  'SO Number': 'The number of the charge.',
  'Sequence Number': 'Version of the charge, version of the subscription and the time of the last change.',
  'Term Number': 'One more than the renewals that had started when the charge segment starts.',
  Duration: 'Months from Revenue Start Date to Revenue End Date; part months by the days of that month.',
  'Ordered Qty': 'As mapped; 1 where the charge model or type has no quantity.',
  'Functional Currency': 'The entity’s home currency; without one, the account’s currency.',
};

/** What code does to fields of one type. */
const BY_TYPE: Partial<Record<TemplateType, Rules>> = {
  SO: {
    'SO Line Id':
      'Original id and segment of the charge; for a percentage discount, those of the discounted charge first.',
    'SO Book Date': 'The Sales Order Date.',
    'Revenue Start Date': 'As mapped; a percentage discount has the dates of the discounted charge.',
    'Revenue End Date':
      'As mapped; a percentage discount has the dates of the discounted charge, and a one-time charge without an end ends a day after it starts.',
    'Ext Sell Price':
      'As mapped; 0 for usage and for what an evergreen subscription recurs, the negative discount amount for a percentage discount.',
    'Ext List Price':
      'As mapped; 0 for a percentage discount, and for usage and evergreen charges without a value.',
    'CT Mod Date': 'The day of the amendment that changed the segment; none for the version that made it.',
    'Amendment Reason': 'How the segment differs from the one in the subscription version before.',
  },
  INV: {
    'SO Line Id':
      'Original id and segment of the billed charge; for a percentage discount, those of the discounted charge first.',
    'Invoice Line Id': 'The id of the invoice item.',
    'Ext List Price': 'The Ext Sell Price.',
  },
};

/** What the transformation does to a field beyond its mapping, in one sentence. */
export function derivationRule(type: TemplateType, label: string): string {
  return BY_TYPE[type]?.[label] ?? SHARED[label] ?? 'Formed by the transformation.';
}
