import { activityInfo } from '@temporalio/activity';

import type { Billing, ExportFile } from '../src/billing/port.ts';
import { CATALOGUE } from '../src/domain/catalogue/catalogue.ts';
import { RevsyncError } from '../src/domain/errors.ts';
import { fieldsRead } from '../src/domain/mapping/fields-read.ts';
import { isMemo } from '../src/domain/settlement/memos.ts';
import { customObjectsOf, type Side } from '../src/domain/sync/side.ts';
import { askedByLastRun } from '../src/store/asked-before.ts';
import {
  exportOf,
  forgetExport,
  readMark,
  rememberExport,
  type RunExport,
  requireOpenRun,
  type RunScope,
  scopeOf,
} from '../src/store/runs.ts';
import { knownDeletes, rememberDeletes } from '../src/store/sides.ts';
import { defaultTemplates } from '../src/store/templates.ts';
import {
  billingIdOf,
  invoiceSettlementOf,
  rememberInvoiceSettlement,
  rememberPriceSource,
} from '../src/store/tenancy.ts';
import { billingInstant } from './billing-instant.ts';
import type { Dependencies } from './dependencies.ts';
import { describeAll, exportQueries, type PlannedQuery } from './export-plan.ts';
import { currentOwner } from './current-owner.ts';
import type { OpenedRun } from './open-run.ts';
import { requiredTemplates } from './required-templates.ts';

const PRICES = 'ChargeContractualValueAllCharges';
const FIRST_POLL = 500;
const LONGEST_POLL = 60_000;

export interface SubmittedExport {
  readonly jobId: string;
  /** What the run reads beside the export. */
  readonly sides?: readonly string[];
}

/** The files of the finished export that hold one object. */
export type ExportedFile = Omit<ExportFile, 'name'> & { readonly object: string };

/** An export that a run waits for. */
export type AwaitedExport = OpenedRun & { readonly jobId: string };

export function createExportActivities(deps: Dependencies) {
  const { db } = deps;

  return {
    /**
     * Asks Billing for one job over one consistent snapshot: a query per object that the tenant has and the
     * credentials may read. The job is remembered with the run, so that a retry asks for no second
     * one; `again` gives a job up that cannot be used any more. Throws what `requiredTemplates` throws.
     */
    async submitExport(opened: OpenedRun & { again: boolean }): Promise<SubmittedExport> {
      const { run, entity, again } = opened;
      const known = await exportOf(db, run);
      if (known !== null && !again) return { jobId: known.job, sides: known.sides };
      await requireOpenRun(db, run);
      await requiredTemplates(db, entity);

      const billing = await billingOf(deps, entity);
      const scope = await scopeOf(db, run);
      const asked = await submit(deps, billing, opened, scope);
      const chosen = scope.selection.objects;
      const priced = asked.queries.some(({ name }) => name === PRICES) || chosen?.includes(PRICES) === false;
      // What was not asked for tells nothing.
      if (chosen === undefined) await rememberSources(opened, asked, priced);
      const sides = await sidesOf(deps, opened, scope, { priced, untold: asked.untold });
      await rememberExport(db, run, {
        job: asked.job,
        asked: asked.queries.map(({ asked: query }) => query),
        sides,
        stateful: asked.stateful,
      });
      return { jobId: asked.job, sides };
    },

    /** Polls by retry, so that waiting costs no history; answers the files once the job is done. */
    async awaitExport(opened: AwaitedExport): Promise<ExportedFile[]> {
      const { entity, jobId, run, window } = opened;
      const status = await (await billingOf(deps, entity)).exportStatus(jobId);
      if (status.state === 'running') throw stillRunning(`Export ${jobId}`);
      if (status.state === 'failed') {
        if (/deleted_?not_?allowed/i.test(status.reason)) await giveUpDeletes(opened);
        throw exportFailed(jobId, status.reason);
      }
      const asked = await exportOf(db, run);
      if (asked?.stateful === true && window.from === null && status.files.some(({ full }) => !full)) {
        throw notFull(jobId);
      }
      await requireAll(run, asked, status.files);
      return status.files.map(({ name, ...file }) => ({ object: name, ...file }));
    },

    /** Tells Billing that nobody waits for the job any more. */
    async cancelExport({ entity, run }: { entity: string; run: string }): Promise<void> {
      const known = await exportOf(db, run);
      if (known !== null) await (await billingOf(deps, entity)).cancelExport(known.job);
    },
  };

  async function rememberSources({ entity }: OpenedRun, asked: Asked, priced: boolean): Promise<void> {
    // Data Query may still have prices; its side says so when it finds none.
    await rememberPriceSource(db, entity, priced ? 'export' : 'data-query');
    const settled = asked.queries.some(({ name }) => isMemo(name));
    const takesOver = settled && (await invoiceSettlementOf(db, entity)) === false;
    await rememberInvoiceSettlement(db, entity, settled, takesOver ? await billingInstant(deps) : undefined);
  }

  /** The job was taken with its deleted columns and refused them later: the next one does without. */
  async function giveUpDeletes({ entity, org }: OpenedRun): Promise<void> {
    const none = new Map(CATALOGUE.map(({ name }): [string, boolean] => [name, false]));
    await rememberDeletes(db, { entity, org }, none);
  }

  /** Billing leaves out what the user may not read, and says nothing (90018). */
  async function requireAll(
    run: string,
    asked: RunExport | null,
    files: readonly ExportFile[],
  ): Promise<void> {
    const came = new Set(files.map(({ name }) => name));
    const objects = asked?.asked.map((query) => query.split(' ', 1)[0] ?? '') ?? [];
    const missing = objects.filter((object) => !came.has(object));
    if (missing.length === 0) return;
    // The same job would only leave the same out.
    await forgetExport(db, run);
    throw leftOut(missing);
  }
}
export type ExportActivities = ReturnType<typeof createExportActivities>;

