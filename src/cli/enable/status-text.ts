import type { AwaitingView, EnablementView } from '../../domain/enablement/view.ts';
import { table } from '../output.ts';
import { wrapped } from '../wrapped.ts';
import type { WaitingBelow } from './standing.ts';

const WIDTH = 110;

/** Where an enablement stands, for a terminal: what is awaited, then step by step. */
export function statusText({
  tenant,
  status,
  steps,
  awaiting,
  kept,
  refused,
  below,
  recordedAt,
}: EnablementView & { readonly below?: WaitingBelow; readonly recordedAt?: string }): string[] {
  return [
    `Enablement of ${tenant ?? 'the tenant'}: ${status}`,
    ...(recordedAt === undefined ? [] : [`Last recorded at ${recordedAt}`]),
    ...(awaiting === null ? [] : ['', ...awaitedText(awaiting)]),
    ...(below === undefined ? [] : ['', ...belowText(below)]),
    '',
    ...table(
      ['step', 'title', 'status', 'by', 'at'],
      steps.map((each) => [String(each.step), each.title, each.status, each.by ?? '', each.at ?? '']),
    ),
    ...steps.flatMap(({ step, note }) =>
      note === '' || step === awaiting?.step ? [] : ['', ...wrapped(`${step}: ${note}`, WIDTH)],
    ),
    ...(kept.length === 0 ? [] : ['', `Kept until their steps ask: ${kept.join(', ')}`]),
    ...refused.flatMap((text) => ['', ...wrapped(`Refused: ${text}`, WIDTH)]),
  ];
}

function belowText({ workflowId, awaiting: { message, remedy, example } }: WaitingBelow): string[] {
  return [
    ...wrapped(`${workflowId} waits: ${message} ${remedy}`, WIDTH, ''),
    `Send it \`${example.update}\` ${JSON.stringify(example.data)}`,
  ];
}

/** What a person has to do, and the JSON for it. */
function awaitedText({ step, message, remedy, example, skip }: AwaitingView): string[] {
  return [
    ...wrapped(`Step ${step} waits: ${message}`, WIDTH, ''),
    ...(remedy === '' ? [] : remedy.split('\n').flatMap((line) => wrapped(line, WIDTH, ''))),
    `Send \`${example.update}\` ${JSON.stringify(example.data)}`,
    ...(skip === null ? [] : [`or \`skip\` ${JSON.stringify(skip)}`]),
  ];
}
