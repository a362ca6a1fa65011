import { type RawBuilder, sql } from 'kysely';

import type { BillingObject } from '../../domain/catalogue/define-object.ts';
import type { Db } from '../database.ts';
import { targetOf } from '../load/target.ts';
import type { CompiledTemplate } from '../transform/compile.ts';
import type { Join } from '../transform/join-tree.ts';
import { readLastRun } from '../transform/last-run.ts';

/**
 * Whether a row changed since a run, the last that completed, in a way that a collected line may show. A line that was collected
 * had every row that it needs, so of these only replaced versions count: a row that is merely new stands behind new
 * lines, and one whose balances were touched leaves no version in history. What may be missing counts when it comes.
 */
export function hasChanged(
  entity: string,
  object: BillingObject,
  needed: boolean,
  since: RawBuilder<string>,
): (alias: string) => RawBuilder<boolean> {
  const replaced = (alias: string) => sql`exists (
      select from prestaging.history as h
      where h.entity = ${entity} and h.object = ${object.name} and h.id = ${sql.id(alias, 'id')}
        and h.replaced_run > ${since}
    )`;
  return (alias) => {
    const later = sql<boolean>`${sql.id(alias, 'changed_run')} > ${since}`;
    return needed || object.volatile.length > 0 ? sql<boolean>`${later} and ${replaced(alias)}` : later;
  };
}

/** Rows that changed, as the key of a look at them. */
const lookKey = ({ object, presence }: Pick<Join, 'object' | 'presence'>): string =>
  `${object.name}|${presence !== 'optional'}`;

/** Which of the joins of a template have rows that changed; mostly few, and then there is little to do. */
export async function changedJoins(
  db: Db,
  entity: string,
  { joins }: Pick<CompiledTemplate, 'joins'>,
): Promise<ReadonlySet<string>> {
  const since = await readLastRun(db, entity);
  const looks = new Map(joins.map((join) => [lookKey(join), join]));
  const selects = [...looks].map(([key, { object, presence }]) => {
    const { table, holds } = targetOf(object, entity);
    return sql`select ${key}::text as key, exists (
      select from ${table} as p where ${holds('p')} and ${hasChanged(entity, object, presence !== 'optional', since)('p')}
    ) as some`;
  });
  const { rows } = await sql<{ key: string; some: boolean }>`${sql.join(selects, sql` union all `)}`.execute(
    db,
  );
  const changed = new Set(rows.filter(({ some }) => some).map(({ key }) => key));
  return new Set(joins.filter((join) => changed.has(lookKey(join))).map(({ alias }) => alias));
}