/** Billing in the name of an entity, for the workflow at hand. */
export async function billingOf({ db, billing }: Dependencies, entity: string): Promise<Billing> {
  return billing(await billingIdOf(db, entity), currentOwner().workflowId);
}

/** A wait, not an error: looked at again after a time that grows with the attempts. */
export function stillRunning(what: string): RevsyncError {
  return new RevsyncError(`${what} is still running.`, {
    code: 'EXPORT_RUNNING',
    fate: 'retry',
    retryAfter: Math.min(FIRST_POLL * 2 ** Math.min(activityInfo().attempt - 1, 20), LONGEST_POLL),
    remedy:
      'Nothing to do: it is looked at again. A run that waits for you here has looked for hours: look at the job in Zuora; `retry` waits on, `abort` gives the run up.',
  });
}

/** A job that ended badly. */
export function exportFailed(jobId: string, reason: string): RevsyncError {
  return new RevsyncError(`Billing could not run export ${jobId}: ${reason}`, {
    code: 'EXPORT_FAILED',
    fate: 'fix-input',
    remedy: 'The export is asked for again; if it keeps failing, read Billing’s reason.',
    context: { job: jobId },
  });
}

function leftOut(objects: readonly string[]): RevsyncError {
  return new RevsyncError(`Billing left ${objects.join(', ')} out of the export.`, {
    code: 'BILLING_PERMISSION_MISSING',
    fate: 'fix-input',
    remedy: 'Give the role of the integration user the right to read them, then send `retry`.',
  });
}

function notFull(jobId: string): RevsyncError {
  return new RevsyncError(`Export ${jobId} holds only changes, but nothing is here yet.`, {
    code: 'EXPORT_NOT_FULL',
    fate: 'fix-input',
    remedy: 'Somebody has used this partner and project before; it is asked for again without them.',
    context: { job: jobId },
  });
}

interface Asked {
  readonly job: string;
  readonly queries: readonly PlannedQuery[];
  readonly stateful: boolean;
  /** Objects of the export that cannot tell deleted rows in it. */
  readonly untold: readonly string[];
}

/** Objects may refuse the deleted column, all or some (wire.md 2.2, facts 5 and 6): then the others are found out. */
async function submit(
  deps: Dependencies,
  billing: Billing,
  opened: OpenedRun & { again: boolean },
  scope: RunScope,
): Promise<Asked> {
  const { run, entity, org, window, again } = opened;
  const described = await describeAll(billing, scope.selection.objects);
  // What was found out is asked anew when the run looks back: Billing may have been changed meanwhile.
  const anew = scope.lookBack && !again;
  const known = anew ? new Map<string, boolean>() : await knownDeletes(deps.db, entity);
  const before = scope.movesMark ? await askedByLastRun(deps.db, entity) : null;
  const ask = async (told: ReadonlyMap<string, boolean>): Promise<Asked> => {
    const stateful = statefulOf(deps, opened, scope);
    const deletes = (object: string) => told.get(object) ?? true;
    const queries = exportQueries(deps, described, {
      window: stateful === null ? window : null,
      selection: scope.selection,
      // An object or a column that is new, or was kept from us for a while, has rows older than the window.
      anew: (asked) => before !== null && !before.has(asked),
      deletes,
    });
    const job = await billing.submitExport({ name: `revsync-${run}`, queries, stateful });
    const untold = queries.filter(({ deletedColumn }) => deletedColumn === undefined).map(({ name }) => name);
    return { job, queries, untold, stateful: stateful !== null };
  };
  const objects = described.flatMap(({ object }) => (object.deletes ? [object.name] : []));
  try {
    const asked = await ask(known);
    if (anew)
      await rememberDeletes(deps.db, { entity, org }, new Map(objects.map((object) => [object, true])));
    return asked;
  } catch (error) {
    if (!(error instanceof RevsyncError) || error.code !== 'BILLING_DELETES_UNSUPPORTED') throw error;
    const supported = await billing.deletesOf(objects);
    const found = new Map(objects.map((object) => [object, supported.has(object)]));
    await rememberDeletes(deps.db, { entity, org }, found);
    return ask(found);
  }
}

/** Only runs over the standing window may use what Billing remembers; the others would advance it. */
function statefulOf(
  { stateful }: Dependencies,
  { entity, window, again }: OpenedRun & { again: boolean },
  { movesMark }: RunScope,
) {
  const distrusted = again && window.from === null;
  if (stateful === null || !movesMark || distrusted) return null;
  return { partner: stateful.partner, project: `${stateful.project}-${entity}`, since: window.from };
}

const isWindowed = new Set(CATALOGUE.flatMap(({ name, kind }) => (kind === 'transaction' ? [name] : [])));

/** What the run has to read beside its export. A chosen subscription or account has its prices only. */
async function sidesOf(
  { db }: Dependencies,
  { entity }: OpenedRun,
  { lookBack, selection }: RunScope,
  { priced, untold }: { priced: boolean; untold: readonly string[] },
): Promise<Side[]> {
  const prices: Side[] = priced ? [] : ['prices'];
  if (Object.keys(selection).length > 0) return prices;

  const begun = (await readMark(db, entity)).highWater !== null;
  const templates = await defaultTemplates(db, entity);
  const read = templates.flatMap(({ body }) => fieldsRead(body).map(({ object }) => object));
  return [
    ...prices,
    // State objects are read whole: what is not among their rows is gone.
    ...(begun && untold.some((object) => isWindowed.has(object)) ? (['deletes'] as const) : []),
    ...customObjectsOf(read).map((table): Side => `custom:${table}`),
    ...(begun && lookBack ? (['keys'] as const) : []),
  ];
}
