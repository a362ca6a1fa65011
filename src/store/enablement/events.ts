import type { JsonObject, StepNumber } from '../../domain/enablement/step.ts';
import type { EnablementEvent } from '../../domain/enablement/view.ts';
import type { Db } from '../database.ts';

/** What is kept of a notice that was sent, or at least due. */
export type NoticeKind = 'ticket-sent' | 'reminded' | 'escalated' | 'end-told';

/** What happened, for the audit: what the workflow tells, and what is seen only where answers and notices are kept. */
export interface KeptEvent extends Omit<EnablementEvent, 'kind'> {
  readonly kind:
    | EnablementEvent['kind']
    | NoticeKind
    | 'notice-failed'
    | 'answered'
    | 'amended'
    | 'to-answer-again'
    | 'taken-over';
  readonly before?: JsonObject | null;
  readonly after?: JsonObject | null;
}

/** Appends what happened. An event that is there already is the same one: whoever repeats himself adds nothing. */
export async function appendEvents(db: Db, enablement: string, events: readonly KeptEvent[]): Promise<void> {
  if (events.length === 0) return;
  const rows = events.map(({ before, after, ...event }) => ({
    enablement,
    ...event,
    before: jsonOrNull(before),
    after: jsonOrNull(after),
  }));
  await db
    .insertInto('control.enablement_event')
    .values(rows)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export const jsonOrNull = (value: object | null | undefined): string | null =>
  value == null ? null : JSON.stringify(value);

/** What became of a notice with that text: it was sent, was not (nowhere to, or in vain), or (null) nothing yet. */
export async function noticed(
  db: Db,
  enablement: string,
  {
    step,
    kind,
    text,
  }: { readonly step: StepNumber | null; readonly kind: NoticeKind; readonly text: string },
): Promise<'sent' | 'unsent' | null> {
  const found = await db
    .selectFrom('control.enablement_event')
    .select(['kind', 'after'])
    .where('enablement', '=', enablement)
    .where('kind', 'in', [kind, 'notice-failed'])
    .where('step', 'is not distinct from', step)
    .where('text', '=', text)
    .orderBy('event')
    .executeTakeFirst();
  if (found === undefined) return null;
  return found.kind === kind && found.after?.['sent'] !== false ? 'sent' : 'unsent';
}
