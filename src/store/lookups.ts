import type { Db } from './database.ts';

/** The value of a lookup's code, or null. Lookups keep their Zuora names, as `AUTO_REVENUE_SYNC`, `Auto_Collect`. */
export async function lookupValue(db: Db, lookup: string, code: string): Promise<string | null> {
  const row = await db
    .selectFrom('control.lookup')
    .select('value')
    .where('lookup', '=', lookup)
    .where('code', '=', code)
    .executeTakeFirst();
  return row?.value ?? null;
}

/** The names of all lookups that have a code. */
export async function listLookups(db: Db): Promise<string[]> {
  const rows = await db.selectFrom('control.lookup').select('lookup').distinct().orderBy('lookup').execute();
  return rows.map(({ lookup }) => lookup);
}
