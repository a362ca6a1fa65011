import { type RawBuilder, sql } from 'kysely';

import type { Db } from '../database.ts';
import type { CompiledTemplate } from '../transform/compile.ts';
import { byKey } from './by-key.ts';
import { hasCollected, standingLines } from './standing-lines.ts';

/** What lines are formed from: drivers, or what was formed of them already. */
export interface Source {
  readonly rows: RawBuilder<unknown>;
  readonly formed?: RawBuilder<unknown>;
}

/**
 * Forms what touched drivers with collected lines (`recollected`) say now, into `again`, so that it is worked out once and
 * compared twice: with the guarded fields and with all others. Answers what to form lines from. Mostly drivers are new:
 * then there is no `again`, and `touched` is all.
 */
export async function formAgain(trx: Db, entity: string, plan: CompiledTemplate): Promise<Source[]> {
  const touched = { rows: sql.table('touched') };
  await sql`create temporary table recollected (id text not null) on commit drop`.execute(trx);
  if (!(await hasCollected(trx, entity))) return [touched];
  await sql`
    insert into recollected
    select distinct l.source_id from ${standingLines(entity, plan.driver)}
      and l.source_id in (select id from touched)`.execute(trx);
  if (!(await isRecollecting(trx))) return [touched];
  const recollected = sql.table('recollected');
  await sql`analyze recollected`.execute(trx);
  await byKey(trx, () =>
    sql`create temporary table again on commit drop as ${plan.formed({ entity, rows: recollected })}`.execute(
      trx,
    ),
  );
  await sql`analyze again (source_id)`.execute(trx);
  const others = sql`(
      select t.id from touched as t where not exists (select from recollected as r where r.id = t.id)
    )`;
  return [{ rows: others }, { rows: recollected, formed: sql.table('again') }];
}

/** Whether any touched driver has collected lines, and so `again` is there. */
export async function isRecollecting(trx: Db): Promise<boolean> {
  const { rows } = await sql<{ some: boolean }>`select exists (select from recollected) as some`.execute(trx);
  return rows[0]?.some === true;
}
