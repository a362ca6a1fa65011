import { createHash } from 'node:crypto';

import { type RawBuilder, sql } from 'kysely';

import { objectOf } from '../../domain/catalogue/catalogue.ts';
import type { FindingText } from '../../domain/findings.ts';
import { PRACTICES } from '../../limitations/all-practices.ts';
import { LIMITATIONS } from '../../limitations/all-limitations.ts';
import type { Footprint } from '../../limitations/limitation.ts';
import type { Db } from '../database.ts';
import { prestagingTable } from '../prestaging-table.ts';
import { lastRunNumber } from '../transform/last-run.ts';
import { reportBookedBeside } from './booked-beside.ts';
import { anyCollectedStop, COLLECTED_STOPS, reportCollectedStops, STOPPING } from './collected-stops.ts';
import { keepFindings, type Reporting } from './keep-findings.ts';
import { objectsRead, queryOf } from './objects-read.ts';

interface Reported {
  readonly id: string;
  readonly inBilling: Footprint;
  readonly finding: FindingText;
}

/** What a sync opens findings of: rules and practices that tell of something in Billing that no line shows. */
export const REPORTED: readonly Reported[] = [...LIMITATIONS, ...PRACTICES].flatMap(
  ({ id, inBilling, finding }) =>
    inBilling === null || finding === null ? [] : [{ id, inBilling, finding }],
);

/** Whether any row changed that a footprint reads. */
type IsConcerned = (footprint: Footprint | null) => boolean;

/**
 * Opens a finding for every hit of the rules that report, with the amount at stake, for collected SO lines that a rule
 * would stop now, and for bookings beside standalone ones; resolves those of which there is none any more. A rule is
 * looked at only where a row that it reads changed since the last completed run, or where that run knew other rules.
 * Repeating it changes nothing.
 */
export async function reportFindings(db: Db, reporting: Reporting): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const { run, entity } = reporting;
    const rules = fingerprint(trx);
    const isConcerned = await changes(trx, entity, rules);
    for (const rule of REPORTED) if (isConcerned(rule.inBilling)) await report(trx, reporting, rule);
    if (STOPPING.some(({ inBilling }) => isConcerned(inBilling)) || (await anyCollectedStop(trx, entity)))
      await reportCollectedStops(trx, reporting);
    await reportBookedBeside(trx, reporting);
    await trx
      .updateTable('control.run')
      .set({ rules })
      .where('run', '=', run)
      .where((where) => where('rules', 'is distinct from', rules))
      .execute();
  });
}

/** What is looked for, and what is said of it. */
function fingerprint(trx: Db): string {
  const stops = STOPPING.map(({ id, inBilling }) => [id, inBilling && queryOf(trx, inBilling)]);
  const reported = REPORTED.map(({ id, inBilling, finding }) => [id, queryOf(trx, inBilling), finding]);
  return createHash('sha256')
    .update(JSON.stringify([reported, stops, COLLECTED_STOPS]))
    .digest('hex');
}

/** What to look at, asked for in one query; all of it where the last run knew other rules. */
async function changes(trx: Db, entity: string, rules: string): Promise<IsConcerned> {
  const since = await lastRunNumber(trx, entity);
  const known = await trx
    .selectFrom('control.run')
    .select('rules')
    .where('run', '=', since)
    .executeTakeFirst();
  if (known?.rules !== rules) return () => true;
  const footprints = [...REPORTED, ...STOPPING].flatMap(({ inBilling }) => inBilling ?? []);
  const objects = [...new Set(footprints.flatMap((footprint) => objectsRead(trx, footprint)))];
  const { rows } = await sql<{ object: string }>`${sql.join(
    objects.map((object) => hasChanged(entity, object, since)),
    sql` union all `,
  )}`.execute(trx);
  const changed = new Set(rows.map(({ object }) => object));
  return (footprint) => footprint !== null && objectsRead(trx, footprint).some((each) => changed.has(each));
}

const hasChanged = (entity: string, object: string, since: string): RawBuilder<unknown> =>
  sql`select ${object}::text as object where exists (
        select from ${prestagingTable(objectOf(object))} where entity = ${entity} and changed_run > ${since}::bigint
      )`;

const report = (trx: Db, reporting: Reporting, { id, inBilling, finding }: Reported): Promise<void> =>
  keepFindings(trx, reporting, {
    texts: { [id]: finding },
    wanted: sql`
      select ${id}::text as finding, object, id, null::text as line, amount, currency, detail
      from (${inBilling.hits(reporting.entity)}) as hit`,
  });
