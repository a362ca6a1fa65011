import type { TemplatePolicies } from './policies.ts';
import type { InputValueType } from './staging-fields.ts';

/** The transaction types of Revenue Sync: Order, Invoice item, Invoice Item Adjustment, memo items. */
export type TemplateType = 'SO' | 'INV' | 'IIA' | 'CM' | 'DM';

/** One row of a mapping table. */
export interface TemplateRow {
  /** `Object.Field` or `Object.Relation.Field`, as the mapping documents spell it. */
  readonly from: string;
  /** The staging label. */
  readonly to: string;
  readonly type: InputValueType;
  /** How the date's day is meant; Billing's end dates are exclusive (design 9 (1)). */
  readonly end?: 'exclusive' | 'inclusive';
}

/** A transaction template: data, versioned, frozen before use. */
export interface TransactionTemplate {
  readonly name: string;
  readonly type: TemplateType;
  /** Null for the seeded templates, which serve every entity that has none of its own. */
  readonly entity: string | null;
  readonly rows: readonly TemplateRow[];
  readonly policies?: TemplatePolicies;
}

/** `ProductRatePlanCharge.ContractAssetAccountingCode.Name` -> path and field. */
export function splitPath(from: string): { readonly path: string; readonly field: string } {
  const cut = from.lastIndexOf('.');
  return { path: from.slice(0, cut), field: from.slice(cut + 1) };
}
