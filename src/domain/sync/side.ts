/**
 * What a run reads beside its export (design 9 (11), issue of deletes): `prices`, the contractual values of
 * charges where the export has none; `deletes`, deleted rows of objects whose export cannot tell them;
 * `keys`, the keys of everything, which show what vanished unseen; `custom:<table>`, a custom object.
 */
export type Side = 'prices' | 'deletes' | 'keys' | `custom:${string}`;

export type SideKind = 'prices' | 'deletes' | 'keys' | 'custom';

export function sideKind(side: string): SideKind {
  const kind = side.split(':', 1)[0];
  return kind === 'prices' || kind === 'deletes' || kind === 'keys' ? kind : 'custom';
}

/** `custom:default__project__c` -> `default__project__c`. */
export function customTable(side: string): string {
  return side.slice('custom:'.length);
}

/** A custom object as Data Query names its table. */
const CUSTOM_OBJECT = /\bdefault__[a-z0-9_]+?__c\b/gi;

/** The custom objects among names of objects, or in paths; lower case, each once, sorted. */
export function customObjectsOf(names: readonly string[]): readonly string[] {
  const found = names.flatMap((name) => name.match(CUSTOM_OBJECT) ?? []);
  return [...new Set(found.map((name) => name.toLowerCase()))].toSorted();
}
