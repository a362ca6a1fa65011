import { sql } from 'kysely';

import { ADJUSTMENT_AFTER_SWITCH, ADJUSTMENT_AFTER_SWITCH_TEXT } from '../../domain/findings.ts';
import type { Db } from '../database.ts';

/**
 * Opens a finding for every adjustment that counts neither itself, as it is dated from the switch on and not collected,
 * nor by a memo, and resolves those of which that is not so any more. Amounts are signed as lines are. Reads
 * `staging.replacement`; repeating it changes nothing.
 */
export async function reportAdjustmentsAfterSwitch(
  trx: Db,
  { run, entity }: { readonly run: string; readonly entity: string },
): Promise<void> {
  const { message, remedy } = ADJUSTMENT_AFTER_SWITCH_TEXT;
  await sql`
    with wanted as materialized (
      select a.org, a.id, a.adjustment_date, e.settled_on, coalesce(a.transaction_currency, c.currency) as currency,
        case lower(a.type) when 'credit' then -a.amount else a.amount end as amount,
        concat_ws(' ', 'InvoiceItemAdjustment', coalesce(a.adjustment_number, a.id)) as source
      from prestaging.invoice_item_adjustment as a
      join control.entity as e on e.entity = a.entity
      left join prestaging.account as c on c.entity = a.entity and c.id = a.account_id
      where a.entity = ${entity} and a.adjustment_date >= e.settled_on
        and not a.deleted and a.status = 'Processed' and lower(a.source_type) is distinct from 'tax'
        and not exists (
          select from staging.replacement as r
          where r.entity = a.entity and r.adjustment = a.id and r.counts = 'memo'
        )
        and not exists (
          select from staging.line as l join revenue.line as r on r.entity = l.entity and r.line = l.id
          where l.entity = a.entity and l.source_object = 'InvoiceItemAdjustment' and l.source_id = a.id
        )
    ),
    resolved as (
      update staging.finding as f set resolved_at = now()
      where f.entity = ${entity} and f.finding = ${ADJUSTMENT_AFTER_SWITCH} and f.resolved_at is null
        and not exists (select from wanted as w where w.id = f.source_id)
    )
    insert into staging.finding (entity, org, finding, object, source_id, amount, currency, detail, message, remedy, run)
    select ${entity}, org, ${ADJUSTMENT_AFTER_SWITCH}, 'InvoiceItemAdjustment', id, amount, currency,
      jsonb_build_object('dated', adjustment_date, 'switched', settled_on),
      replace(replace(replace(${message}, '{source}', source), '{date}', adjustment_date::text),
        '{switch}', settled_on::text), ${remedy}, ${run}
    from wanted order by id
    on conflict (entity, finding, object, source_id, line) do update
      set org = excluded.org, amount = excluded.amount, currency = excluded.currency, detail = excluded.detail,
        message = excluded.message, resolved_at = null,
        run = case when finding.resolved_at is null then finding.run else excluded.run end,
        since = case when finding.resolved_at is null then finding.since else excluded.since end
      where finding.resolved_at is not null
        or (finding.org, finding.amount, finding.currency, finding.detail, finding.message)
          is distinct from (excluded.org, excluded.amount, excluded.currency, excluded.detail, excluded.message)`.execute(
    trx,
  );
}
