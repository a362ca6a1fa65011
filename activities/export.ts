import { activityInfo } from '@temporalio/activity';

import type { Billing, ExportFile } from '../src/billing/port.ts';
import { CATALOGUE } from '../src/domain/catalogue/catalogue.ts';
import { RevsyncError } from '../src/domain/errors.ts';
import { fieldsRead } from '../src/domain/mapping/fields-read.ts';
import { isMemo } from '../src/domain/settlement/memos.ts';
import { customObjectsOf, type Side } from '../src/domain/sync/side.ts';
import { leftOutSinceLastRun } from '../src/store/left-out.ts';
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
import { rememberDeletes } from '../src/store/sides.ts';
import { defaultTemplates } from '../src/store/templates.ts';
import {
  billingIdOf,
  invoiceSettlementOf,
  rememberInvoiceSettlement,
  rememberPriceSource,
} from '../src/store/tenancy.ts';
import { type Asked, askForExport, asksAsBefore, type ExportPlan, planOf } from './ask-for-export.ts';
import { billingInstant } from './billing-instant.ts';
import type { Dependencies } from './dependencies.ts';
import { createDescribedCatalogue } from './described-catalogue.ts';
import type { Described } from './export-plan.ts';
import { currentOwner } from './current-owner.ts';
import { exportFailed } from './export-failed.ts';
import { loadEmpty } from './load-empty.ts';
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
  const catalogue = createDescribedCatalogue(deps.now);

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
      const asked = await orForget(entity, () => askForWhatMayBeRead(billing, opened, scope));
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

    /**
     * Polls by retry, so that waiting costs no history; answers the files once the job is done. Of a loop's run nearly
     * all are empty: it loads those itself and answers the others, since every activity costs history, too.
     */
    async awaitExport(opened: AwaitedExport): Promise<ExportedFile[]> {
      return orForget(opened.entity, () => finishedExport(opened));
    },

    /** Tells Billing that nobody waits for the job any more. */
    async cancelExport({ entity, run }: { entity: string; run: string }): Promise<void> {
      const known = await exportOf(db, run);
      if (known !== null) await (await billingOf(deps, entity)).cancelExport(known.job);
    },
  };

  /** Where Billing refuses what was kept, it is asked for what it describes now. */
  async function askForWhatMayBeRead(
    billing: Billing,
    opened: OpenedRun & { again: boolean },
    scope: RunScope,
  ): Promise<Asked> {
    const reader = { entity: opened.entity, selection: scope.selection };
    const plan = await planOf(deps, opened, scope);
    const trusts = await trusting(opened, scope, plan);
    const { described, isKept } = await catalogue.describedFor({ ...reader, trusts }, billing);
    const ask = (known: typeof described) => askForExport(deps, billing, opened, scope, known, plan);
    try {
      return await ask(described);
    } catch (error) {
      if (!isKept || mayPass(error)) throw error;
      const anew = await catalogue.describedFor({ ...reader, trusts: () => false }, billing);
      return ask(anew.described);
    }
  }

  async function finishedExport(opened: AwaitedExport): Promise<ExportedFile[]> {
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
    const files = status.files.map(({ name, ...file }) => ({ object: name, ...file }));
    return (await scopeOf(db, run)).whole ? files : loadEmpty(deps, opened, files);
  }

  /**
   * What was kept is for light runs, and only while it asks for just what the last run asked: else workers whose
   * descriptions differ would each take the other's columns for new, and read from the beginning.
   */
  async function trusting(
    { entity, again }: OpenedRun & { again: boolean },
    { whole }: RunScope,
    plan: ExportPlan,
  ): Promise<(kept: readonly Described[]) => boolean> {
    if (whole || again || (await leftOutSinceLastRun(db, entity))) return () => false;
    return (kept) => asksAsBefore(deps, kept, plan);
  }

  /** Whatever looking again would not mend may lie in what was kept. */
  async function orForget<Result>(entity: string, work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      if (!mayPass(error)) catalogue.forget(entity);
      throw error;
    }
  }

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

const mayPass = (error: unknown): boolean => error instanceof RevsyncError && error.fate === 'retry';

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

const isWindowed = new Set(CATALOGUE.flatMap(({ name, kind }) => (kind === 'transaction' ? [name] : [])));

/** What the run has to read beside its export. A chosen subscription or account has its prices only. */
async function sidesOf(
  { db }: Dependencies,
  { entity }: OpenedRun,
  { lookBack, selection, whole }: RunScope,
  { priced, untold }: { priced: boolean; untold: readonly string[] },
): Promise<Side[]> {
  const prices: Side[] = priced ? [] : ['prices'];
  if (Object.keys(selection).length > 0) return prices;

  const begun = (await readMark(db, entity)).highWater !== null;
  const templates = await defaultTemplates(db, entity);
  const read = templates.flatMap(({ body }) => fieldsRead(body).map(({ object }) => object));
  return [
    ...prices,
    // State objects are read whole: what is not among their rows is gone. Billing tells of deletions for 30 days, so
    // that a loop need not ask each time.
    ...(begun && whole && untold.some((object) => isWindowed.has(object)) ? (['deletes'] as const) : []),
    ...customObjectsOf(read).map((table): Side => `custom:${table}`),
    ...(begun && lookBack ? (['keys'] as const) : []),
  ];
}
