import type { RateSyncOutcome } from '../../../workflows/exchange-rate-sync.ts';
import { RevsyncError } from '../../domain/errors.ts';
import { RateSyncInput } from '../../domain/rates/rate-sync-input.ts';
import { startWorkflow } from '../run-workflow.ts';
import type { WorkflowSession } from '../session.ts';
import { chosenEntities, nobodyWouldRunIt } from '../sync-run.ts';

export interface RatesFlags {
  readonly entity?: string;
  readonly from?: string;
  readonly to?: string;
  readonly currencies?: string;
  readonly wait: boolean;
  readonly queue: boolean;
}

/** `rates run --json`, one entity; without a result, only what became of the workflow. */
export interface RatesReport extends Partial<Omit<RateSyncOutcome, 'outcome' | 'runId' | 'entity'>> {
  readonly workflowId: string;
  readonly runId: string | null;
  readonly entity: string;
  readonly outcome: RateSyncOutcome['outcome'] | 'waiting' | 'failed' | 'refused' | 'started';
  /** What a person has to do, or why it failed; null otherwise. */
  readonly message: string | null;
}

const REACHED = new Set<RatesReport['outcome']>(['completed', 'nothing-to-do', 'started']);

/** Whether the run did what it was asked to. */
export const ratesReached = ({ outcome }: RatesReport): boolean => REACHED.has(outcome);

/**
 * The flags as the workflow takes them, looked at before anything is started.
 *
 * @throws RevsyncError `USAGE`
 */
export function rateSyncInput({ from, to, currencies }: RatesFlags): RateSyncInput {
  const codes = currencies?.split(',').map((code) => code.trim().toUpperCase());
  const parsed = RateSyncInput.safeParse({ from, to, currencies: codes });
  if (parsed.success) return parsed.data;
  const [{ path: [field], message } = { path: [], message: '' }] = parsed.error.issues;
  throw new RevsyncError(
    field === undefined ? `--from ${from} lies after --to ${to}.` : `--${String(field)}: ${message}.`,
    {
      code: 'USAGE',
      fate: 'fix-input',
      remedy: 'Give for example --from 2024-01-01 --to 2024-01-31 --currencies EUR,JPY.',
    },
  );
}

/** One run for each entity, in key order. */
export async function syncRates(session: WorkflowSession, flags: RatesFlags): Promise<RatesReport[]> {
  if (!flags.wait && session.own) throw nobodyWouldRunIt();
  const input = rateSyncInput(flags);
  const reports: RatesReport[] = [];
  for (const { entity } of await chosenEntities(session, flags.entity)) {
    reports.push(await syncRatesOf(session, { ...input, entity }, flags));
  }
  return reports;
}

async function syncRatesOf(
  { configuration, temporal, output }: WorkflowSession,
  input: RateSyncInput & { readonly entity: string },
  { wait, queue }: RatesFlags,
): Promise<RatesReport> {
  const { entity } = input;
  const { workflowId, runId, end } = await startWorkflow<RateSyncOutcome>(
    temporal,
    {
      type: 'exchangeRateSync',
      workflowId: `exchange-rate-sync/${entity}`,
      taskQueue: configuration.REVSYNC_TASK_QUEUE,
      input,
      summary: `Exchange rates of ${entity}`,
      searchAttributes: { RevsyncTenant: configuration.REVSYNC_TENANT, RevsyncEntity: entity },
      children: [],
      queue,
    },
    output.report,
  );
  const started = { workflowId, runId, entity, message: null };
  if (!wait) return { ...started, outcome: 'started' };
  const ended = await end();
  if (ended.ended === 'result') return { ...ended.result, ...started, outcome: ended.result.outcome };
  if (ended.ended === 'failed') return { ...started, outcome: 'failed', message: ended.message };
  if (ended.ended === 'refused') {
    return { ...started, outcome: 'refused', message: `${ended.by} is running already.` };
  }
  const { awaiting } = ended.state;
  return { ...started, outcome: 'waiting', message: awaiting && `${awaiting.message} ${awaiting.remedy}` };
}

/** The report for a terminal. */
export function ratesText({
  entity,
  outcome,
  message,
  window,
  rates,
  currencies,
  refused,
  note,
}: RatesReport): string[] {
  const period = window == null ? '' : ` (${currencies?.join(', ')}, ${window.from} to ${window.to})`;
  return [
    `Exchange rates of ${entity}: ${outcome}${period}`,
    ...(message === null ? [] : [message]),
    ...(rates === undefined || window == null
      ? []
      : [
          `${rates.read} read: ${rates.new} new, ${rates.changed} changed, ${rates.unchanged} as before; ${rates.refused} refused.`,
        ]),
    ...(refused ?? []).map((each) => `  ${each}`),
    ...(note === undefined || note === '' ? [] : [note]),
  ];
}
