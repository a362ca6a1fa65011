import { sql } from 'kysely';

import { CATALOGUE } from '../../domain/catalogue/catalogue.ts';
import type { KnownTenant } from '../../domain/mapping/checks/known-tenant.ts';
import type { SeenCustomField } from '../../domain/mapping/mappable-fields.ts';
import type { Db } from '../database.ts';
import { prestagingTable } from '../prestaging-table.ts';
import { listEntities } from '../tenancy.ts';

/** The custom fields of the catalogue's objects, and custom objects with theirs, of one entity or of all. */
export async function customFields(db: Db, entity?: string): Promise<SeenCustomField[]> {
  const ofEntity = entity === undefined ? sql`` : sql`and entity = ${entity}`;
  const standard = CATALOGUE.map(
    (object) => sql`
      select ${object.name}::text as object, k.field, count(*) as filled,
        (select count(*) from ${prestagingTable(object)} where not deleted ${ofEntity}) as rows
      from ${prestagingTable(object)} as p, jsonb_object_keys(p.custom) as k (field)
      where not p.deleted ${ofEntity} group by k.field`,
  );
  const { rows } = await sql<SeenCustomField>`
    ${sql.join(standard, sql` union all `)}
    union all
    select p.object, k.field, count(*), max(n.rows)
    from prestaging.custom_record as p
    join (
      select object, count(*) as rows from prestaging.custom_record where not deleted ${ofEntity} group by object
    ) as n on n.object = p.object, jsonb_object_keys(p.content) as k (field)
    where not p.deleted ${ofEntity} group by p.object, k.field
    order by object, field`.execute(db);
  return rows;
}

/** What templates are checked against: the entities, and the custom fields that rows were seen with. */
export async function knownTenant(db: Db): Promise<KnownTenant> {
  const names = new Map<string, Set<string>>();
  for (const { object, field } of await customFields(db)) {
    names.set(object, (names.get(object) ?? new Set()).add(field));
  }
  return {
    entities: await listEntities(db),
    customFields: new Map([...names].map(([object, fields]) => [object, { names: fields, complete: false }])),
  };
}
