import { type RawBuilder, sql } from 'kysely';

import type { MetRule } from '../../domain/explanation/line-facts.ts';
import { limitationOf, LIMITATIONS } from '../../limitations/all-limitations.ts';
import type { Limitation } from '../../limitations/limitation.ts';
import type { Db } from '../database.ts';
import type { LineKey } from '../lines/line-key.ts';
import { holdsOf } from '../list-holds.ts';

/** Outcomes that make a line what it is, without keeping it from going on. */
const FORMING = new Set(['derive', 'standalone', 'exclude']);

/**
 * Every rule that a line met: what holds it, the known limitations that made it what it is, and the open findings about
 * it or about the billing row that it came from. Each once.
 */
export async function metRules(
  db: Db,
  { entity, id, source }: LineKey & { readonly source: string },
): Promise<MetRule[]> {
  const holds = await holdsOf(db, [{ entity, id }]);
  const met = holds.map(({ limitation, message, remedy }): MetRule => ({
    id: limitation,
    effect: 'holds',
    message,
    remedy,
  }));
  const found = await findingsOf(db, { entity, id, source });
  const known = new Set([...met, ...found].map((rule) => rule.id));
  const forming = (await concernedBy(db, { entity, id })).flatMap((rule): MetRule[] =>
    known.has(rule.id) || !FORMING.has(rule.outcome)
      ? []
      : [{ id: rule.id, effect: 'forms', message: rule.does, remedy: rule.remedy }],
  );
  return [...met, ...forming, ...found];
}

/** The limitations that concern the line, asked in one query. */
async function concernedBy(db: Db, { entity, id }: LineKey): Promise<Limitation[]> {
  const asked = LIMITATIONS.flatMap(({ id: rule, inStaging }): RawBuilder<unknown>[] =>
    inStaging === null
      ? []
      : [
          sql`select ${rule}::text as rule where exists (select from (${inStaging(entity)}) as h where h.id = ${id})`,
        ],
  );
  if (asked.length === 0) return [];
  const { rows } = await sql<{ rule: string }>`${sql.join(asked, sql` union all `)}`.execute(db);
  return rows.flatMap(({ rule }) => limitationOf(rule) ?? []);
}

async function findingsOf(
  db: Db,
  { entity, id, source }: LineKey & { readonly source: string },
): Promise<MetRule[]> {
  const { rows } = await sql<MetRule>`
    select finding as id, 'reports' as effect, message, remedy from staging.finding
    where entity = ${entity} and resolved_at is null and (line = ${id} or line is null and source_id = ${source})
    order by staging.finding.id`.execute(db);
  return rows;
}
