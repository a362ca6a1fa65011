import { isDeepStrictEqual } from 'node:util';

import type { JsonObject, StepNumber } from '../../domain/enablement/step.ts';
import { stepOf } from '../../domain/enablement/steps.ts';
import type { Db } from '../database.ts';
import { appendEvents, jsonOrNull } from './events.ts';
import { unknownEnablement } from './step-context.ts';

export interface TakenAnswer {
  readonly enablement: string;
  readonly step: StepNumber;
  /** With what it stands for. */
  readonly value: JsonObject;
  readonly by: string | null;
  readonly note: string | null;
  /** Why a step that was done is answered anew; null: it is answered when it asked. */
  readonly reason: string | null;
  /** ISO, UTC. */
  readonly at: string;
}

/**
 * Keeps an answer with what was there before. After an amendment, steps that rest on it have to be answered anew: their
 * answers were given to something else.
 *
 * @throws RevsyncError `ENABLEMENT_UNKNOWN`
 */
export async function keepAnswer(db: Db, taken: TakenAnswer): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await write(trx, taken);
    if (taken.reason !== null) await forgetAnswers(trx, taken);
  });
}

async function write(trx: Db, { enablement, step, value, by, note, reason, at }: TakenAnswer): Promise<void> {
  const before = await trx
    .selectFrom('control.enablement_step')
    .select(['answer', 'answered_by', 'answer_note'])
    .where('enablement', '=', enablement)
    .where('step', '=', step)
    .forUpdate()
    .executeTakeFirst();
  if (before === undefined) throw unknownEnablement(enablement);
  const kept = { answer: before.answer, by: before.answered_by, note: before.answer_note };
  // The activity that took it is done again, or somebody said the same twice.
  if (isDeepStrictEqual(kept, { answer: value, by, note })) return;
  await trx
    .updateTable('control.enablement_step')
    .set({ answer: jsonOrNull(value), answered_by: by, answer_note: note })
    .where('enablement', '=', enablement)
    .where('step', '=', step)
    .execute();
  const kind = reason === null ? 'answered' : 'amended';
  const text = reason ?? note ?? '';
  await appendEvents(trx, enablement, [{ at, kind, step, by, text, before: before.answer, after: value }]);
}

async function forgetAnswers(trx: Db, { enablement, step, by, at }: TakenAnswer): Promise<void> {
  const again = stepOf(step).again;
  if (again.length === 0) return;
  const answered = await trx
    .selectFrom('control.enablement_step')
    .select(['step', 'answer'])
    .where('enablement', '=', enablement)
    .where('step', 'in', again)
    .where('answer', 'is not', null)
    .forUpdate()
    .execute();
  await trx
    .updateTable('control.enablement_step')
    .set({ answer: null, answered_by: null, answer_note: null })
    .where('enablement', '=', enablement)
    .where('step', 'in', again)
    .execute();
  const text = `Step ${step} was amended, on which it rests.`;
  const events = answered.flatMap(({ step: each, answer }) =>
    again
      .filter((number) => number === each)
      .map((number) => ({ at, kind: 'to-answer-again', step: number, by, text, before: answer }) as const),
  );
  await appendEvents(trx, enablement, events);
}
