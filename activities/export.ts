import { activityInfo } from '@temporalio/activity';

import type { Billing, ExportQuery, ObjectDescription } from '../src/billing/port.ts';
import { CATALOGUE } from '../src/domain/catalogue/catalogue.ts';
import type { BillingObject } from '../src/domain/catalogue/define-object.ts';
import { RevsyncError } from '../src/domain/errors.ts';
import { exportJobOf, rememberExportJob, requireOpenRun, selectionOf } from '../src/store/runs.ts';
import { billingIdOf } from '../src/store/tenancy.ts';
import { currentOwner, type OpenedRun } from './open-run.ts';
import type { Dependencies } from './dependencies.ts';

/** Our name of the column that tells deleted rows. */
export const DELETED_COLUMN = 'RevsyncDeleted';

const DESCRIBES_AT_ONCE = 4;
const FIRST_POLL = 500;
const LONGEST_POLL = 60_000;

export interface SubmittedExport {
  readonly jobId: string;
}

/** A file of the finished export, by the object it holds. */
export interface ExportedFile {
  readonly object: string;
  readonly fileId: string;
  readonly recordCount: string;
}

export function createExportActivities(deps: Dependencies) {
  const { db } = deps;
  const billingFor = async (entity: string): Promise<Billing> =>
    deps.billing(await billingIdOf(db, entity), currentOwner().workflowId);

  return {
    /**
     * Asks Billing for one job over one consistent snapshot: a query per object that the tenant has and the
     * credentials may read. The job is remembered with the run, so that a retry asks for no second
     * one; `again` gives a job up that cannot be used any more.
     */
    async submitExport({
      run,
      entity,
      window,
      again,
    }: OpenedRun & { again: boolean }): Promise<SubmittedExport> {
      const known = await exportJobOf(db, run);
      if (known !== null && !again) return { jobId: known };
      await requireOpenRun(db, run);

      const billing = await billingFor(entity);
      const selection = await selectionOf(db, run);
      const described = await describeAll(billing);
      const queries = described.flatMap(({ object, description }) =>
        queryOf(deps, object, description, window, selection),
      );
      const jobId = await submit(billing, `revsync-${run}`, queries);
      await rememberExportJob(db, run, jobId);
      return { jobId };
    },

    /** Polls by retry, so that waiting costs no history; answers the files once the job is done. */
    async awaitExport({ entity, jobId }: { entity: string; jobId: string }): Promise<ExportedFile[]> {
      const status = await (await billingFor(entity)).exportStatus(jobId);
      if (status.state === 'completed') {
        return status.files.map(({ name, fileId, recordCount }) => ({ object: name, fileId, recordCount }));
      }
      if (status.state === 'failed') {
        throw new RevsyncError(`Billing could not run export ${jobId}: ${status.reason}`, {
          code: 'EXPORT_FAILED',
          fate: 'fix-input',
          remedy: 'The export is asked for again; if it keeps failing, read Billing’s reason.',
          context: { job: jobId },
        });
      }
      throw new RevsyncError(`Export ${jobId} is still running.`, {
        code: 'EXPORT_RUNNING',
        fate: 'retry',
        retryAfter: Math.min(FIRST_POLL * 2 ** (activityInfo().attempt - 1), LONGEST_POLL),
        remedy: 'Nothing to do: it is asked for again.',
      });
    },

    /** Tells Billing that nobody waits for the job any more. */
    async cancelExport({ entity, run }: { entity: string; run: string }): Promise<void> {
      const jobId = await exportJobOf(db, run);
      if (jobId !== null) await (await billingFor(entity)).cancelExport(jobId);
    },
  };
}
export type ExportActivities = ReturnType<typeof createExportActivities>;

interface Described {
  readonly object: BillingObject;
  readonly description: ObjectDescription;
}

async function describeAll(billing: Billing): Promise<Described[]> {
  const described: Described[] = [];
  for (let at = 0; at < CATALOGUE.length; at += DESCRIBES_AT_ONCE) {
    const some = await Promise.all(
      CATALOGUE.slice(at, at + DESCRIBES_AT_ONCE).map(async (object) => ({
        object,
        description: await billing.describe(object.name),
      })),
    );
    for (const { object, description } of some) {
      if (description !== null) described.push({ object, description });
    }
  }
  return described;
}

/** Which field of an object a chosen subscription or account is found by; objects without it are read whole. */
function filterOf(object: BillingObject, selection: Readonly<Record<string, string>>) {
  const { subscription, account } = selection;
  if (subscription !== undefined && object.kind === 'transaction') {
    if (object.name === 'Subscription') return { field: 'Name', equals: subscription };
    if (object.relations['Subscription'] !== undefined)
      return { field: 'Subscription.Name', equals: subscription };
  }
  if (account !== undefined && object.kind === 'transaction' && object.relations['Account'] !== undefined) {
    return { field: 'Account.AccountNumber', equals: account };
  }
  return undefined;
}

function queryOf(
  { aqua }: Dependencies,
  object: BillingObject,
  description: ObjectDescription,
  window: OpenedRun['window'],
  selection: Readonly<Record<string, string>>,
): ExportQuery[] {
  const plan = aqua.exportQuery(object, description, window, filterOf(object, selection));
  if (plan.query === null) return [];
  const { query } = plan;
  return [{ name: object.name, query, ...(object.deletes ? { deletedColumn: DELETED_COLUMN } : {}) }];
}

/** Stateless jobs may refuse the deleted column (wire.md 2.2, fact 6): then without it. */
async function submit(billing: Billing, name: string, queries: readonly ExportQuery[]): Promise<string> {
  try {
    return await billing.submitExport({ name, queries });
  } catch (error) {
    if (!(error instanceof RevsyncError) || error.code !== 'BILLING_DELETES_UNSUPPORTED') throw error;
    return billing.submitExport({
      name,
      queries: queries.map(({ name: object, query }) => ({ name: object, query })),
    });
  }
}
