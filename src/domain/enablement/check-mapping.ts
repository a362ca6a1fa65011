import { mappableFields, type SeenCustomField } from '../mapping/mappable-fields.ts';
import { reachablePaths } from '../mapping/reachable-paths.ts';
import { isCustomObject, resolvePath, type SourceField } from '../mapping/resolve-path.ts';
import { ROUTES } from '../mapping/routes.ts';
import { FileRow } from '../mapping/template-file.ts';
import { splitPath, TEMPLATE_TYPES, type TemplateType } from '../mapping/transaction-template.ts';
import { nearestName } from '../nearest-name.ts';
import { shortText } from '../short-text.ts';
import { FREE_ATTRIBUTES, type MappedField } from './custom-field-proposal.ts';

/** A mapping as it was sent, looked through. */
export interface CheckedMapping {
  /** What is wrong, and what to write instead; all of it. */
  readonly mistakes: readonly string[];
  /** What of it can be used, corrected where the right name is near. */
  readonly usable: readonly MappedField[];
}

/** Looks through a mapping for everything that no template can follow. */
export function checkMapping(
  mapping: readonly MappedField[],
  seen: readonly SeenCustomField[],
): CheckedMapping {
  const mistakes: string[] = [];
  const usable = new Map<string, string | null>();
  const taken = new Set<string>();
  for (const { from, to } of mapping) {
    const { path, mistake } = checkSource(from, seen);
    const used = usedAttribute(to, taken);
    const twice = path !== undefined && usable.has(path);
    mistakes.push(
      ...(mistake === undefined ? [] : [mistake]),
      ...(twice ? [`${shown(from)} is mapped twice. Keep one of the two.`] : []),
      ...(used === null ? [] : [`${shown(from)} cannot go to ${to}: ${used}. ${freeHint(mapping)}`]),
    );
    taken.add(to);
    if (path !== undefined && !twice) usable.set(path, used === null ? to : null);
  }
  return { mistakes, usable: withAttributes(usable) };
}

/** Whether rows of a type can name the field. */
export const reaches = (type: TemplateType, from: string): boolean =>
  'source' in resolvePath(ROUTES[type], from);

/** The mapped custom fields that no row was seen with. */
export function withoutRows(
  mapping: readonly MappedField[],
  seen: readonly SeenCustomField[],
): MappedField[] {
  return mapping.filter(({ from }) => {
    const source = sourceOf(from);
    return source?.type === 'custom' && !isSeen(source, seen);
  });
}

interface CheckedSource {
  /** The field, or the one that was probably meant; undefined: nobody knows. */
  readonly path: string | undefined;
  readonly mistake?: string;
}

function checkSource(from: string, seen: readonly SeenCustomField[]): CheckedSource {
  const source = sourceOf(from);
  if (source === undefined) return deadEnd(from, seen);
  if (source.type !== 'custom' || isSeen(source, seen)) return { path: from };
  const names = seen.filter(({ object }) => object === source.object).map(({ field }) => field);
  const near = nearestName(source.field, names);
  // What is new may just be empty; a name near a seen one is taken for a slip, as templates take it.
  if (near === null) return { path: from };
  const path = `${splitPath(from).path}.${near}`;
  return {
    path,
    mistake: `${shown(source.object)} has no custom field ${shown(source.field)} in any row. Did you mean ${path}?`,
  };
}

function sourceOf(from: string): SourceField | undefined {
  if (!FileRow.shape.from.safeParse(from).success) return undefined;
  for (const type of TEMPLATE_TYPES) {
    const resolved = resolvePath(ROUTES[type], from);
    if ('source' in resolved) return resolved.source;
  }
  return undefined;
}

function deadEnd(from: string, seen: readonly SeenCustomField[]): CheckedSource {
  const [first = ''] = from.split('.');
  const starts = (type: TemplateType) => reachablePaths(ROUTES[type]).some((each) => each.path === first);
  const resolved = resolvePath(ROUTES[TEMPLATE_TYPES.find(starts) ?? 'SO'], from);
  if (!from.includes('.') || !('deadEnd' in resolved)) return noPath(from, nearestPath(from, seen));
  const { message, suggestion } = resolved.deadEnd;
  // Where nothing else was meant, as with taxes, nothing is put in its place.
  const path = suggestion.startsWith('Did you mean ') ? nearestPath(from, seen) : undefined;
  const instead = path === undefined ? suggestion : `Did you mean ${path}?`;
  return { path, mistake: `${shown(from)}: ${shortText(message, 300)} ${shortText(instead, 300)}` };
}

function noPath(from: string, path: string | undefined): CheckedSource {
  const instead =
    path === undefined ? 'Write for example RatePlanCharge.Region__c.' : `Did you mean ${path}?`;
  return { path, mistake: `${shown(from)} is no field: it has to be Object.Field. ${instead}` };
}

/** A field that can be mapped and is written nearly so: its object or its own name is right. */
function nearestPath(from: string, seen: readonly SeenCustomField[]): string | undefined {
  const ends = (path: string) => [path.split('.', 1)[0], path.split('.').at(-1)];
  const [object, field] = ends(from);
  const near = (path: string): boolean => ends(path)[0] === object || ends(path)[1] === field;
  const paths = TEMPLATE_TYPES.flatMap((type) =>
    mappableFields(type, seen).flatMap(({ path }) => (path !== null && near(path) ? [path] : [])),
  );
  return nearestName(from, new Set(paths)) ?? undefined;
}

/** Fields of custom objects are known as Data Query spells them, in lower case; every custom object has these two. */
function isSeen({ object, field }: SourceField, seen: readonly SeenCustomField[]): boolean {
  const name = isCustomObject(object) ? field.toLowerCase() : field;
  if (isCustomObject(object) && ['id', 'updateddate'].includes(name)) return true;
  return seen.some((each) => each.object === object && each.field === name);
}

function usedAttribute(to: string, taken: ReadonlySet<string>): string | null {
  if (taken.has(to)) return 'another field goes there';
  return FREE_ATTRIBUTES.includes(to) ? null : 'the pre-configured templates fill it';
}

function freeHint(mapping: readonly MappedField[]): string {
  const named = new Set(mapping.map(({ to }) => to));
  const free = FREE_ATTRIBUTES.find((label) => !named.has(label));
  return free === undefined ? 'No attribute is left.' : `${free} is free.`;
}

/** Fields whose attribute was taken get the next free one, as long as there is one. */
function withAttributes(usable: ReadonlyMap<string, string | null>): MappedField[] {
  const given = new Set(usable.values());
  const free = FREE_ATTRIBUTES.filter((label) => !given.has(label));
  return [...usable].flatMap(([from, to]) => {
    const attribute = to ?? free.shift();
    return attribute === undefined ? [] : [{ from, to: attribute }];
  });
}

const shown = (name: string): string => shortText(name, 100);
