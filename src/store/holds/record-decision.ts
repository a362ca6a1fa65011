import { sql } from 'kysely';

import type { Db } from '../database.ts';
import { contentOf } from '../lines/content.ts';
import type { ReleasedAs } from '../../domain/releases.ts';
import type { ChosenLine } from './chosen-lines.ts';

export interface Decision {
  readonly org: string;
  readonly as: ReleasedAs | 'rejected';
  readonly reason: string;
  readonly by: string;
  /** Whose repetition is the same decision: an attempt that is made again finds it taken. See `requestOf`. */
  readonly request: string;
}

/** How many lines of a decision are named in answers. */
const NAMED = 20;

export interface Decided {
  readonly org: string;
  readonly as: Decision['as'];
  /** How many lines, as exact text; the first ones by id. */
  readonly decided: string;
  readonly lines: readonly string[];
}

/** What a request decided, when it was made before. */
export async function decidedBefore(trx: Db, { org, as, request }: Decision): Promise<Decided | undefined> {
  const rows = await trx
    .selectFrom('control.decision')
    .select('subject')
    .where('org', '=', org)
    .where('request', '=', request)
    .orderBy('decision')
    .execute();
  return rows.length === 0
    ? undefined
    : answer(
        { org, as },
        rows.map(({ subject }) => subject),
      );
}

/**
 * Keeps a decision on these lines: one row of `staging.release` and one of the audit for each, its new status, and an
 * end of its holds. What is released is collected by the next collection, which alone writes contracts.
 */
export async function recordDecision(
  trx: Db,
  lines: readonly ChosenLine[],
  decision: Decision,
): Promise<Decided> {
  const { org, as, reason, by, request } = decision;
  const status = as === 'rejected' ? 'rejected' : 'ready';
  const kind = as === 'rejected' ? 'reject-line' : 'release-line';
  await sql`
    with chosen as (
      select l.entity, l.id, ${contentOf('l')} as content, k.status, k.holds, k.place
      from unnest(${lines.map(({ entity }) => entity)}::text[], ${lines.map(({ id }) => id)}::text[],
        ${lines.map((line) => line.status)}::text[], ${lines.map(({ held }) => JSON.stringify(held.map(({ limitation }) => limitation)))}::jsonb[])
        with ordinality as k (entity, id, status, holds, place)
      join staging.line as l on l.entity = k.entity and l.id = k.id
    ), released as (
      insert into staging.release (entity, org, line, released_as, content, reason, released_by)
      select entity, ${org}, id, ${as}, content, ${reason}, ${by} from chosen
      on conflict (entity, line) do update set released_as = excluded.released_as, content = excluded.content,
        reason = excluded.reason, released_by = excluded.released_by, released_at = now(), contract = null
    ), decided as (
      insert into control.decision (org, kind, subject, before, after, reason, decided_by, request)
      select ${org}, ${kind}, id, jsonb_build_object('status', status, 'holds', holds),
        jsonb_build_object('status', ${status}::text, 'as', ${as}::text, 'entity', entity, 'content', content),
        ${reason}, ${by}, ${request}
      from chosen order by place
    ), ended as (
      delete from staging.hold as h using chosen as c where h.entity = c.entity and h.line = c.id
    )
    update staging.line_state as s set status = ${status}
    from chosen as c where s.entity = c.entity and s.id = c.id`.execute(trx);
  return answer(
    decision,
    lines.map(({ id }) => id),
  );
}

/** What a decision on these lines answers. */
export const answer = ({ org, as }: Pick<Decision, 'org' | 'as'>, lines: readonly string[]): Decided => ({
  org,
  as,
  decided: String(lines.length),
  lines: lines.slice(0, NAMED),
});
