import { completePolicies, type TemplatePolicies } from './policies.ts';
import type { InputValueType } from './staging-fields.ts';

/** The transaction types of Revenue Sync: Order, Invoice item, Invoice Item Adjustment, memo items. */
export type TemplateType = 'SO' | 'INV' | 'IIA' | 'CM' | 'DM';

/** All of them, bookings first: the order in which a run transforms. */
export const TEMPLATE_TYPES: readonly TemplateType[] = ['SO', 'INV', 'IIA', 'CM', 'DM'];

/** One row of a mapping table. */
export interface TemplateRow {
  /** `Object.Field` or `Object.Relation.Field`, as the mapping documents spell it. */
  readonly from: string;
  /** The staging label. */
  readonly to: string;
  readonly type: InputValueType;
  /** How the date's day is meant; Billing's end dates are exclusive (design 9 (1)), and so is one without this. */
  readonly end?: 'exclusive' | 'inclusive';
}

/** A value that the template itself holds for a staging field; exact text, dates as YYYY-MM-DD. */
export interface TemplateConstant {
  readonly to: string;
  readonly type: InputValueType;
  readonly value: string;
}

/** A transaction template: data, versioned, frozen before use. */
export interface TransactionTemplate {
  readonly name: string;
  readonly type: TemplateType;
  /** Null serves every entity that has no template of its own, as the seeded ones do. */
  readonly entity: string | null;
  readonly rows: readonly TemplateRow[];
  /** Values of fields that no row fills. */
  readonly constants: readonly TemplateConstant[];
  /** Values of fields whose row finds nothing. */
  readonly defaults: readonly TemplateConstant[];
  /** Which drivers form lines, in the language of `filter/`; null: all. */
  readonly filter: string | null;
  readonly policies: TemplatePolicies;
}

/** What has no further parts unless it says so: how the seeded templates are written, and older bodies. */
export type BriefTemplate = Pick<TransactionTemplate, 'name' | 'type' | 'entity' | 'rows'> &
  Partial<Pick<TransactionTemplate, 'constants' | 'defaults' | 'filter' | 'policies'>>;

/** The template with every part, its policies decided. */
export function completeTemplate(brief: BriefTemplate): TransactionTemplate {
  const { name, type, entity, rows, constants = [], defaults = [], filter = null, policies = {} } = brief;
  return {
    name,
    type,
    entity,
    rows,
    constants,
    defaults,
    filter,
    policies: completePolicies(type, policies),
  };
}

/** `ProductRatePlanCharge.ContractAssetAccountingCode.Name` -> path and field. */
export function splitPath(from: string): { readonly path: string; readonly field: string } {
  const cut = from.lastIndexOf('.');
  return { path: from.slice(0, cut), field: from.slice(cut + 1) };
}
