import { sql } from 'kysely';

import { ENTITIES_LOOKUP, ZONES_LOOKUP } from '../../domain/settings/lookups.ts';
import type { Db } from '../database.ts';
import { noteChanges, WRITTEN } from '../settings/setting-changes.ts';
import type { MappedEntity } from './map-entities.ts';

interface Moved {
  readonly entity: string;
  readonly org: string;
  readonly was: string;
  readonly name: string;
  readonly code: string;
  readonly before: string;
  readonly after: string;
}

/**
 * Moves the lookups about entities to the organisations that they are in now. Notes it twice, once for the people of each:
 * nobody is told what he may not see.
 */
export async function moveLookups(
  trx: Db,
  changed: readonly MappedEntity[],
  { by, reason }: { readonly by: string; readonly reason: string },
): Promise<void> {
  const { rows } = await sql<Moved>`
    with moved as (
      select e.entity, m.org, m.was, l.lookup, l.code, l.value as before,
        case when l.lookup = ${ENTITIES_LOOKUP} then m.org else l.value end as after
      from unnest(${changed.map(({ entity }) => entity)}::text[], ${changed.map(({ org }) => org)}::text[],
        ${changed.map(({ was }) => was)}::text[]) as m (entity, org, was)
      join control.entity as e on e.entity = m.entity
      join control.lookup as l on l.code = coalesce(e.billing_id, e.entity)
        and l.lookup in (${ENTITIES_LOOKUP}, ${ZONES_LOOKUP})
    ), written as (
      update control.lookup as l set value = m.after, org = m.org, changed_by = ${by}, changed_at = ${WRITTEN}
      from moved as m where (l.lookup, l.code) = (m.lookup, m.code)
    )
    select entity, org, was, lookup as name, code, before, after from moved order by entity, lookup`.execute(
    trx,
  );
  const changes = rows.flatMap(({ entity, org, was, name, code, before, after }) => {
    const common = { kind: 'lookup' as const, name, code, entity, reason };
    return [
      { ...common, org: was, before, after: null },
      { ...common, org, before: null, after },
    ];
  });
  await noteChanges(trx, changes, { by, workflowRun: null });
}
