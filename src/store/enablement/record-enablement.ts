import { type RawBuilder, sql } from 'kysely';

import type { EnablementView, StepView } from '../../domain/enablement/view.ts';
import type { Db } from '../database.ts';
import { appendEvents, jsonOrNull, type KeptEvent } from './events.ts';
import { unknownEnablement } from './step-context.ts';

/**
 * Records where an enablement stands and what happened, in one transaction; again is the same. One that is over stays as
 * it ended, whatever a workflow that was given up still tells.
 *
 * @throws RevsyncError `ENABLEMENT_UNKNOWN`
 */
export async function recordEnablement(
  db: Db,
  enablement: string,
  view: EnablementView,
  events: readonly KeptEvent[],
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const found = await trx
      .selectFrom('control.enablement')
      .select('ended_at')
      .where('enablement', '=', enablement)
      .forUpdate()
      .executeTakeFirst();
    if (found === undefined) throw unknownEnablement(enablement);
    await appendEvents(trx, enablement, events);
    if (found.ended_at !== null) return;
    await write(trx, enablement, view);
    await writeSteps(trx, enablement, view.steps);
  });
}

async function write(trx: Db, enablement: string, view: EnablementView): Promise<void> {
  const { status, awaiting, kept, ignored, refused } = view;
  const ended = status === 'completed' || status === 'aborted';
  await trx
    .updateTable('control.enablement')
    .set({
      status,
      awaiting: ended ? null : jsonOrNull(awaiting),
      kept: [...kept],
      ignored: [...ignored],
      refused: [...refused],
      updated_at: sql<string>`now()`,
      ended_at: ended ? sql<string>`now()` : null,
    })
    .where('enablement', '=', enablement)
    .execute();
}

/** What is as it was is not written. An answer to a step that was not done is in force no more. */
async function writeSteps(trx: Db, enablement: string, steps: readonly StepView[]): Promise<void> {
  const rows = steps.map(stepRow);
  await sql`
    update control.enablement_step as s
    set applies = v.applies, status = v.status, decided_by = v.by, decided_at = v.at, note = v.note, evidence = v.evidence,
      answer = case when v.status <> 'skipped' then s.answer end,
      answered_by = case when v.status <> 'skipped' then s.answered_by end,
      answer_note = case when v.status <> 'skipped' then s.answer_note end
    from (values ${sql.join(rows)}) as v (step, applies, status, by, at, note, evidence)
    where s.enablement = ${enablement} and s.step = v.step
      and (s.applies, s.status, s.decided_by, s.decided_at, s.note, s.evidence)
        is distinct from (v.applies, v.status, v.by, v.at, v.note, v.evidence)`.execute(trx);
}

const stepRow = ({ step, applies, status, by, at, note, evidence }: StepView): RawBuilder<unknown> =>
  sql`(${step}::smallint, ${applies}::boolean, ${status}::text, ${by}::text, ${at}::timestamptz, ${note}::text,
    ${JSON.stringify(evidence)}::jsonb)`;
