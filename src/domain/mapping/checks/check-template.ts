import { nearestName } from '../../nearest-name.ts';
import { TemplateFile, templateOf } from '../template-file.ts';
import type { TransactionTemplate } from '../transaction-template.ts';
import { checkConstants } from './constants.ts';
import { type Draft, draftOf } from './draft.ts';
import { checkFilter } from './filter.ts';
import type { KnownTenant } from './known-tenant.ts';
import { checkLabels } from './labels.ts';
import { checkMandatory } from './mandatory.ts';
import { inFileOrder, type Mistake } from './mistake.ts';
import { checkPolicies } from './policies.ts';
import { checkRows } from './rows.ts';
import { structuralMistakes } from './structure.ts';

export interface CheckedTemplate {
  /** Null when the file does not have the form of one; else it can be kept as a draft, however wrong. */
  readonly template: TransactionTemplate | null;
  /** All of them, in the order of the file; none: it may be frozen. */
  readonly mistakes: readonly Mistake[];
}

/** Checks a template file, or a template, for every mistake that can be told without its data. */
export function checkTemplate(input: unknown, tenant: KnownTenant = {}): CheckedTemplate {
  const draft = draftOf(input);
  const parsed = TemplateFile.safeParse(input);
  return {
    template: parsed.success ? templateOf(parsed.data) : null,
    mistakes: inFileOrder([
      ...structuralMistakes(input),
      ...checkEntity(draft, tenant),
      ...checkLabels(draft),
      ...checkRows(draft, tenant),
      ...checkMandatory(draft),
      ...checkConstants(draft),
      ...checkFilter(draft),
      ...checkPolicies(draft),
    ]),
  };
}

/** Before the first sync no entity is known, and any may come. */
function checkEntity({ entity }: Draft, { entities = [] }: KnownTenant): Mistake[] {
  if (entity === null || entities.length === 0 || entities.some((each) => each.entity === entity)) return [];
  const keys = entities.map((each) => each.entity);
  const named = entities.find(({ billingId, displayName }) => [billingId, displayName].includes(entity));
  const near = named?.entity ?? nearestName(entity, keys);
  const suggestion = near === null ? `The entities are ${keys.join(', ')}.` : `Did you mean ${near}?`;
  return [{ path: 'entity', message: `There is no entity ${entity}.`, suggestion }];
}
