import type { EnablementView } from '../../domain/enablement/view.ts';
import { RevsyncError } from '../../domain/errors.ts';
import { openOne } from '../../store/enablement/open-enablement.ts';
import { readEnablement } from '../../store/enablement/read-enablement.ts';
import type { WorkflowSession } from '../session.ts';
import { enablementId } from './begin.ts';
import type { Correspondent } from './send-answers.ts';
import { isRunning, send, type Standing, untilItStands, type WaitingBelow } from './standing.ts';

export type EnablementDocument = EnablementView & {
  readonly workflowId: string;
  /** The workflow below that waits for a person, where one does. */
  readonly below?: WaitingBelow;
};

/** The workflow of the tenant's enablement, which the UI may have started under any id; undefined: none runs. */
export async function runningEnablement({
  database,
  temporal,
  configuration: { REVSYNC_TENANT: tenant },
}: WorkflowSession): Promise<string | undefined> {
  const recorded = await openOne(database.db, tenant);
  const ids = [...(recorded === undefined ? [] : [recorded.workflowId]), enablementId(tenant)];
  for (const id of new Set(ids)) if (await isRunning(temporal, id)) return id;
  return undefined;
}

/** Messages to a running enablement, and where they bring it. */
export const correspondentOf = ({ temporal }: WorkflowSession, workflowId: string): Correspondent => ({
  untilItStands: () => untilItStands(temporal, workflowId),
  send: (update, message) => send(temporal, workflowId, update, message),
});

/**
 * Where it stands: as the workflow tells while it runs, and as the database keeps it once it is over.
 *
 * @throws RevsyncError `ENABLEMENT_FAILED`
 */
export async function enablementDocument(
  { database, configuration }: WorkflowSession,
  workflowId: string,
  standing: Standing,
): Promise<EnablementDocument> {
  if (standing.stands === 'waiting') return { ...standing.view, workflowId };
  if (standing.stands === 'below') return { ...standing.view, workflowId, below: standing.below };
  const read = await readEnablement(database.db, configuration.REVSYNC_TENANT);
  if (read !== undefined && standing.failure === null) return read;
  throw new RevsyncError(`${workflowId} failed: ${standing.failure ?? 'nothing of it is recorded'}`, {
    code: 'ENABLEMENT_FAILED',
    fate: 'retry',
    remedy: 'Correct what it says, then start it again; what is done stays done.',
  });
}
