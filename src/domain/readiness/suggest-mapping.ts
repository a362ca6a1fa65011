import { fieldsRead } from '../mapping/fields-read.ts';
import { mappableFields, type SeenCustomField } from '../mapping/mappable-fields.ts';
import type { TransactionTemplate } from '../mapping/transaction-template.ts';
import { fillRate } from './fill-rate.ts';
import type { CustomFieldUse } from './report.ts';

const ATTRIBUTES = Array.from({ length: 60 }, (_, index) => `ATR${index + 1}`);

/** A template that forms lines now. */
export interface ActiveTemplate {
  readonly name: string;
  readonly body: TransactionTemplate;
}

/** What one entity has: its custom fields, and the templates that form its lines. */
export interface EntityMapping {
  readonly entity: string;
  readonly seen: readonly SeenCustomField[];
  readonly templates: readonly ActiveTemplate[];
}

/**
 * Every custom field that was seen in an entity, and what the default templates of that entity make of it. A field that
 * has values and is read by none of them is offered an attribute that its template does not use yet, no attribute
 * twice; bookings go first, since what they carry stays with the contract. Entities that share a template are offered
 * the same attribute for the same field.
 */
export function suggestMappings(entities: readonly EntityMapping[]): CustomFieldUse[] {
  const attributes = attributesOf(entities.flatMap(({ templates }) => templates));
  return entities.flatMap((each) => entityUses(each, attributes));
}

function entityUses({ entity, seen, templates }: EntityMapping, attributes: Attributes): CustomFieldUse[] {
  const reads = templates.map(({ name, body }) => ({
    name,
    fields: new Set(fieldsRead(body).map(({ object, field }) => `${object}.${field}`)),
  }));
  const reachable = templates.map(({ name, body }) => ({
    name,
    type: body.type,
    fields: mappableFields(body.type, seen),
  }));
  return seen.map(({ object, field, filled, rows }) => {
    const mappedBy = reads
      .filter(({ fields }) => fields.has(`${object}.${field}`))
      .map(({ name }) => name)
      .toSorted();
    const use = { entity, object, field, filled, rows, rate: fillRate(filled, rows), mappedBy };
    const wanted = mappedBy.length === 0 && filled !== '0';
    return { ...use, suggestion: wanted ? suggestionFor({ object, field }, reachable, attributes) : null };
  });
}

/** The attribute that a template has for a field; undefined when none is left. */
type Attributes = (template: string, from: string) => string | undefined;

function attributesOf(templates: readonly ActiveTemplate[]): Attributes {
  const free = new Map(templates.map(({ name, body }) => [name, freeAttributes(body)]));
  const given = new Map<string, string>();
  return (template, from) => {
    const key = `${template} ${from}`;
    const to = given.get(key) ?? free.get(template)?.shift();
    if (to !== undefined) given.set(key, to);
    return to;
  };
}

function freeAttributes({ rows, constants }: TransactionTemplate): string[] {
  const taken = new Set([...rows, ...constants].map(({ to }) => to));
  return ATTRIBUTES.filter((label) => !taken.has(label));
}

type Reachable = readonly {
  readonly name: string;
  readonly type: TransactionTemplate['type'];
  readonly fields: ReturnType<typeof mappableFields>;
}[];

function suggestionFor(
  { object, field }: { readonly object: string; readonly field: string },
  reachable: Reachable,
  attributes: Attributes,
): CustomFieldUse['suggestion'] {
  for (const { name, type, fields } of reachable) {
    const from = fields.find((each) => each.object === object && each.field === field)?.path;
    const to = from == null ? undefined : attributes(name, from);
    if (from != null && to !== undefined) return { type, from, to };
  }
  return null;
}
