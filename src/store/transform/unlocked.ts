import { type RawBuilder, sql } from 'kysely';

import { objectOf } from '../../domain/catalogue/catalogue.ts';
import { columnOf } from '../../domain/catalogue/define-object.ts';
import type { Way } from '../../domain/mapping/ways-to.ts';
import { prestagingTable } from '../prestaging-table.ts';
import type { LineTables } from './line-tables.ts';

interface Where {
  readonly entity: string;
  readonly tables: LineTables;
  /** The entity's last completed run. */
  readonly since: RawBuilder<string>;
}

/**
 * Drivers that have no line, behind a row that changed: an invoice was posted, a flag was taken off. The keys on the way
 * may be the driver's own or those of a row between the two, such as the invoice item that a memo credits.
 */
export function unlocked({ entity, tables, since }: Where, { object, steps }: Way): RawBuilder<unknown> {
  const driver = steps.at(-1)?.object ?? object;
  const alias = (place: number): string => (place === steps.length ? 'd' : `s${place}`);
  const joins = steps.map((step, place) => {
    const [here, before] = [alias(place + 1), place === 0 ? 'p' : alias(place)];
    const along = objectOf(step.object);
    return sql`join ${prestagingTable(along)} as ${sql.id(here)} on ${sql.id(here, 'entity')} = ${sql.id(before, 'entity')}
      and ${sql.id(here, columnOf(along, step.field))} = ${sql.id(before, 'id')}`;
  });
  return sql`
    select d.id from ${prestagingTable(objectOf(object))} as p
    ${sql.join(joins, sql` `)}
    where p.entity = ${entity} and p.changed_run > ${since} and d.changed_run <= ${since}
      and not exists (
        select from ${tables.line} as l
        where l.entity = d.entity and l.source_object = ${driver} and l.source_id = d.id
      )`;
}
