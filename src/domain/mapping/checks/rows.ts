import { nearestName } from '../../nearest-name.ts';
import { fitsType, isAttribute } from '../input-values.ts';
import { isCustomObject, resolvePath, type SourceField } from '../resolve-path.ts';
import { ROUTES } from '../routes.ts';
import { findStagingField } from '../staging-fields.ts';
import { splitPath } from '../transaction-template.ts';
import { isContact } from '../unmappable.ts';
import type { Draft, DraftRow } from './draft.ts';
import { freeAttribute } from './labels.ts';
import type { Mistake } from './mistake.ts';
import type { KnownCustomFields, KnownTenant } from './known-tenant.ts';

/** What is wrong with where rows take their values from. */
export function checkRows(draft: Draft, tenant: KnownTenant): Mistake[] {
  const { type, rows, labels } = draft;
  return rows.flatMap((row): Mistake[] => {
    const types = labelType(row);
    const { from } = row.value;
    if (type === null || from === null) return types;
    const resolved = resolvePath(ROUTES[type], from);
    if ('deadEnd' in resolved) return [{ path: `${row.at}.from`, ...resolved.deadEnd }, ...types];
    const traced: TracedRow = { at: row.at, ...row.value, from, source: resolved.source };
    return [
      ...customField(traced, tenant),
      ...contact(traced, labels),
      ...types,
      // One mistake about the type of a row is enough.
      ...(types.length === 0 ? sourceType(traced) : []),
      ...convention(traced),
    ];
  });
}

/** A row whose path leads to a field. */
interface TracedRow extends Omit<DraftRow['value'], 'from'> {
  readonly at: string;
  readonly from: string;
  readonly source: SourceField;
}

/** A staging field holds one type; attributes hold the text of any. */
function labelType({ at, value: { to, type } }: DraftRow): Mistake[] {
  const field = findStagingField(to ?? '');
  if (field === undefined || type === null || isAttribute(field.label) || field.type === type) return [];
  return [
    {
      path: `${at}.type`,
      message: `${field.label} is a ${field.type}, and the row says ${type}.`,
      suggestion: `Write type: ${field.type}.`,
    },
  ];
}

function sourceType({ at, from, to, type, source }: TracedRow): Mistake[] {
  if (type === null || fitsType(source.type, type)) return [];
  if (to === null || (isAttribute(to) && type === 'Character')) return [];
  return [
    {
      path: `${at}.from`,
      message: `${from} is a ${source.type} in Billing, which is no ${type}.`,
      suggestion: `Take a field that is a ${type}, or fill one of ATR1-ATR60 with it, as Character.`,
    },
  ];
}

function contact({ at, from, to, source }: TracedRow, labels: ReadonlySet<string>): Mistake[] {
  if (!isContact(source.object) || to === null || isAttribute(to)) return [];
  return [
    {
      path: `${at}.to`,
      message: `${from} is a field of a contact; those go to ATR1-ATR60 only.`,
      suggestion: `Write to: ${freeAttribute(labels)}.`,
    },
  ];
}

/** Of what was seen in rows only, a name near a seen one is taken for a slip; what is new may just be empty. */
function customField({ at, from, source }: TracedRow, { customFields }: KnownTenant): Mistake[] {
  const known = customFields?.get(source.object);
  if (source.type !== 'custom' || known === undefined || isKnown(source, known)) return [];
  const near = nearestName(source.field, known.names);
  if (near === null && !known.complete) return [];
  return [
    {
      path: `${at}.from`,
      message: `${source.object} of this tenant has no custom field ${source.field}.`,
      suggestion:
        near === null
          ? 'See `revsync template fields` for the custom fields there are.'
          : `Did you mean ${splitPath(from).path}.${near}?`,
    },
  ];
}

/** Every custom object has them. */
const OF_CUSTOM_OBJECTS = ['id', 'updateddate'];

/** Fields of custom objects are known as Data Query spells them, in lower case. */
function isKnown({ object, field }: SourceField, { names }: KnownCustomFields): boolean {
  if (!isCustomObject(object)) return names.has(field);
  const name = field.toLowerCase();
  return names.has(name) || OF_CUSTOM_OBJECTS.includes(name);
}

const isEnd = (label: string): boolean => /\bEnd Date$/.test(label);

/** Only end dates have a convention; Billing's own are exclusive; of a custom one nobody knows. */
function convention({ at, from, to, type, end, source }: TracedRow): Mistake[] {
  const path = `${at}.end`;
  const standardEnd = /End(Date)?$/.test(source.field) && source.type !== 'custom';
  if (to === null || type === null) return [];
  if (end !== null && type !== 'Date') {
    return [{ path, message: `A ${type} has no end convention.`, suggestion: 'Leave end out.' }];
  }
  if (end !== null && !isEnd(to) && !isAttribute(to)) {
    return [{ path, message: `${to} is no end date.`, suggestion: 'Leave end out.' }];
  }
  if (end === 'inclusive' && standardEnd) {
    return [
      {
        path,
        message: `${from} is the first day after the end in Billing, so it is exclusive.`,
        suggestion: 'Write end: exclusive, or leave it out.',
      },
    ];
  }
  if (end !== null || !isEnd(to) || source.type !== 'custom') return [];
  return [
    {
      path,
      message: `Whether ${from} is the last day or the first day after cannot be told.`,
      suggestion: 'Write end: inclusive if it is the last day, else end: exclusive.',
    },
  ];
}
