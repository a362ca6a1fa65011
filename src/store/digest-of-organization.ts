import { type RawBuilder, sql } from 'kysely';

/** Who may see an organisation is not what it is; and people look at databases, not at tenants. */
const NOT_ITS_STATE = new Set(['control.access']);

/** Which rows of a table are an organisation's; null where none are, or all are everybody's. */
export function ofOrganization(
  { name, columns }: { readonly name: string; readonly columns: readonly string[] },
  org: string,
): RawBuilder<unknown> | null {
  if (NOT_ITS_STATE.has(name)) return null;
  if (columns.includes('org')) return sql`org = ${org}`;
  // Templates belong to an entity.
  if (columns.includes('entity')) {
    return sql`entity in (select e.entity from control.entity as e where e.org = ${org})`;
  }
  return null;
}
