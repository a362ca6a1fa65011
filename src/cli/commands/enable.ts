import { userInfo } from 'node:os';

import { type Command, Option } from 'commander';

import { EnablementInput } from '../../domain/enablement/enablement-input.ts';
import type { EnablementView } from '../../domain/enablement/view.ts';
import { RevsyncError } from '../../domain/errors.ts';
import { requireNotLive } from '../../store/enablement/open-enablement.ts';
import { readEnablement } from '../../store/enablement/read-enablement.ts';
import { type AnswersLeft, answersLeft } from '../enable/answers-left.ts';
import { beginEnablement, enablementId } from '../enable/begin.ts';
import { correspondentOf, enablementDocument, runningEnablement } from '../enable/correspond.ts';
import { readAnswersFile } from '../enable/read-answers-file.ts';
import { type AnswersSent, sendAnswers } from '../enable/send-answers.ts';
import { type Standing, untilItStands } from '../enable/standing.ts';
import { statusText } from '../enable/status-text.ts';
import { openOutput, type Output } from '../output.ts';
import { byOption } from '../reasoned-options.ts';
import { withDatabase, withWorkflows } from '../session.ts';
import { nobodyWouldRunIt } from '../sync-run.ts';
import { mistakesText } from '../template/mistakes-output.ts';

interface StartFlags {
  readonly json?: boolean;
  readonly name?: string;
  readonly force?: boolean;
  readonly by?: string;
  readonly wait: boolean;
}

interface AnswerFlags {
  readonly json?: boolean;
  readonly file: string;
  readonly by?: string;
}

/** `revsync enable`: the eleven steps that enable the integration (docs/enablement). */
export function registerEnable(program: Command): void {
  const enable = program
    .command('enable')
    .description(
      'The enablement: eleven steps, from a ticket to Zuora Support to a tenant that syncs by itself.',
    );
  enable
    .command('start')
    .description('Start it, and come back when it waits for a person.')
    .addOption(new Option('--name <name>', 'the tenant’s name, as people call it').argParser(nameOf))
    .option('--force', 'also for a tenant that is live')
    .addOption(byOption('who starts it'))
    .option('--no-wait', 'start it and come back at once')
    .option('--json', 'print one JSON document')
    .action(startAction);
  enable
    .command('status')
    .description('Where it stands, from the database alone.')
    .option('--json', 'print one JSON document')
    .action(statusAction);
  enable
    .command('answer')
    .description('Send the answers of a file; those not yet due are kept until their steps ask.')
    .requiredOption('--file <file>', 'JSON or YAML')
    .addOption(byOption('who answers, where the file does not say it'))
    .option('--json', 'print one JSON document')
    .action(answerAction);
}

async function startAction({ json = false, wait, ...flags }: StartFlags): Promise<void> {
  const output = openOutput(json);
  await withWorkflows(output, async (session) => {
    if (!wait && session.own) throw nobodyWouldRunIt();
    const { configuration, temporal, database } = session;
    const { REVSYNC_TENANT: tenant, REVSYNC_TASK_QUEUE: taskQueue } = configuration;
    const { name, force = false, by = userInfo().username } = flags;
    const other = await runningEnablement(session);
    if (other === undefined && !force) await requireNotLive(database.db, tenant);
    const begins = other === undefined;
    const began = begins && (await beginEnablement(temporal, { tenant, taskQueue, name, force, by }));
    const workflowId = other ?? enablementId(tenant);
    if (began && !wait) {
      return output.result({ workflowId, tenant, outcome: 'started' }, `${workflowId} is started.`);
    }
    const standing = await untilItStands(temporal, workflowId);
    const document = await enablementDocument(session, workflowId, standing);
    const message = began ? [] : [`${workflowId} is running already.`, ''];
    output.result({ ...document, ...(began ? {} : { message: message[0] }) }, [
      ...message,
      ...statusText(document),
    ]);
    process.exitCode = began && isGood(standing, document) ? 0 : 1;
  });
}

/** It waits for a person, as it has to, or is done. A step that failed is neither. */
const isGood = (standing: Standing, { status, awaiting }: EnablementView): boolean =>
  standing.stands === 'ended' ? status === 'completed' : awaiting?.example.update === 'answer';

async function statusAction({ json = false }: { json?: boolean }): Promise<void> {
  const output = openOutput(json);
  await withDatabase(output, async ({ database, configuration }) => {
    const read = await readEnablement(database.db, configuration.REVSYNC_TENANT);
    if (read === undefined) throw neverStarted(configuration.REVSYNC_TENANT);
    output.result(read, statusText(read));
  });
}

async function answerAction({ json = false, file, by }: AnswerFlags): Promise<void> {
  const output = openOutput(json);
  const read = await readAnswersFile(file);
  if ('mistakes' in read) {
    const error = {
      code: 'ANSWERS_INVALID',
      message: `${file} holds no answers that can be sent.`,
      remedy: 'Correct what is listed; nothing was sent.',
    };
    const { mistakes } = read;
    output.result({ error, mistakes }, [error.message, ...mistakesText(mistakes), error.remedy]);
    process.exitCode = 2;
    return;
  }
  const prepared = { ...read.prepared, by: read.prepared.by ?? by ?? userInfo().username };
  await withWorkflows(output, async (session) => {
    const workflowId = await runningEnablement(session);
    if (workflowId === undefined) throw notRunning(session.configuration.REVSYNC_TENANT);
    const sent = await sendAnswers(prepared, correspondentOf(session, workflowId));
    const document = await enablementDocument(session, workflowId, sent.standing);
    printSent(output, document, { ...sent, ...answersLeft(prepared, sent, document) });
  });
}

function printSent(output: Output, document: EnablementView, sent: AnswersSent & AnswersLeft): void {
  const { ignored, notSent, refusal } = sent;
  const answered = [...sent.answered, ...sent.taken].toSorted((one, other) => Number(one) - Number(other));
  output.result({ ...document, answered, ignored, notSent, ...(refusal === null ? {} : { refusal }) }, [
    ...(refusal === null ? [] : [`Refused: ${refusal.message}`, '']),
    ...statusText(document),
    '',
    [
      `Answered: ${answered.join(', ') || 'none'}.`,
      ...(ignored.length === 0 ? [] : [`Not needed: ${ignored.join(', ')}.`]),
      ...(notSent.length === 0 ? [] : [`Not sent: ${notSent.join(', ')}.`]),
    ].join(' '),
  ]);
  process.exitCode = refusal === null && document.status === 'completed' ? 0 : 1;
}

const neverStarted = (tenant: string): RevsyncError =>
  new RevsyncError(`The enablement of ${tenant} was never started.`, {
    code: 'ENABLEMENT_UNKNOWN',
    fate: 'fix-input',
    remedy:
      'Start it with `revsync enable start`, or in the Temporal UI: workflow type `enablement`, input {}.',
  });

const notRunning = (tenant: string): RevsyncError =>
  new RevsyncError(`No enablement of ${tenant} is running.`, {
    code: 'ENABLEMENT_NOT_RUNNING',
    fate: 'fix-input',
    remedy:
      'Start it first with `revsync enable start`; `revsync enable status` shows how the last one ended.',
  });

function nameOf(text: string): string {
  const parsed = EnablementInput.safeParse({ tenant: text });
  if (parsed.success && parsed.data.tenant !== undefined) return parsed.data.tenant;
  throw new RevsyncError('--name is no name: 1 to 200 characters, none of them a control character.', {
    code: 'USAGE',
    fate: 'fix-input',
    remedy: 'Write for example --name "Acme Inc.", or leave it out.',
  });
}
