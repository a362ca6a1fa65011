import { sql } from 'kysely';

import type { TransactionTemplate } from '../../domain/mapping/transaction-template.ts';
import type { Db } from '../database.ts';
import { type KnownEntity, listEntities } from '../tenancy.ts';

/** Where a dry run makes sense, or in words why nowhere. */
export type Concerned =
  { readonly entities: readonly KnownEntity[] } | { readonly entities: readonly []; readonly why: string };

/**
 * The entities whose lines would be formed by the template after: the one asked for, the one that a template is for, or
 * every one without a default of its own.
 */
export async function entitiesConcerned(
  db: Db,
  {
    before,
    after,
    asked,
  }: { before: TransactionTemplate; after: TransactionTemplate; asked?: string | undefined },
): Promise<Concerned> {
  const known = await listEntities(db);
  if (known.length === 0) return nowhere('No entity is known before the first sync');
  if (!(await mayMakeTemporaryTables(db))) {
    return nowhere('This login may not make temporary tables in the database');
  }
  const key = asked ?? after.entity ?? before.entity;
  if (key !== null) {
    const entities = known.filter(({ entity }) => entity === key);
    return entities.length === 0 ? nowhere(`There is no entity ${key} yet`) : { entities };
  }
  const own = await withOwnDefault(db, after);
  const entities = known.filter(({ entity }) => !own.has(entity));
  if (entities.length > 0) return { entities };
  return nowhere(`Every entity has a default template of type ${after.type} of its own`);
}

const nowhere = (why: string): Concerned => ({ entities: [], why });

async function withOwnDefault(db: Db, { type }: TransactionTemplate): Promise<ReadonlySet<string>> {
  const rows = await db
    .selectFrom('staging.transaction_template')
    .select('entity')
    .where('type', '=', type)
    .where('status', '=', 'default')
    .execute();
  return new Set(rows.flatMap(({ entity }) => entity ?? []));
}

async function mayMakeTemporaryTables(db: Db): Promise<boolean> {
  const { rows } = await sql<{ may: boolean }>`
    select has_database_privilege(current_database(), 'temporary') as may`.execute(db);
  return rows[0]?.may === true;
}
