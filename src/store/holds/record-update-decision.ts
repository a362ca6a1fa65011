import { sql } from 'kysely';

import { CUSTOM_FIELD_UPDATE } from '../../domain/findings.ts';
import type { Db } from '../database.ts';
import { contentOf } from '../lines/content.ts';
import { baseOf, nextForm, updatedForm } from '../recollect/updated-form.ts';
import type { ChosenLine } from './chosen-lines.ts';
import type { Decided, Decision } from './record-decision.ts';
import { answer } from './record-decision.ts';

/**
 * Keeps a decision on collected lines of which Billing says other things now: about the form that such a line would come
 * in again (`...#n`), with these values. The next collection makes that form, and collects it unless it was rejected.
 */
export async function recordUpdateDecision(
  trx: Db,
  lines: readonly ChosenLine[],
  decision: Decision,
): Promise<Decided> {
  const { org, as, reason, by, request } = decision;
  const kind = as === 'rejected' ? 'reject-line' : 'release-line';
  const { rows } = await sql<{ id: string }>`
    with chosen as (
      select l.entity, ${baseOf(sql`l.id`)} || '#' || ${nextForm} as id, l.id as collected, ${contentOf('x')} as content,
        f.detail -> 'changes' as changes, k.place
      from unnest(${lines.map(({ entity }) => entity)}::text[], ${lines.map(({ id }) => id)}::text[])
        with ordinality as k (entity, id, place)
      join staging.line as l on l.entity = k.entity and l.id = k.id
      join staging.finding as f on f.entity = l.entity and f.line = l.id and f.finding = ${CUSTOM_FIELD_UPDATE}
        and f.resolved_at is null
      ${updatedForm(sql`'{}'::jsonb`)}
    ), released as (
      insert into staging.release (entity, org, line, released_as, content, reason, released_by)
      select entity, ${org}, id, ${as}, content, ${reason}, ${by} from chosen
      on conflict (entity, line) do update set released_as = excluded.released_as, content = excluded.content,
        reason = excluded.reason, released_by = excluded.released_by, released_at = now(), contract = null
    ), decided as (
      insert into control.decision (org, kind, subject, before, after, reason, decided_by, request)
      select ${org}, ${kind}, id, jsonb_build_object('status', 'collected', 'line', collected, 'changes', changes),
        jsonb_build_object('status', ${as === 'rejected' ? 'rejected' : 'ready'}::text, 'as', ${as}::text,
          'entity', entity, 'content', content),
        ${reason}, ${by}, ${request}
      from chosen order by place
    )
    select id from chosen order by place`.execute(trx);
  return answer(
    decision,
    rows.map(({ id }) => id),
  );
}
