import { ROUTES } from '../routes.ts';
import { SEEDED_TEMPLATES } from '../seeded/seeded-templates.ts';
import { findStagingField } from '../staging-fields.ts';
import type { TemplateType } from '../transaction-template.ts';
import type { Draft } from './draft.ts';
import type { Mistake } from './mistake.ts';

/**
 * Fields that a line of every type needs: the mandatory columns with the accounting segments, and what a line
 * is withheld without (domain.md 3, 3.5). Line ids, the term and the sequence are derived.
 */
const EVERY_LINE = [
  'Business Unit',
  'Company Code',
  'Functional Currency',
  'Transaction Currency',
  'Sales Order Date',
  'Revenue Start Date',
  'Revenue End Date',
  'Ordered Qty',
  'Ext Sell Price',
  'Deferred Segments',
  'Revenue Segments',
];

/** The list price of a billing is its sell price (design 9 (13)). */
const BOOKING = [...EVERY_LINE, 'Ext List Price'];
const BILLING = [...EVERY_LINE, 'Invoice Num', 'Invoice Date', 'Invoice Qty'];

/** The labels that a template of the type has to fill. */
export const mandatoryLabels = (type: TemplateType): readonly string[] => (type === 'SO' ? BOOKING : BILLING);

/** Mandatory staging fields that neither a row nor a constant fills. */
export function checkMandatory({ type, labels }: Draft): Mistake[] {
  if (type === null) return [];
  return mandatoryLabels(type)
    .filter((label) => !labels.has(label))
    .map((label) => ({
      path: 'rows',
      message: `Nothing fills ${label}, which every line of ${type} needs.`,
      suggestion: suggestionFor(type, label),
    }));
}

/** As the pre-configured template has it. */
function suggestionFor(type: TemplateType, label: string): string {
  const usual = SEEDED_TEMPLATES.find((template) => template.type === type);
  const { from, type: input } = usual?.rows.find(({ to }) => to === label) ?? {
    from: `${ROUTES[type].driver}.…`,
    type: findStagingField(label)?.type ?? 'Character',
  };
  return `Add a row {from: ${from}, to: ${label}, type: ${input}}, or a constant.`;
}
