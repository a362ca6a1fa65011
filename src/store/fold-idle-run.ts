import { type RawBuilder, sql } from 'kysely';

import { CATALOGUE } from '../domain/catalogue/catalogue.ts';
import type { Db } from './database.ts';

/** Where rows name the run that wrote them, but for what is a run's own. `byEntity`: their index begins with it. */
interface Reference {
  readonly table: string;
  readonly column: string;
  readonly byEntity: boolean;
}

/** Every table whose rows refer to runs. A run that one of them names stays for ever. */
export const REFERENCES: readonly Reference[] = [
  ...[...CATALOGUE.map(({ table }) => table), 'custom_record'].map((table) => ({
    table: `prestaging.${table}`,
    column: 'changed_run',
    byEntity: true,
  })),
  { table: 'prestaging.history', column: 'replaced_run', byEntity: false },
  { table: 'prestaging.reject', column: 'run', byEntity: false },
  { table: 'staging.line', column: 'run', byEntity: false },
  { table: 'staging.finding', column: 'run', byEntity: false },
  { table: 'staging.replacement', column: 'changed_run', byEntity: true },
  { table: 'control.settlement_chunk', column: 'run', byEntity: false },
];

/** What a run consists of; it goes with the run. */
export const OWN = [
  'control.side_job',
  'control.side_extract',
  'control.extract',
  'control.balance',
] as const;

interface Runs {
  readonly entity: string;
  /** The run that is being completed. */
  readonly run: string;
  /** The entity's last completed run before it; `0` where there is none. */
  readonly previous: string;
}

/**
 * Folds the previous run of a loop into the one that is being completed, where both read the standing window and brought
 * nothing, no row refers to the previous one, and nobody decided anything in it: a loop leaves one row however often it
 * runs for nothing, and the row says how often and since when. Runs that a person or a schedule started stay. Belongs
 * into the transaction that completes a run, after the mark has moved to it.
 */
export async function foldIdleRun(trx: Db, { entity, run, previous }: Runs): Promise<void> {
  const { rows } = await sql<{ idle_runs: number; since: string }>`
    select e.idle_runs + 1 as idle_runs, coalesce(e.idle_since, e.opened_at)::text as since
    from control.run as e join control.run as n on n.run = ${run}
    where e.run = ${previous} and e.entity = ${entity} and e.light and ${isIdle('e')} and ${isIdle('n')}
      and not exists (select from control.side_extract as s where s.run = e.run and s.state = 'skipped')`.execute(
    trx,
  );
  const [folded] = rows;
  if (folded === undefined || (await isReferredTo(trx, entity, previous))) return;
  const gone = [...OWN, 'control.run'].map(
    (table, at) =>
      sql`${sql.ref(`gone_${at}`)} as (delete from ${sql.table(table)} where run = ${previous}::bigint)`,
  );
  await sql`
    with ${sql.join(gone)}
    update control.run set idle_runs = ${folded.idle_runs}::integer, idle_since = ${folded.since}::timestamptz
    where run = ${run}`.execute(trx);
}

const isIdle = (run: string): RawBuilder<boolean> =>
  sql<boolean>`(${sql.id(run, 'state')} = 'completed' and ${sql.id(run, 'outcome')} = 'nothing-to-do'
    and ${sql.id(run, 'moves_mark')} and ${sql.id(run, 'selection')} = '{}')`;

async function isReferredTo(trx: Db, entity: string, run: string): Promise<boolean> {
  const found = REFERENCES.map(({ table, column, byEntity }) => {
    const whose = byEntity ? sql`entity = ${entity} and ` : sql``;
    return sql`exists (select from ${sql.table(table)} where ${whose}${sql.ref(column)} = ${run}::bigint)`;
  });
  const { rows } = await sql<{ found: boolean }>`select ${sql.join(found, sql` or `)} as found`.execute(trx);
  return rows[0]?.found === true;
}
