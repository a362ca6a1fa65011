import { sql } from 'kysely';

import { OTHER_ENTITY, OTHER_ENTITY_TEXT } from '../../domain/duplicates.ts';
import type { Db } from '../database.ts';

/**
 * Drops what comes twice. An entity has every line once; but of two entities of an organisation one can deliver what
 * the other did, as after a tenant became one of several entities. The line that is collected counts, else that of the
 * entity whose key is first: an equal one is superseded, one with something else in it is stopped.
 */
export async function dropDuplicates(trx: Db, org: string): Promise<void> {
  const { rows: entities } = await sql`select from control.entity where org = ${org} limit 2`.execute(trx);
  if (entities.length < 2) return;
  await takeTwins(trx, org);
  const { message, remedy } = OTHER_ENTITY_TEXT;
  await sql`
    insert into stop (entity, id, limitation, message, remedy)
    select c.entity, c.id, ${OTHER_ENTITY}, replace(replace(replace(replace(${message}::text, '{entity}', t.other),
      '{amount}', trim_scale(t.amount)::text), '{currency}', coalesce(t.currency, '')),
      '{ours}', concat_ws(' ', trim_scale(c.amount)::text, c.currency)), ${remedy}
    from twin as t join candidate as c on c.entity = t.entity and c.id = t.id where not t.equal`.execute(trx);
  await sql`
    update candidate as c set outcome = case when t.equal then 'superseded' else ${OTHER_ENTITY} end
    from twin as t where t.entity = c.entity and t.id = c.id`.execute(trx);
}

/** `twin`: the candidates whose id another entity's line has that counts instead, and what that one says. */
async function takeTwins(trx: Db, org: string): Promise<void> {
  const dated = sql`case when c.type = 'SO' then c.so_book_date else c.invoice_date end`;
  await sql`
    create temporary table twin on commit drop as
    select distinct on (c.entity, c.id) c.entity, c.id, o.entity as other, o.amount, o.currency,
      (o.amount, o.currency, o.version, o.dated, o.ends)
        is not distinct from (c.amount, c.currency, c.version, ${dated}, c.ends) as equal
    from candidate as c
    join (
      select r.entity, r.line, r.amount, r.currency, r.version, r.dated, r.ends, true as collected
      from control.entity as e join revenue.line as r on r.entity = e.entity and r.org = e.org
      where e.org = ${org}
      union all
      select c.entity, c.id, c.amount, c.currency, c.version, ${dated}, c.ends, false
      from candidate as c where c.outcome is null
    ) as o on o.line = c.id and o.entity <> c.entity and (o.collected or o.entity < c.entity)
    where c.outcome is null
    order by c.entity, c.id, o.collected desc, o.entity`.execute(trx);
}
