import { type RawBuilder, sql } from 'kysely';

import type { FindingText } from '../../domain/findings.ts';
import type { Db } from '../database.ts';

/** A run that reports, and its organisation. */
export interface Reporting {
  readonly run: string;
  readonly entity: string;
  readonly org: string;
}

/** Findings of certain ids, as they have to stand. */
interface Kept {
  /** Their texts, by id: all findings that there may be. */
  readonly texts: Readonly<Record<string, FindingText>>;
  /** A row each: `finding`, `object`, `id`, `line`, `amount`, `currency`, `detail`. */
  readonly wanted: RawBuilder<unknown>;
}

/**
 * Opens the wanted findings, says of those that stand what is so now, and resolves those that are not wanted any more.
 * Whatever the query gives, a row and a line have one finding of an id. Repeating it changes nothing.
 */
export async function keepFindings(
  trx: Db,
  { run, entity, org }: Reporting,
  { texts, wanted }: Kept,
): Promise<void> {
  const ids = Object.keys(texts);
  if (ids.length === 0) return;
  const rows = Object.entries(texts).map(([id, { message, remedy }]) => sql`(${id}, ${message}, ${remedy})`);
  await sql`
    with wanted as materialized (
      select distinct on (w.finding, w.object, w.id, w.line) w.finding, w.object, w.id, w.line, w.amount, w.currency,
        replace(replace(replace(t.message, '{source}', concat(w.object, ' ', w.id)), '{line}', coalesce(w.line, '')),
          '{detail}', coalesce(w.detail, '')) as message, t.remedy
      from (${wanted}) as w join (values ${sql.join(rows)}) as t (id, message, remedy) on t.id = w.finding
      order by w.finding, w.object, w.id, w.line, abs(w.amount) desc nulls last, w.amount, w.currency, w.detail
    ),
    resolved as (
      update staging.finding as f set resolved_at = now()
      where f.entity = ${entity} and f.finding = any(${ids}::text[]) and f.resolved_at is null and not exists (
        select from wanted as w
        where w.finding = f.finding and w.object = f.object and w.id = f.source_id and w.line is not distinct from f.line
      )
    )
    insert into staging.finding (entity, org, finding, object, source_id, line, amount, currency, message, remedy, run)
    select ${entity}, ${org}, finding, object, id, line, amount, currency, message, remedy, ${run}
    from wanted order by finding, object, id, line
    on conflict (entity, finding, object, source_id, line) do update
      set org = excluded.org, amount = excluded.amount, currency = excluded.currency, message = excluded.message,
        remedy = excluded.remedy, resolved_at = null,
        run = case when finding.resolved_at is null then finding.run else excluded.run end,
        since = case when finding.resolved_at is null then finding.since else excluded.since end
      where finding.resolved_at is not null
        or (finding.org, finding.amount, finding.currency, finding.message, finding.remedy)
          is distinct from (excluded.org, excluded.amount, excluded.currency, excluded.message, excluded.remedy)`.execute(
    trx,
  );
}
