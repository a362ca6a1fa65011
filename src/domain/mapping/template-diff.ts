import { POLICY_NAMES, type PolicyName } from './policies.ts';
import type { TemplateConstant, TemplateRow, TransactionTemplate } from './transaction-template.ts';

/** What a staging field was filled with, and is. */
export interface FieldChange<Part> {
  readonly to: string;
  readonly before: Part;
  readonly after: Part;
}

export interface PartsDiff<Part> {
  readonly added: readonly Part[];
  readonly removed: readonly Part[];
  readonly changed: readonly FieldChange<Part>[];
}

/** How two templates differ, part by part; rows and constants are told apart by the field they fill. */
export interface TemplateDiff {
  /** Nothing differs but perhaps name and entity. */
  readonly same: boolean;
  readonly rows: PartsDiff<TemplateRow>;
  /** The rows that both have stand in another order, which lines do not show. */
  readonly reordered: boolean;
  readonly constants: PartsDiff<TemplateConstant>;
  readonly defaults: PartsDiff<TemplateConstant>;
  readonly filter: { readonly before: string | null; readonly after: string | null } | null;
  readonly policies: readonly {
    readonly policy: PolicyName;
    readonly before: string | null;
    readonly after: string | null;
  }[];
}

/** The differences from one template to another. */
export function diffTemplates(before: TransactionTemplate, after: TransactionTemplate): TemplateDiff {
  const rows = partsDiff(before.rows, after.rows);
  const constants = partsDiff(before.constants, after.constants);
  const defaults = partsDiff(before.defaults, after.defaults);
  const policies = POLICY_NAMES.flatMap((policy) => {
    const [was, is] = [before.policies[policy] ?? null, after.policies[policy] ?? null];
    return was === is ? [] : [{ policy, before: was, after: is }];
  });
  const filter = before.filter === after.filter ? null : { before: before.filter, after: after.filter };
  const reordered = inOrder(before, after) !== inOrder(after, before);
  const parts = [rows, constants, defaults];
  const same =
    parts.every(({ added, removed, changed }) => added.length + removed.length + changed.length === 0) &&
    filter === null &&
    policies.length === 0 &&
    !reordered;
  return { same, rows, reordered, constants, defaults, filter, policies };
}

function partsDiff<Part extends TemplateRow | TemplateConstant>(
  before: readonly Part[],
  after: readonly Part[],
): PartsDiff<Part> {
  const old = new Map(before.map((part) => [part.to, part]));
  const now = new Set(after.map(({ to }) => to));
  return {
    added: after.filter(({ to }) => !old.has(to)),
    removed: before.filter(({ to }) => !now.has(to)),
    changed: after.flatMap((part) => {
      const was = old.get(part.to);
      return was === undefined || alike({ ...was }, { ...part })
        ? []
        : [{ to: part.to, before: was, after: part }];
    }),
  };
}

function alike(one: Readonly<Record<string, unknown>>, other: Readonly<Record<string, unknown>>): boolean {
  return [...Object.keys(one), ...Object.keys(other)].every((key) => one[key] === other[key]);
}

const inOrder = (one: TransactionTemplate, other: TransactionTemplate): string => {
  const shared = new Set(other.rows.map(({ to }) => to));
  return JSON.stringify(one.rows.flatMap(({ to }) => (shared.has(to) ? [to] : [])));
};
