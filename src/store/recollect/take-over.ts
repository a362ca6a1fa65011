import { sql } from 'kysely';

import { CUSTOM_FIELD_UPDATE } from '../../domain/findings.ts';
import type { Db } from '../database.ts';
import { contentOf } from '../lines/content.ts';
import { baseOf, updatedForm } from './updated-form.ts';

/**
 * Makes the forms of collected lines that a person decided on when a finding told of other values: ready to be
 * collected instead of the form that is, or rejected. With other values by now the finding stays, and nothing is made.
 */
export async function takeOver(trx: Db, org: string): Promise<void> {
  const own = sql`jsonb_build_object('id', r.line, 'form', substring(r.line from '#(\\d+)$')::integer, 'run', f.run,
      'template', f.detail -> 'template', 'template_version', f.detail -> 'templateVersion',
      'sources', f.detail -> 'sources', 'withheld', array[${CUSTOM_FIELD_UPDATE}::text])`;
  await sql`
    with made as (
      insert into staging.line
      select x.*
      from staging.release as r
      join staging.finding as f on f.entity = r.entity and f.finding = ${CUSTOM_FIELD_UPDATE} and f.resolved_at is null
        and ${baseOf(sql`f.line`)} = ${baseOf(sql`r.line`)}
      join staging.line as l on l.entity = f.entity and l.id = f.line
      ${updatedForm(own)}
      where r.org = ${org} and r.content = ${contentOf('x')} and not exists (
        select from staging.line as o where o.entity = r.entity and o.id = r.line
      )
      returning entity, org, id
    ), resolved as (
      update staging.finding as f set resolved_at = now() from made as m
      where f.entity = m.entity and f.finding = ${CUSTOM_FIELD_UPDATE} and f.resolved_at is null
        and ${baseOf(sql`f.line`)} = ${baseOf(sql`m.id`)}
    )
    insert into staging.line_state (entity, org, id, status)
    select m.entity, m.org, m.id, case r.released_as when 'rejected' then 'rejected' else 'ready' end
    from made as m join staging.release as r on r.entity = m.entity and r.line = m.id`.execute(trx);
}

/** Resolves what was found of lines that do not count any more: another form or version stands instead. */
export async function closeUpdates(trx: Db, org: string): Promise<void> {
  await sql`
    update staging.finding as f set resolved_at = now()
    where f.entity in (select entity from control.entity where org = ${org}) and f.finding = ${CUSTOM_FIELD_UPDATE}
      and f.resolved_at is null and not exists (
        select from revenue.line as r left join revenue.booking as b on b.org = r.org and b.so_line_id = r.so_line_id
        where r.entity = f.entity and r.line = f.line and (r.type <> 'SO' or (b.entity = r.entity and b.line = r.line))
      )`.execute(trx);
}
