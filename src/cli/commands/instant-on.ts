import { userInfo } from 'node:os';

import { type Command, Option } from 'commander';

import { startLoop } from '../../../workers/start-loop.ts';
import { RevsyncError } from '../../domain/errors.ts';
import { SetInterval } from '../../domain/operator/messages.ts';
import { listEntities } from '../../store/tenancy.ts';
import { loopText, startedText } from '../instant-on/loop-text.ts';
import { loopNotRunning, type LoopReport, loopReport, tellLoop } from '../instant-on/loops.ts';
import { entityKey } from '../list-options.ts';
import { openOutput, type Output } from '../output.ts';
import { byOption, reasonOption } from '../reasoned-options.ts';
import { withWorkflows, type WorkflowSession } from '../session.ts';
import { chosenEntities, nobodyWouldRunIt } from '../sync-run.ts';
import { withTemporal } from '../temporal-session.ts';

interface Flags {
  readonly json?: boolean;
  readonly entity?: string;
  readonly by?: string;
  readonly reason?: string;
  readonly seconds?: number;
}

interface Told {
  readonly command: string;
  readonly message: string;
  readonly does: string;
  readonly options: readonly Option[];
}

const REASON = reasonOption();
const TOLD: readonly Told[] = [
  { command: 'pause', message: 'pause', does: 'Start no more runs until it is resumed.', options: [REASON] },
  { command: 'resume', message: 'resume', does: 'Go on, by settings read anew.', options: [] },
  {
    command: 'set-interval',
    message: 'setInterval',
    does: 'Seconds between the end of a run and the next one; without --seconds those of the lookup.',
    options: [new Option('--seconds <number>', '1 to 999999').argParser(secondsOf)],
  },
  { command: 'run-now', message: 'runNow', does: 'One run at once, also while paused.', options: [] },
  {
    command: 'abort',
    message: 'abort',
    does: 'End the loop; a run under way is given up.',
    options: [reasonOption().makeOptionMandatory()],
  },
];

/** `revsync instant-on`: the loops that run the Revenue Sync by themselves (enablement step 10). */
export function registerInstantOn(program: Command): void {
  const group = program
    .command('instant-on')
    .description('Instant On: the Revenue Sync again and again, for one entity or for all in key order.');
  const common = (command: Command): Command =>
    command
      .option('--entity <name>', 'key, Billing id or display name')
      .option('--json', 'print one JSON document');
  common(group.command('start').description('Start the loop; it runs until somebody ends it.')).action(
    startAction,
  );
  common(group.command('status').description('What it does now, and what it waits for.')).action(
    statusAction,
  );
  for (const told of TOLD) {
    const command = common(group.command(told.command).description(told.does)).addOption(
      byOption('who decides this'),
    );
    for (const option of told.options) command.addOption(option);
    command.action((flags: Flags) => tellAction(told.message, flags));
  }
}

async function startAction({ json = false, entity }: Flags): Promise<void> {
  const output = openOutput(json);
  const started = await withWorkflows(output, async (session) => {
    if (session.own) throw nobodyWouldRunIt();
    const chosen = await chosenEntities(session, entity);
    return Promise.all(chosen.map((each) => startLoop(session.temporal, targetOf(session, each.entity))));
  });
  print(output, started, started.map(startedText));
  process.exitCode = started.every(({ outcome }) => outcome === 'started') ? 0 : 1;
}

const targetOf = ({ configuration }: WorkflowSession, entity: string) => ({
  entity,
  tenant: configuration.REVSYNC_TENANT,
  taskQueue: configuration.REVSYNC_TASK_QUEUE,
});

async function statusAction({ json = false, entity }: Flags): Promise<void> {
  const output = openOutput(json);
  const reports = await forEach(output, entity, (temporal, each) => loopReport(temporal, each));
  print(output, reports, reports.flatMap(loopText));
}

async function tellAction(message: string, { json = false, entity, ...flags }: Flags): Promise<void> {
  const output = openOutput(json);
  const { by = userInfo().username, reason, seconds } = flags;
  const data = {
    by,
    ...(reason === undefined ? {} : { reason }),
    ...(seconds === undefined ? {} : { seconds }),
  };
  const reports = await forEach(output, entity, async (temporal, each) => {
    const loop = await loopReport(temporal, each, { asks: false });
    return loop.workflow === 'running' || entity !== undefined
      ? tellLoop(temporal, each, message, data)
      : loop;
  });
  const told = reports.filter(({ state }) => state !== null);
  if (told.length === 0 && reports.length > 0) throw loopNotRunning();
  print(output, told, told.flatMap(loopText));
}

/** For the entity that was named, or for all that are known, in key order. */
async function forEach(
  output: Output,
  named: string | undefined,
  work: (temporal: Parameters<typeof loopReport>[0], entity: string) => Promise<LoopReport>,
): Promise<LoopReport[]> {
  return withTemporal(output, async ({ database: { db }, temporal }) => {
    const key = await entityKey(db, named);
    const entities = key === undefined ? (await listEntities(db)).map(({ entity }) => entity) : [key];
    const reports: LoopReport[] = [];
    for (const entity of entities) reports.push(await work(temporal, entity));
    return reports;
  });
}

function print(output: Output, documents: readonly object[], text: readonly string[]): void {
  const [only] = documents;
  output.result(
    documents.length === 1 ? only : { loops: documents },
    documents.length === 0 ? 'No entity is known yet; `revsync instant-on start` learns them.' : text,
  );
}

function secondsOf(text: string): number {
  const seconds = Number(text);
  if (/^\d+$/.test(text) && SetInterval.safeParse({ seconds }).success) return seconds;
  throw new RevsyncError(`--seconds takes 1 to 999999, not "${text}".`, {
    code: 'USAGE',
    fate: 'fix-input',
    remedy: 'Give for example --seconds 300.',
  });
}
