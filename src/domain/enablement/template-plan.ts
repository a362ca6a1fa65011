import { SEEDED_TEMPLATES } from '../mapping/seeded/seeded-templates.ts';
import {
  completeTemplate,
  type TemplateType,
  type TransactionTemplate,
} from '../mapping/transaction-template.ts';
import { reaches } from './check-mapping.ts';
import type { MappedField } from './custom-field-proposal.ts';

/** The default that an entity uses for a type, its own or the one for all. */
export interface UsedTemplate {
  /** `<name>@<version>`. */
  readonly id: string;
  readonly type: TemplateType;
  readonly template: TransactionTemplate;
  /** Who made it; null: revsync did, as a pre-configured one or by an enablement. */
  readonly madeBy: string | null;
}

/** What templates an entity needs and has. */
export interface EntityTemplates {
  readonly entity: string;
  readonly org: string;
  readonly types: readonly TemplateType[];
  readonly used: readonly UsedTemplate[];
}

export interface PlannedCopy {
  readonly entity: string;
  readonly org: string;
  readonly type: TemplateType;
  readonly template: TransactionTemplate;
}

/** A template that a person made the default; the enablement leaves it alone. */
export interface KeptTemplate {
  readonly entity: string;
  readonly type: TemplateType;
  readonly id: string;
  readonly madeBy: string;
  /** Mapped fields within its reach that it does not read. */
  readonly lacks: readonly string[];
}

export interface TemplatePlan {
  readonly copies: readonly PlannedCopy[];
  readonly kept: readonly KeptTemplate[];
  /** Mapped fields that none of these templates reads. */
  readonly unread: readonly string[];
}

/**
 * A copy of the pre-configured template for every entity and type, with the mapped fields that rows of the type can name;
 * none where a person has made the default that the entity uses.
 */
export function planTemplates(
  entities: readonly EntityTemplates[],
  mapping: readonly MappedField[],
): TemplatePlan {
  const kept = entities.flatMap((each) => each.types.flatMap((type) => keptTemplate(each, type, mapping)));
  const isKept = ({ entity }: EntityTemplates, type: TemplateType): boolean =>
    kept.some((each) => each.entity === entity && each.type === type);
  const copies = entities.flatMap((each) =>
    each.types
      .filter((type) => !isKept(each, type))
      .map((type) => ({ entity: each.entity, org: each.org, type, template: copyFor(each, type, mapping) })),
  );
  const read = new Set([
    ...copies.flatMap(({ template }) => template.rows.map(({ from }) => from)),
    ...entities.flatMap(({ used }) =>
      used.flatMap(({ madeBy, template }) => (madeBy === null ? [] : template.rows.map(({ from }) => from))),
    ),
  ]);
  return { copies, kept, unread: mapping.flatMap(({ from }) => (read.has(from) ? [] : [from])) };
}

function keptTemplate(
  { entity, used }: EntityTemplates,
  type: TemplateType,
  mapping: readonly MappedField[],
): KeptTemplate[] {
  const found = used.find((each) => each.type === type);
  if (found === undefined || found.madeBy === null) return [];
  const read = new Set(found.template.rows.map(({ from }) => from));
  const lacks = mapping.flatMap(({ from }) => (reaches(type, from) && !read.has(from) ? [from] : []));
  return [{ entity, type, id: found.id, madeBy: found.madeBy, lacks }];
}

function copyFor(
  { entity }: EntityTemplates,
  type: TemplateType,
  mapping: readonly MappedField[],
): TransactionTemplate {
  const seeded = SEEDED_TEMPLATES.find((each) => each.type === type);
  if (seeded === undefined) throw new TypeError(`no pre-configured template is of type ${type}`);
  const mapped = mapping
    .filter(({ from }) => reaches(type, from))
    // Attributes hold the text of whatever they take.
    .map(({ from, to }) => ({ from, to, type: 'Character' as const }));
  return completeTemplate({
    ...seeded,
    name: `${entity} ${type}`,
    entity,
    rows: [...seeded.rows, ...mapped],
  });
}
