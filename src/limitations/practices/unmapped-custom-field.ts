import { type RawBuilder, sql } from 'kysely';

import { CATALOGUE } from '../../domain/catalogue/catalogue.ts';
import { reachablePaths } from '../../domain/mapping/reachable-paths.ts';
import { ROUTES } from '../../domain/mapping/routes.ts';
import { TEMPLATE_TYPES } from '../../domain/mapping/transaction-template.ts';
import type { Hit } from '../limitation.ts';
import type { Practice } from '../practice.ts';
import { rowsOf } from '../rows.ts';

const paths = TEMPLATE_TYPES.flatMap((type) => reachablePaths(ROUTES[type]));

/** Objects that a template can reach, whatever its type. */
const OBJECTS: readonly string[] = [...new Set(paths.map(({ object }) => object.name))].toSorted();

/** The object behind the last step of a path: a relation of the catalogue, a route, or the object by its own name. */
const STEPS: ReadonlyMap<string, string> = new Map([
  ...CATALOGUE.flatMap(({ relations }) =>
    Object.entries(relations).map(([name, { object }]): [string, string] => [name, object]),
  ),
  ...paths.map(({ path, object }): [string, string] => [path.split('.').at(-1) ?? path, object.name]),
  ...CATALOGUE.map(({ name }): [string, string] => [name, name]),
]);

/** The paths to custom fields that the default templates of an entity read, in rows and in filters. */
const readPaths = (entity: string): RawBuilder<unknown> => sql`
    select regexp_replace(found[1], '^(.+__c)\\.[^.]+__c\\.[^.]+$', '\\1') as path
    from (
      select distinct on (type) body from staging.transaction_template
      where status = 'default' and (entity = ${entity} or entity is null)
      order by type, entity nulls last
    ) as template
    cross join lateral (
      select "row" ->> 'from' as text from jsonb_array_elements(body -> 'rows') as each ("row")
      union all select body ->> 'filter'
    ) as source
    cross join lateral regexp_matches(source.text, '[A-Za-z][A-Za-z0-9_]*(?:\\.[A-Za-z0-9_]+)*__c(?![A-Za-z0-9_])', 'g') as found`;

/** How many rows of an object have a value in each custom field, and how many rows there are. */
const filled = (entity: string, object: string): RawBuilder<unknown> => sql`
    select ${object}::text as object, k.field, count(*) as filled,
      (select count(*) from ${rowsOf(object, 'n')} where n.entity = ${entity} and not n.deleted) as rows
    from ${rowsOf(object, 'p')}, jsonb_object_keys(p.custom) as k (field)
    where p.entity = ${entity} and not p.deleted and p.custom is not null group by k.field`;

/** A custom field in use that no line takes over. One row per object and field. */
export const unmappedCustomField: Practice = {
  id: 'unmapped-custom-field',
  title: 'Map the custom fields that matter to revenue',
  does: 'Counts the custom fields that have values and that no default template reads, in a row or in its filter. They stay in pre-staging, and no line shows them.',
  remedy:
    'Let a template read the field (`revsync template fields` shows its path) into one of ATR1-ATR60, before the lines are collected: what comes later is not taken over by itself.',
  before: 'Decide for each field whether revenue needs it, and map it before the first sync.',
  inBilling: {
    objects: OBJECTS,
    hits: (entity) => sql<Hit>`
    with step (name, object) as (values ${sql.join(
      [...STEPS].map(([name, object]) => sql`(${sql.lit(name)}, ${sql.lit(object)})`),
    )}),
    mapped as (
      select distinct step.object, split_part(path, '.', -1) as field
      from (${readPaths(entity)}) as read join step on step.name = split_part(path, '.', -2)
    )
    select f.object, f.object || '.' || f.field as id, null::numeric as amount, null::text as currency,
      concat('filled in ', f.filled, ' of ', f.rows, ' rows (', round(100.0 * f.filled / f.rows, 1), ' %)') as detail
    from (${sql.join(
      OBJECTS.map((object) => filled(entity, object)),
      sql` union all `,
    )}) as f
    where not exists (select from mapped as m where m.object = f.object and m.field = f.field)`,
  },
  finding: null,
};
