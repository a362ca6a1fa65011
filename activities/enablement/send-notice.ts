import { activityInfo } from '@temporalio/activity';

import type { Notice } from '../../src/domain/enablement/notice.ts';
import { reasonOf } from '../../src/domain/errors.ts';
import { appendEvents, noticed, type NoticeKind } from '../../src/store/enablement/events.ts';
import type { Dependencies } from '../dependencies.ts';

/** After so many attempts of the activity nobody waits for the webhook any more. */
const TRIES = 3;

const KIND: Readonly<Record<Notice['event'], NoticeKind>> = {
  ticket: 'ticket-sent',
  reminder: 'reminded',
  escalation: 'escalated',
  completed: 'end-told',
  aborted: 'end-told',
};

/** What a step or an activity says of it; the rest is known. */
export type Told = Pick<Notice, 'event' | 'step' | 'title' | 'text'>;

/**
 * Posts a notice once, and notes it; answers whether it was posted, now or before. The same text of the same step is the
 * same notice. A webhook that fails lets the activity be tried again twice; then that is noted instead, and the
 * enablement goes on: an endpoint that is down may not hold it up.
 */
export async function sendNotice(
  { db, notify, now, tenant }: Pick<Dependencies, 'db' | 'notify' | 'now' | 'tenant'>,
  enablement: string,
  told: Told,
): Promise<boolean> {
  const { event, step, title, text } = told;
  const kind = KIND[event];
  const before = await noticed(db, enablement, { step, kind, text });
  if (before !== null) return before === 'sent';
  const at = new Date(now()).toISOString();
  const note = async (as: NoticeKind | 'notice-failed', after: Readonly<Record<string, string>>) =>
    appendEvents(db, enablement, [{ at, kind: as, step, by: null, text, after: { title, ...after } }]);
  try {
    if (!(await notify({ event, tenant: tenant.tenant, step, title, text, at }))) return false;
  } catch (error) {
    if (activityInfo().attempt < TRIES) throw error;
    await note('notice-failed', { event, why: reasonOf(error) });
    return false;
  }
  await note(kind, {});
  return true;
}
