import { sql } from 'kysely';

import { CATALOGUE } from '../../domain/catalogue/catalogue.ts';
import type { DataSource } from '../../domain/readiness/report.ts';
import { isMemo } from '../../domain/settlement/memos.ts';
import type { Db } from '../database.ts';
import { instantText } from '../instant-text.ts';
import { READINESS_OWNER } from './readiness-run.ts';

interface Row {
  readonly entity: string;
  readonly displayName: string;
  readonly org: string;
  readonly settlement: boolean | null;
  readonly run: string | null;
  readonly owner: string | null;
  readonly asOf: string | null;
  readonly objects: readonly string[];
  /** What the newest run's export asked for, by object; empty where it is not known. */
  readonly asked: readonly string[];
}

/**
 * What is in pre-staging of each entity, in key order: the newest run that brought anything, whatever became of it, and
 * the objects that none brought. Memos are none that a tenant without Invoice Settlement has.
 */
export async function readDataSources(db: Db, entity?: string): Promise<DataSource[]> {
  const { rows } = await sql<Row>`
    select e.entity, e.display_name as "displayName", e.org, e.invoice_settlement as settlement, newest.run,
      newest.owner_workflow as owner, ${instantText(sql`newest.window_to`)} as "asOf", coalesce(came.objects, '{}') as objects,
      coalesce(newest.asked, '{}') as asked
    from control.entity as e
    left join lateral (
      select r.run, r.owner_workflow, r.window_to, r.asked from control.run as r
      where r.entity = e.entity and exists (select from control.extract as x where x.run = r.run)
      order by r.run desc limit 1
    ) as newest on true
    left join lateral (
      select array_agg(distinct x.object) as objects from control.extract as x
      join control.run as r on r.run = x.run
      where r.entity = e.entity and x.source in ('export', 'data-query')
    ) as came on true
    where ${entity ?? null}::text is null or e.entity = ${entity ?? null}
    order by e.entity`.execute(db);
  return rows.map((row) => {
    const { entity: key, displayName, org, owner, run, asOf, objects } = row;
    const source = owner === null ? 'none' : owner.startsWith(READINESS_OWNER) ? 'readiness' : 'sync';
    const unread = CATALOGUE.map(({ name }) => name).filter((name) => !objects.includes(name));
    const notRead = isSettled(row) ? unread : unread.filter((name) => !isMemo(name));
    return { entity: key, displayName, org, source, run, asOf, notRead };
  });
}

/** As a sync decides: by what it remembers, else by whether Billing let memos be asked for (design 9 (27)). */
function isSettled({ settlement, asked }: Row): boolean {
  if (settlement !== null) return settlement;
  return asked.length === 0 || asked.some((query) => isMemo(query.split(' ', 1)[0] ?? ''));
}
