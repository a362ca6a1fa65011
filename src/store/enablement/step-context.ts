import { RevsyncError } from '../../domain/errors.ts';
import { type JsonObject, STEP_NUMBERS, type StepNumber } from '../../domain/enablement/step.ts';
import type { Db } from '../database.ts';

/** What is kept for a step and of all the others: what it is done by. */
export interface KeptContext {
  readonly enablement: string;
  readonly step: StepNumber;
  readonly answer: JsonObject | null;
  readonly by: string | null;
  readonly note: string | null;
  readonly answers: Readonly<Partial<Record<StepNumber, JsonObject>>>;
  readonly named: string | null;
}

/**
 * What was answered so far, as a step sees it. A workflow that was reset after its enablement ended, or after another took
 * its place, does nothing more.
 *
 * @throws RevsyncError `ENABLEMENT_UNKNOWN`, `ENABLEMENT_OVER`
 */
export async function stepContext(db: Db, enablement: string, step: StepNumber): Promise<KeptContext> {
  const rows = await db
    .selectFrom('control.enablement as e')
    .innerJoin('control.enablement_step as s', 's.enablement', 'e.enablement')
    .select([
      'e.named',
      'e.status',
      'e.ended_at as endedAt',
      's.step',
      's.answer',
      's.answered_by as by',
      's.answer_note as note',
    ])
    .where('e.enablement', '=', enablement)
    .execute();
  const own = rows.find((row) => row.step === step);
  if (own === undefined) throw unknownEnablement(enablement);
  if (own.endedAt !== null) throw enablementOver(own.status);
  const answers: Partial<Record<StepNumber, JsonObject>> = {};
  for (const each of STEP_NUMBERS) {
    const answer = rows.find((row) => row.step === each)?.answer;
    if (answer != null) answers[each] = answer;
  }
  const { named, answer, by, note } = own;
  return { enablement, step, answer, by, note, answers, named };
}

const enablementOver = (status: string): RevsyncError =>
  new RevsyncError(`This enablement was ${status} already, so that its workflow does nothing more.`, {
    code: 'ENABLEMENT_OVER',
    fate: 'fix-input',
    remedy: 'Send `abort` here, and start the enablement again; of a live tenant with {"force": true}.',
  });

export const unknownEnablement = (enablement: string): RevsyncError =>
  new RevsyncError(`There is no enablement ${enablement} in the database.`, {
    code: 'ENABLEMENT_UNKNOWN',
    fate: 'fix-input',
    remedy: 'The database is another one than when it began. Send `abort`, and start the enablement again.',
  });
