import { sql } from 'kysely';

import { WAITING_TEXTS } from '../../domain/waiting.ts';
import type { Db } from '../database.ts';

/** Writes down what became of the candidates: state rows go, change or stay, and so do their holds. */
export async function settleWaiting(trx: Db, org: string): Promise<void> {
  await sql`
    delete from staging.line_state as s using candidate as c
    where c.outcome = 'collected' and s.entity = c.entity and s.id = c.id`.execute(trx);
  await sql`
    update staging.line_state as s set status = case when c.outcome = 'superseded' then 'superseded' else 'waiting' end
    from candidate as c
    where c.outcome <> 'collected' and s.entity = c.entity and s.id = c.id
      and s.status <> case when c.outcome = 'superseded' then 'superseded' else 'waiting' end`.execute(trx);
  await sql`
    delete from staging.hold as h using candidate as c
    where h.kind = 'waiting' and h.entity = c.entity and h.line = c.id and h.limitation <> c.outcome`.execute(
    trx,
  );
  const texts = Object.entries(WAITING_TEXTS).map(
    ([id, { message, remedy }]) => sql`(${id}, ${message}, ${remedy})`,
  );
  await sql`
    insert into staging.hold (entity, org, line, limitation, kind, message, remedy)
    select c.entity, ${org}, c.id, c.outcome, 'waiting',
      replace(replace(t.message, '{booking}', coalesce(c.so_line_id, '(none)')),
        '{day}', coalesce(case when c.type = 'SO' then c.so_book_date else c.invoice_date end, c.so_book_date)::text),
      t.remedy
    from candidate as c join (values ${sql.join(texts)}) as t (id, message, remedy) on t.id = c.outcome
    on conflict (entity, line, limitation) do update set message = excluded.message
      where hold.message <> excluded.message`.execute(trx);
}
