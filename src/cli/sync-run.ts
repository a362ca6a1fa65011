import type { SyncOutcome } from '../../workflows/revenue-sync.ts';
import { RevsyncError } from '../domain/errors.ts';
import { SyncInput } from '../domain/sync/sync-input.ts';
import type { TenantEntity } from '../domain/tenancy/records.ts';
import { type Balance, readBalance } from '../store/balance/read-balance.ts';
import { runOf } from '../store/runs.ts';
import { balanceText } from './balance-text.ts';
import { type CollectionCounts, collectionCounts } from './collection-counts.ts';
import { readEntities } from './entity/read-entities.ts';
import { type Ended, startWorkflow } from './run-workflow.ts';
import type { WorkflowSession } from './session.ts';

export interface SyncFlags {
  readonly entity?: string;
  readonly from?: string;
  readonly to?: string;
  readonly subscription?: string;
  readonly account?: string;
  readonly wait: boolean;
  readonly queue: boolean;
}

/** `sync run --json`, one entity (interface, Results). */
export interface SyncReport {
  readonly workflowId: string;
  readonly runId: string | null;
  readonly entity: string;
  readonly outcome: SyncOutcome['outcome'] | 'waiting' | 'failed' | 'started';
  readonly window: { readonly from: string | null; readonly to: string } | null;
  readonly balance: Balance | null;
  readonly collection: CollectionCounts | null;
  /** What a person has to do, or why it failed; null otherwise. */
  readonly message: string | null;
}

/** Whether the run did what it was asked to. */
export const reached = ({ outcome, balance }: SyncReport): boolean =>
  outcome === 'started' ||
  ((outcome === 'completed' || outcome === 'nothing-to-do') && balance?.balanced !== false);

/**
 * Looks at the flags before anything is started.
 *
 * @throws RevsyncError `USAGE`
 */
export function requireWindow({ from, to }: SyncFlags): void {
  for (const [flag, instant] of Object.entries({ '--from': from, '--to': to })) {
    if (instant === undefined || SyncInput.safeParse({ from: instant }).success) continue;
    throw wrongWindow(`${flag} takes a day or an instant with its offset, not "${instant}".`);
  }
  if (SyncInput.safeParse({ from, to }).success) return;
  throw wrongWindow(`--from ${from} has to lie before --to ${to}.`);
}

const wrongWindow = (message: string): RevsyncError =>
  new RevsyncError(message, {
    code: 'USAGE',
    fate: 'fix-input',
    remedy: 'Give for example --from 2024-01-01 --to 2024-02-01T12:00:00Z.',
  });

/** Signs in first, so that refused credentials and a dead Billing are said at once, not retried for hours. */
export async function syncEntities(session: WorkflowSession, flags: SyncFlags): Promise<SyncReport[]> {
  if (!flags.wait && session.own) throw nobodyWouldRunIt();
  const entities = await chosenEntities(session, flags.entity);
  const reports: SyncReport[] = [];
  for (const entity of entities) reports.push(await syncEntity(session, entity, flags));
  return reports;
}

/** For `--no-wait` where the worker ends with the command. */
export function nobodyWouldRunIt(): RevsyncError {
  return new RevsyncError('Nothing is running here that would go on with the run after this command.', {
    code: 'USAGE',
    fate: 'fix-input',
    remedy: 'Start `revsync up` first, or leave --no-wait out.',
  });
}

/** Those that Billing lists, by their recorded keys and in their recorded organisations, which somebody may have mapped. */
export async function chosenEntities(session: WorkflowSession, name?: string): Promise<TenantEntity[]> {
  const entities = await readEntities(session);
  if (name === undefined) return entities;
  const found = entities.filter(
    ({ entity, billingId, displayName }) => name === entity || name === billingId || name === displayName,
  );
  if (found.length === 1) return found;
  throw new RevsyncError(
    `There is no entity "${name}" (known: ${entities.map(({ entity }) => entity).join(', ')}).`,
    {
      code: 'ENTITY_UNKNOWN',
      fate: 'fix-input',
      remedy: 'Name one of the known entities by its key, its Billing id or its display name.',
    },
  );
}

async function syncEntity(
  session: WorkflowSession,
  { entity, org }: TenantEntity,
  flags: SyncFlags,
): Promise<SyncReport> {
  const { configuration, temporal, output } = session;
  const { from, to, subscription, account, queue } = flags;
  const started = await startWorkflow<SyncOutcome>(
    temporal,
    {
      type: 'revenueSync',
      workflowId: `revenue-sync/${entity}`,
      taskQueue: configuration.REVSYNC_TASK_QUEUE,
      input: { entity, from, to, subscription, account, queue },
      summary: `Revenue Sync of ${entity}`,
      searchAttributes: { RevsyncTenant: configuration.REVSYNC_TENANT, RevsyncEntity: entity },
      children: [`data-collection/${org}`],
      queue,
    },
    output.report,
  );
  const { workflowId, runId } = started;
  const nothing = { workflowId, runId, entity, window: null, balance: null, collection: null, message: null };
  if (!flags.wait) return { ...nothing, outcome: 'started' };
  return { ...nothing, ...(await reportOf(session, entity, started.runId, workflowId, await started.end())) };
}

async function reportOf(
  { database }: WorkflowSession,
  entity: string,
  runId: string | null,
  workflowId: string,
  end: Ended<SyncOutcome>,
): Promise<Pick<SyncReport, 'outcome'> & Partial<SyncReport>> {
  if (end.ended === 'refused') return { outcome: 'refused', message: `${end.by} is running already.` };
  if (end.ended === 'failed') return { outcome: 'failed', message: end.message };
  if (end.ended === 'waiting') {
    const { awaiting } = end.state;
    const run = runId === null ? undefined : await runOf(database.db, entity, { workflowId, runId });
    return {
      outcome: 'waiting',
      message: awaiting === null ? null : `${awaiting.message} ${awaiting.remedy}`,
      ...(run === undefined ? {} : { window: { from: run.windowFrom, to: run.windowTo } }),
    };
  }
  const { outcome, window, run, collection } = end.result;
  return {
    outcome,
    window,
    balance: run === null ? null : ((await readBalance(database.db, run)) ?? null),
    collection: collection && collectionCounts(collection),
  };
}

/** The report for a terminal. */
export function syncText(report: SyncReport): string[] {
  const { entity, outcome, window, balance, collection, message } = report;
  const period = window === null ? '' : ` (${window.from ?? 'the beginning'} to ${window.to})`;
  return [
    `Revenue Sync of ${entity}: ${outcome}${period}`,
    ...(message === null ? [] : [message]),
    ...(balance === null ? [] : ['', ...balanceText(balance)]),
    ...(collection === null
      ? []
      : [
          '',
          `Data Collection of ${collection.org}: ${collection.collected} lines collected into ${collection.contracts} contracts; ${collection.waiting} wait, ${collection.stopped} are held or stopped.`,
        ]),
  ];
}
