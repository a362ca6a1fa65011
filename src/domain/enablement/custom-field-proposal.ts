import { isAttribute } from '../mapping/input-values.ts';
import type { SeenCustomField } from '../mapping/mappable-fields.ts';
import { SEEDED_TEMPLATES } from '../mapping/seeded/seeded-templates.ts';
import { STAGING_FIELDS } from '../mapping/staging-fields.ts';
import type { TemplateType } from '../mapping/transaction-template.ts';
import { fillRate } from '../readiness/fill-rate.ts';
import { suggestMappings } from '../readiness/suggest-mapping.ts';
import { cutList } from './cut-list.ts';
import type { CustomFieldsAnswer } from './step-05-custom-fields.ts';

/** A field of Billing, by its path, and the attribute of Revenue that takes it. */
export interface MappedField {
  readonly from: string;
  readonly to: string;
}

/** A custom field over all entities. */
export interface FoundField {
  readonly object: string;
  readonly field: string;
  /** Percent of the rows that have a value, as text. */
  readonly rate: string | null;
}

export interface CustomFieldFacts {
  readonly seen: readonly SeenCustomField[];
  /** The fullest first. */
  readonly fields: readonly FoundField[];
  /** What is taken where nobody says otherwise, the fullest first. */
  readonly proposal: readonly MappedField[];
}

/** The proposal stands in a message, and in the value that answers it. */
const ROOM = 7_000;

/** Attributes that the pre-configured templates leave alone. */
export const FREE_ATTRIBUTES: readonly string[] = freeAttributes();

/**
 * The custom fields that rows were seen with, and an attribute for each that a template of one of these types can read. One
 * list serves all types and entities, so that an attribute means the same on every line. It goes by the pre-configured
 * templates and not by those in use: else it would change as soon as it is used.
 */
export function customFieldFacts(
  seen: readonly SeenCustomField[],
  types: readonly TemplateType[],
): CustomFieldFacts {
  const sorted = seen.toSorted(fullestFirst);
  const fields = sorted.map(({ object, field, filled, rows }) => ({
    object,
    field,
    rate: fillRate(filled, rows),
  }));
  const templates = SEEDED_TEMPLATES.filter(({ type }) => types.includes(type)).map((body) => ({
    name: body.name,
    body,
  }));
  const uses = suggestMappings([{ entity: '', seen: sorted, templates }]);
  // Every template has suggestions of its own; here the next free attribute is everybody's.
  const proposal = uses
    .flatMap(({ suggestion }) => (suggestion === null ? [] : [suggestion.from]))
    .slice(0, FREE_ATTRIBUTES.length)
    .map((from, at) => ({ from, to: FREE_ATTRIBUTES[at] ?? '' }));
  return {
    seen,
    fields,
    proposal: cutList(proposal, { most: FREE_ATTRIBUTES.length, characters: ROOM }).shown,
  };
}

/** The mapping that an answer stands for; without one nothing is mapped. */
export function mappingOf(
  answer: CustomFieldsAnswer | null,
  { proposal }: Pick<CustomFieldFacts, 'proposal'>,
): readonly MappedField[] {
  if (answer === null) return [];
  return answer.mapping?.map(({ from, to }) => ({ from: asPath(from), to })) ?? proposal;
}

/** An answer with the mapping that it stands for, since what is proposed changes with the rates. */
export const settledMapping = (
  answer: CustomFieldsAnswer,
  facts: Pick<CustomFieldFacts, 'proposal'>,
): CustomFieldsAnswer => ({ ...answer, mapping: [...mappingOf(answer, facts)] });

/** Template files take paths with blanks around the dots, too. */
export const asPath = (from: string): string => from.replaceAll(/\s+/g, '');

/** By the share of filled rows, without a division; by name where it is the same. */
function fullestFirst(one: SeenCustomField, other: SeenCustomField): number {
  const difference = BigInt(other.filled) * BigInt(one.rows) - BigInt(one.filled) * BigInt(other.rows);
  if (difference !== 0n) return difference > 0n ? 1 : -1;
  return nameOf(one) < nameOf(other) ? -1 : 1;
}

const nameOf = ({ object, field }: SeenCustomField): string => `${object}.${field}`;

function freeAttributes(): string[] {
  const used = new Set(
    SEEDED_TEMPLATES.flatMap(({ rows, constants }) => [...rows, ...constants].map(({ to }) => to)),
  );
  return STAGING_FIELDS.flatMap(({ label }) => (isAttribute(label) && !used.has(label) ? [label] : []));
}
