import { sql } from 'kysely';

import type { Db } from '../database.ts';
import { formOf } from '../lines/form-of.ts';
import { supersededVersions } from './superseded-versions.ts';

/**
 * `billed_version`: the version of an SO line by which billings are judged that were billed under an older one than
 * its booking stands at, one row per `entity`, `so_line_id` and `version` they were billed under. It is the newest at
 * or below that version which was not stopped or rejected, collected or not: what came of an SO line since then must
 * not matter, or a billing would fare otherwise when it comes late. Where there is none, the booking that stands
 * judges, as it does all others.
 */
export async function takeBilledVersions(trx: Db, org: string): Promise<void> {
  await sql`
    create temporary table billed_older on commit drop as
    select distinct c.entity, c.so_line_id, c.version
    from candidate as c
    join revenue.booking as b on b.org = ${org} and b.so_line_id = c.so_line_id and b.version > c.version
    where c.type <> 'SO' and c.outcome is distinct from 'rejected' and c.so_line_id not like 'REVSYNC-%'`.execute(
    trx,
  );
  await sql`analyze billed_older`.execute(trx);
  await sql`
    create temporary table billed_version on commit drop as
    with known as (
      select r.so_line_id, r.version, ${formOf(sql`r.line`)} as form, r.entity as of_entity, r.line, r.amount, r.currency
      from revenue.line as r
      where r.org = ${org} and r.type = 'SO' and r.so_line_id in (select so_line_id from billed_older)
      union all
      select so_line_id, version, form, entity, id, amount, currency
      from candidate where type = 'SO' and (outcome is null or outcome = 'superseded' or outcome like 'waits-for-%')
    )
    select distinct on (o.entity, o.so_line_id, o.version) o.entity, o.so_line_id, o.version,
      k.version as booked, k.of_entity, k.line, k.amount, k.currency
    from billed_older as o join known as k on k.so_line_id = o.so_line_id and k.version <= o.version
    order by o.entity, o.so_line_id, o.version, k.version desc, k.form desc, (k.of_entity = o.entity) desc`.execute(
    trx,
  );
  await addSuperseded(trx);
  await sql`analyze billed_version`.execute(trx);
}

/** Of those whose own version is not known so far: one that earlier collections passed over may be newer. */
async function addSuperseded(trx: Db): Promise<void> {
  await sql`
    with passed_over as (
      select distinct on (w.entity, w.so_line_id, w.upto) w.entity, w.so_line_id, w.upto as version,
        s.version as booked, s.entity as of_entity, s.id as line, s.amount, s.currency
      from (
        select o.entity, o.so_line_id, o.version as upto, coalesce(b.booked, -1) as above
        from billed_older as o
        left join billed_version as b
          on b.entity = o.entity and b.so_line_id = o.so_line_id and b.version = o.version
        where b.booked is distinct from o.version
      ) as w
      cross join ${supersededVersions('w')} as s
      order by w.entity, w.so_line_id, w.upto, s.version desc
    ), outdated as (
      delete from billed_version as b using passed_over as p
      where b.entity = p.entity and b.so_line_id = p.so_line_id and b.version = p.version
    )
    insert into billed_version (entity, so_line_id, version, booked, of_entity, line, amount, currency)
    select entity, so_line_id, version, booked, of_entity, line, amount, currency from passed_over`.execute(
    trx,
  );
}
