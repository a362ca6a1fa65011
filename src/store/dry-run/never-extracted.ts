import { sql } from 'kysely';

import { findObject } from '../../domain/catalogue/catalogue.ts';
import { fieldsRead } from '../../domain/mapping/fields-read.ts';
import { isCustomObject, type SourceField } from '../../domain/mapping/resolve-path.ts';
import type { TransactionTemplate } from '../../domain/mapping/transaction-template.ts';
import { askedByLastRun } from '../asked-before.ts';
import type { Db } from '../database.ts';
import { customObject } from '../load/custom-records.ts';
import { customColumnOf, targetOf } from '../load/target.ts';

/** What a template reads and pre-staging has in no row: it counts as empty until a sync brings it. */
export interface NeverExtracted {
  readonly object: string;
  /** Null: nothing of the object is here. */
  readonly field: string | null;
}

/** What only the template after reads, of the objects that no sync asked for and the custom fields that no row has. */
export async function neverExtracted(
  db: Db,
  { entity, before, after }: { entity: string; before: TransactionTemplate; after: TransactionTemplate },
): Promise<NeverExtracted[]> {
  const known = new Set(fieldsRead(before).map(keyOf));
  const asked = await askedObjects(db, entity);
  const missing = new Map<string, NeverExtracted>();
  for (const source of fieldsRead(after).filter((each) => !known.has(keyOf(each)))) {
    const lacks = await lacking(db, entity, asked, source);
    if (lacks !== null) missing.set(`${lacks.object}.${lacks.field ?? ''}`, lacks);
  }
  return [...missing.values()];
}

const keyOf = ({ object, field }: SourceField): string => `${object}.${field}`;

/** The objects of the export that the last run asked for; null where no run can tell. */
async function askedObjects(db: Db, entity: string): Promise<ReadonlySet<string> | null> {
  const asked = await askedByLastRun(db, entity);
  return asked && new Set([...asked].map((query) => query.split(' ', 1)[0] ?? ''));
}

async function lacking(
  db: Db,
  entity: string,
  asked: ReadonlySet<string> | null,
  { object: name, field, type }: SourceField,
): Promise<NeverExtracted | null> {
  const object = isCustomObject(name) ? customObject(name) : findObject(name);
  if (object === undefined) return null;
  const { table, holds } = targetOf(object, entity);
  const custom = customColumnOf(object);
  const key = custom === 'content' ? field.toLowerCase() : field;
  const { rows } = await sql<{ some: boolean; filled: boolean }>`
    select exists (select from ${table} as p where ${holds('p')}) as some,
      exists (select from ${table} as p where ${holds('p')} and ${sql.id('p', custom)} ? ${key}) as filled`.execute(
    db,
  );
  const { some = false, filled = false } = rows[0] ?? {};
  if (!some) return asked?.has(name) === true ? null : { object: name, field: null };
  return type === 'custom' && !filled ? { object: name, field } : null;
}
