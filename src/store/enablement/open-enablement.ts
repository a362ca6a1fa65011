import { sql } from 'kysely';

import { RevsyncError } from '../../domain/errors.ts';
import { ENABLEMENT_STEPS } from '../../domain/enablement/steps.ts';
import type { Db } from '../database.ts';
import type { Owner } from '../runs.ts';
import { appendEvents } from './events.ts';

export interface EnablementRequest {
  readonly tenant: string;
  readonly owner: Owner;
  /** The tenant's name, where it was started with one. */
  readonly named: string | null;
  /** Also where the tenant is live. */
  readonly forced: boolean;
  readonly by: string | null;
}

type IsOver = (owner: Owner) => Promise<boolean>;

/**
 * Opens the enablement of a tenant for its workflow, and answers its id; a retry answers the one that it opened. One
 * whose workflow is over is given up first.
 *
 * @throws RevsyncError `ENABLEMENT_RUNNING`, `ENABLEMENT_LIVE`
 */
export async function openEnablement(db: Db, request: EnablementRequest, isOver: IsOver): Promise<string> {
  const mine = await enablementOf(db, request.owner);
  if (mine !== undefined) return mine;
  const other = await openOne(db, request.tenant);
  if (other !== undefined && !(await isLeft(other.workflowId, request.owner, isOver))) {
    throw running(request.tenant, other.workflowId);
  }
  if (!request.forced) await requireNotLive(db, request.tenant);
  const opened = await db.transaction().execute(async (trx) => {
    if (other !== undefined) await giveUp(trx, other.enablement, request.owner);
    return insert(trx, request);
  });
  if (opened !== undefined) return opened;
  // Somebody else was quicker.
  throw running(request.tenant, (await openOne(db, request.tenant))?.workflowId ?? 'another workflow');
}

/** The enablement that a workflow run opened. */
async function enablementOf(db: Db, { workflowId, runId }: Owner): Promise<string | undefined> {
  const row = await db
    .selectFrom('control.enablement')
    .select('enablement')
    .where('workflow_id', '=', workflowId)
    .where('run_id', '=', runId)
    .executeTakeFirst();
  return row?.enablement;
}

/** The enablement of a tenant that is open, whoever owns it. */
export async function openOne(
  db: Db,
  tenant: string,
): Promise<{ readonly enablement: string; readonly workflowId: string } | undefined> {
  return db
    .selectFrom('control.enablement')
    .select(['enablement', 'workflow_id as workflowId'])
    .where('tenant', '=', tenant)
    .where('ended_at', 'is', null)
    .executeTakeFirst();
}

/**
 * Temporal runs one workflow of an id at a time: where the id is ours, the other one is over. Of another id, whatever run
 * is the newest counts, since an enablement goes on in further runs.
 */
const isLeft = async (workflowId: string, owner: Owner, isOver: IsOver): Promise<boolean> =>
  workflowId === owner.workflowId || isOver({ workflowId, runId: '' });

/**
 * Refuses where an enablement of the tenant was completed.
 *
 * @throws RevsyncError `ENABLEMENT_LIVE`
 */
export async function requireNotLive(db: Db, tenant: string): Promise<void> {
  const done = await db
    .selectFrom('control.enablement')
    .select(sql<string>`to_char(ended_at at time zone 'UTC', 'YYYY-MM-DD')`.as('on'))
    .where('tenant', '=', tenant)
    .where('status', '=', 'completed')
    .orderBy('enablement', 'desc')
    .executeTakeFirst();
  if (done === undefined) return;
  throw new RevsyncError(`${tenant} is live: its enablement was completed on ${done.on}.`, {
    code: 'ENABLEMENT_LIVE',
    fate: 'fix-input',
    remedy: `Nothing has to be done. To go through the steps again, although it was completed on ${done.on}, start it with {"force": true} (\`revsync enable start --force\`).`,
  });
}

async function giveUp(trx: Db, enablement: string, { workflowId }: Owner): Promise<void> {
  const given = await trx
    .updateTable('control.enablement')
    .set({ status: 'aborted', awaiting: null, ended_at: sql<string>`now()`, updated_at: sql<string>`now()` })
    .where('enablement', '=', enablement)
    .where('ended_at', 'is', null)
    .returning(sql<string>`ended_at`.as('at'))
    .executeTakeFirst();
  if (given === undefined) return;
  const text = `Its workflow was over; ${workflowId} began another enablement.`;
  await appendEvents(trx, enablement, [{ at: given.at, kind: 'taken-over', step: null, by: null, text }]);
}

async function insert(trx: Db, request: EnablementRequest): Promise<string | undefined> {
  const { tenant, owner, named, forced, by } = request;
  const opened = await trx
    .insertInto('control.enablement')
    .values({
      tenant,
      workflow_id: owner.workflowId,
      run_id: owner.runId,
      named,
      forced,
      started_by: by,
    })
    .onConflict((conflict) => conflict.column('tenant').where('ended_at', 'is', null).doNothing())
    .returning('enablement')
    .executeTakeFirst();
  if (opened === undefined) return undefined;
  const { enablement } = opened;
  await trx
    .insertInto('control.enablement_step')
    .values(
      ENABLEMENT_STEPS.map(({ step, title, condition }) => ({
        enablement,
        step,
        title,
        applies: condition === null ? true : null,
      })),
    )
    .execute();
  return enablement;
}

const running = (tenant: string, workflowId: string): RevsyncError =>
  new RevsyncError(`The enablement of ${tenant} is under way already: ${workflowId}.`, {
    code: 'ENABLEMENT_RUNNING',
    fate: 'fix-input',
    remedy: `Open ${workflowId} and go on there; or end it with \`abort\`, then start again.`,
  });
