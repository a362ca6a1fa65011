import type { Rows } from './sync-rows.ts';

/** What names a row beside its id. */
const isKey = (object: string, field: string): boolean =>
  field.endsWith('Id') || (object === 'Subscription' && field === 'Name');

/** The same rows under keys of their own, so that many tenants can be synced as one. */
export function apart(rows: Rows, suffix: string): Rows {
  return Object.fromEntries(
    Object.entries(rows).map(([object, list]) => [
      object,
      list.map((row) =>
        Object.fromEntries(
          Object.entries(row).map(([field, value]) => [
            field,
            value !== null && isKey(object, field) ? `${value}${suffix}` : value,
          ]),
        ),
      ),
    ]),
  );
}

/** All the rows, by object. */
export function together(tenants: readonly Rows[]): Rows {
  const all = new Map<string, Rows[string][number][]>();
  for (const [object, list] of tenants.flatMap((rows) => Object.entries(rows))) {
    all.set(object, [...(all.get(object) ?? []), ...list]);
  }
  return Object.fromEntries(all);
}
