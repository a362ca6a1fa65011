import { userInfo } from 'node:os';

import { type Client, ScheduleNotFoundError } from '@temporalio/client';
import type { Command } from 'commander';

import type { EnsuredSchedule } from '../../../activities/dependencies.ts';
import { ensureSchedules } from '../../../workers/ensure-schedules.ts';
import { RevsyncError } from '../../domain/errors.ts';
import { SCHEDULE_KINDS, type ScheduleKind } from '../../domain/schedules/definitions.ts';
import { readWanted } from '../../store/schedules/read-wanted.ts';
import { choice, entityKey } from '../list-options.ts';
import { clipped } from '../list-output.ts';
import { openOutput, table } from '../output.ts';
import { byOption, reasonOption } from '../reasoned-options.ts';
import { diffSchedules } from '../schedule/diff-schedules.ts';
import { diffText } from '../schedule/diff-text.ts';
import { type ListedSchedule, listSchedules } from '../schedule/list-schedules.ts';
import { withTemporal } from '../temporal-session.ts';

/** `revsync schedule`: what Temporal runs by itself. */
export function registerSchedule(program: Command): void {
  const schedule = program
    .command('schedule')
    .description('Temporal Schedules: what runs by itself. For logins of revsync_worker.');
  schedule
    .command('list')
    .description('The schedules as Temporal has them: when they run, and how they did.')
    .option('--json', 'print one JSON document')
    .action(listAction);
  schedule
    .command('ensure')
    .description('Make the schedules that are missing; one that is there stays as it is.')
    .option(
      '--entity <name>',
      'only those of this entity and its organisation: its key, Billing id or display name',
    )
    .addOption(choice('--kind <kind>', 'only those of this kind', SCHEDULE_KINDS))
    .option(
      '--cron <expression>',
      'when, in the time zone of the entity, instead of early every morning; for one --kind',
    )
    .option('--json', 'print one JSON document')
    .action(ensureAction);
  schedule
    .command('diff')
    .description('How the schedules that Temporal has differ from what the entities and settings ask for.')
    .option('--json', 'print one JSON document')
    .action(diffAction);
  for (const change of ['pause', 'resume'] as const) {
    schedule
      .command(change)
      .description(change === 'pause' ? 'Start no more runs until it is resumed.' : 'Let it run again.')
      .argument('<id>', 'as `schedule list` names it')
      .addOption(byOption('who decides this'))
      .addOption(reasonOption())
      .option('--json', 'print one JSON document')
      .action((id: string, flags: ChangeFlags) => changeAction(change, id, flags));
  }
}

interface ChangeFlags {
  readonly json?: boolean;
  readonly by?: string;
  readonly reason?: string;
}

async function listAction({ json = false }: { json?: boolean }): Promise<void> {
  const output = openOutput(json);
  const schedules = await withTemporal(output, ({ temporal, configuration }) =>
    listSchedules(temporal, configuration.REVSYNC_TASK_QUEUE),
  );
  output.result(
    schedules,
    schedules.length === 0
      ? 'There is no schedule; `revsync schedule ensure` makes those that are needed.'
      : table(
          ['id', 'when', 'paused', 'next', 'last', 'taken', 'missed', 'skipped', 'note'],
          schedules.map(cells),
        ),
  );
}

const cells = ({ id, spec, paused, next, last, taken, missed, skipped, note }: ListedSchedule): string[] => [
  id,
  `${[...spec.cron, ...spec.every].join('; ')} ${spec.timezone}`,
  paused ? 'paused' : '',
  paused ? '' : (next[0]?.slice(0, 16) ?? ''),
  last.at(-1)?.started.slice(0, 16) ?? '',
  taken,
  missed,
  skipped,
  clipped(note ?? '', 60),
];

interface EnsureFlags {
  readonly json?: boolean;
  readonly entity?: string;
  readonly kind?: ScheduleKind;
  readonly cron?: string;
}

async function ensureAction({ json = false, entity, kind, cron }: EnsureFlags): Promise<void> {
  const output = openOutput(json);
  const ensured = await withTemporal(output, async ({ configuration, database: { db }, temporal }) =>
    ensureSchedules(temporal, await readWanted(db, { entity: await entityKey(db, entity), kind }), {
      tenant: configuration.REVSYNC_TENANT,
      taskQueue: configuration.REVSYNC_TASK_QUEUE,
      cron,
    }),
  );
  output.result(
    ensured,
    ensured.length === 0
      ? 'No entity is known yet; a first `sync run` learns them.'
      : ensured.map(({ id, action, note }: EnsuredSchedule) => `${id}: ${action}. ${note}`),
  );
}

async function diffAction({ json = false }: { json?: boolean }): Promise<void> {
  const output = openOutput(json);
  const compared = await withTemporal(output, async ({ configuration, database: { db }, temporal }) =>
    diffSchedules(temporal, await readWanted(db), configuration.REVSYNC_TASK_QUEUE),
  );
  output.result(
    compared,
    compared.length === 0 ? 'No schedule is needed, and there is none.' : diffText(compared),
  );
}

async function changeAction(
  change: 'pause' | 'resume',
  id: string,
  { json = false, by = userInfo().username, reason }: ChangeFlags,
): Promise<void> {
  const output = openOutput(json);
  const paused = change === 'pause';
  const note = `${paused ? 'Paused' : 'Resumed'} by ${by}${reason === undefined ? '' : `: ${reason}`}`;
  await withTemporal(output, ({ temporal }) => turn(temporal, id, paused, note));
  output.result({ id, paused, note }, `${id} ${paused ? 'is paused' : 'runs again'}.`);
}

async function turn(client: Client, id: string, paused: boolean, note: string): Promise<void> {
  const handle = client.schedule.getHandle(id);
  try {
    await (paused ? handle.pause(note) : handle.unpause(note));
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error;
    throw new RevsyncError(`There is no schedule "${id}".`, {
      code: 'SCHEDULE_UNKNOWN',
      fate: 'fix-input',
      remedy: 'Name one of those that `revsync schedule list` shows.',
    });
  }
}
