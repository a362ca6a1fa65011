import { type RawBuilder, sql } from 'kysely';

import { CUSTOM_FIELD_UPDATE, FINDING_TEXTS } from '../../domain/findings.ts';
import { mappedRows } from '../../domain/mapping/mapped-rows.ts';
import type { Db } from '../database.ts';
import { isContent } from '../lines/content.ts';
import type { DefaultTemplate } from '../templates.ts';
import type { CompiledTemplate } from '../transform/compile.ts';
import { plainText } from '../transform/differences.ts';
import { isDecidedOn, RECOLLECTED, saysAnother } from '../transform/later-forms.ts';
import { byKey } from './by-key.ts';
import { isRecollecting } from './form-again.ts';
import { STANDS } from './standing-lines.ts';
import { unlikeTemplates } from './unlike-templates.ts';

interface Reporting {
  readonly run: string;
  readonly entity: string;
  readonly template: DefaultTemplate;
}

/**
 * Finds the collected lines whose rows say other things now, in fields that are not guarded: one finding for a line,
 * with every field, from where, and what it was and is. One that is not so any more is resolved. Reads `again`. Fields
 * that the line's own template filled otherwise are not compared. Repeating it changes nothing.
 */
export async function reportUpdates(trx: Db, reporting: Reporting, plan: CompiledTemplate): Promise<void> {
  if (!(await isRecollecting(trx))) return;
  const { run, entity, template } = reporting;
  const text = FINDING_TEXTS[CUSTOM_FIELD_UPDATE];
  const wanted = await updatedLines(trx, reporting, plan);
  const report = sql`
    with wanted as materialized (${wanted}),
    resolved as (
      update staging.finding as o set resolved_at = now()
      where o.entity = ${entity} and o.finding = ${CUSTOM_FIELD_UPDATE} and o.resolved_at is null
        and o.object = ${plan.driver.name}
        and o.source_id in (select source_id from again)
        and not exists (select from wanted as w where w.source_id = o.source_id and w.line = o.line)
    )
    insert into staging.finding (entity, org, finding, object, source_id, line, amount, currency, detail, message,
      remedy, run)
    select ${entity}, org, ${CUSTOM_FIELD_UPDATE}, ${plan.driver.name}, source_id, line, amount, currency,
      jsonb_build_object('changes', changes, 'contract', contract, 'template', ${template.name}::text,
        'templateVersion', ${template.version}::integer, 'sources', sources, 'orphans', to_jsonb(orphans)),
      replace(replace(replace(${text?.message ?? ''}, '{source}', ${plan.driver.name} || ' ' || source_id), '{line}', line),
        '{detail}', shown), ${text?.remedy ?? ''}, ${run}
    from wanted
    on conflict (entity, finding, object, source_id, line) do update
      set org = excluded.org, amount = excluded.amount, currency = excluded.currency, detail = excluded.detail,
        message = excluded.message, remedy = excluded.remedy, resolved_at = null, run = excluded.run,
        since = case when finding.resolved_at is null then finding.since else excluded.since end
      where finding.resolved_at is not null
        or (finding.org, finding.amount, finding.currency, finding.detail, finding.message, finding.remedy)
          is distinct from (excluded.org, excluded.amount, excluded.currency, excluded.detail, excluded.message,
            excluded.remedy)`;
  await byKey(trx, () => report.execute(trx));
}

/**
 * The standing lines that differ from what `again` has of them. What differs in a guarded field is stopped, not found.
 */
async function updatedLines(
  trx: Db,
  { entity, template }: Reporting,
  plan: CompiledTemplate,
): Promise<RawBuilder<unknown>> {
  return sql`
    select r.org, f.source_id, c.id as line, c.ext_sell_price as amount, c.transaction_currency as currency, r.contract,
      f.sources, f.orphans, d.changes, d.shown
    from again as f
    ${plan.besideCollected(entity)}
    left join revenue.booking as b on b.org = r.org and b.so_line_id = r.so_line_id
    left join (values ${await unlikeTemplates(trx, entity, template)}) as u (template, version, labels)
      on u.template = c.template and u.version = c.template_version
    cross join lateral (
      select jsonb_agg(jsonb_build_object('field', label, 'from', path, 'was', was, 'is', "is") order by place) as changes,
        string_agg(label || coalesce(' (' || path || ')', '') || ' was ' || coalesce(was, 'empty') || ', is '
          || coalesce("is", 'empty'), '; ' order by place) as shown
      from (values ${comparisons(template, plan)}) as v (place, label, path, was, "is")
      where was is distinct from "is" and (u.labels is null or label <> all(u.labels))
    ) as d
    where c.id is not null and ${STANDS}
      and ${saysAnother(plan.fields)} and not (${RECOLLECTED}) and not ${isDecidedOn(entity)} and d.changes is not null`;
}

/** A row per field: its place and label, the path it is filled from, and the values of `c` and `f`. */
function comparisons({ body }: DefaultTemplate, { fields }: CompiledTemplate): RawBuilder<unknown> {
  const paths = new Map(mappedRows(body).map(({ to, from }) => [to, from]));
  return sql.join(
    fields
      .filter(isContent)
      .map(
        (field, place) =>
          sql`(${sql.lit(place)}, ${sql.lit(field.label)}, ${paths.get(field.label) ?? null}::text, ${plainText('c', field)}, ${plainText('f', field)})`,
      ),
  );
}
