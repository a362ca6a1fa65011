import { sql } from 'kysely';

import { invariant } from '../../domain/errors.ts';
import { WAITING_TEXTS } from '../../domain/waiting.ts';
import type { Db } from '../database.ts';

/** The status of a line that was not collected, by its outcome. */
const STATUS = sql`case
  when c.outcome in ('superseded', 'rejected') then c.outcome
  when c.outcome like 'waits-for-%' then 'waiting'
  else 'stopped' end`;

/** Writes down what became of the candidates: state rows go, change or stay, and so do their holds. */
export async function settle(trx: Db, org: string): Promise<void> {
  await requireDecided(trx);
  await sql`
    delete from staging.line_state as s using candidate as c
    where c.outcome = 'collected' and s.entity = c.entity and s.id = c.id`.execute(trx);
  await sql`
    update staging.line_state as s set status = ${STATUS}
    from candidate as c
    where c.outcome <> 'collected' and s.entity = c.entity and s.id = c.id and s.status <> ${STATUS}`.execute(
    trx,
  );
  await sql`
    delete from staging.hold as h using candidate as c
    where h.entity = c.entity and h.line = c.id and h.limitation <> c.outcome
      and (${STATUS} <> 'stopped' or not exists (
        select from stop as st where st.entity = h.entity and st.id = h.line and st.limitation = h.limitation
      ))`.execute(trx);
  await holdWaiting(trx, org);
  await holdStopped(trx, org);
}

async function requireDecided(trx: Db): Promise<void> {
  const { rows } = await sql<{ id: string }>`select id from candidate where outcome is null limit 1`.execute(
    trx,
  );
  invariant(rows.length === 0, `nothing decided what becomes of line ${rows[0]?.id}`);
}

async function holdWaiting(trx: Db, org: string): Promise<void> {
  const texts = Object.entries(WAITING_TEXTS).map(
    ([id, { message, remedy }]) => sql`(${id}, ${message}, ${remedy})`,
  );
  await sql`
    insert into staging.hold (entity, org, line, limitation, kind, message, remedy)
    select c.entity, ${org}, c.id, c.outcome, 'waiting',
      replace(replace(t.message, '{booking}', coalesce(c.so_line_id, '(none)')),
        '{day}', coalesce(case when c.type = 'SO' then c.so_book_date else c.invoice_date end, c.so_book_date)::text),
      t.remedy
    from candidate as c join (values ${sql.join(texts)}) as t (id, message, remedy) on t.id = coalesce(c.why, c.outcome)
    where c.outcome like 'waits-for-%'
    on conflict (entity, line, limitation) do update set message = excluded.message, remedy = excluded.remedy
      where (hold.message, hold.remedy) <> (excluded.message, excluded.remedy)`.execute(trx);
}

async function holdStopped(trx: Db, org: string): Promise<void> {
  await sql`
    insert into staging.hold (entity, org, line, limitation, kind, message, remedy)
    select st.entity, ${org}, st.id, st.limitation, st.kind, st.message, st.remedy
    from stop as st join candidate as c on c.entity = st.entity and c.id = st.id
    where ${STATUS} = 'stopped' and c.outcome <> 'collected'
    on conflict (entity, line, limitation) do update set message = excluded.message, remedy = excluded.remedy
      where (hold.message, hold.remedy) <> (excluded.message, excluded.remedy)`.execute(trx);
}
