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

/** The custom objects that template rows read, by the paths they map from; lower case, each once, sorted. */
export function customObjectsOf(paths: readonly string[]): readonly string[] {
  const found = paths.flatMap((path) => path.match(CUSTOM_OBJECT) ?? []);
  return [...new Set(found.map((name) => name.toLowerCase()))].toSorted();
}
