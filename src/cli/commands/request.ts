import type { Command } from 'commander';

import { formMistakes } from '../../domain/setups/form-mistakes.ts';
import { answerRequest, RequestFile } from '../../domain/requests/request.ts';
import type { Mistake } from '../../domain/mapping/checks/mistake.ts';
import { openOutput } from '../output.ts';
import { mistakesText } from '../template/mistakes-output.ts';
import { parseTemplateText, readTextFile } from '../template/read-template-file.ts';

/** `revsync request`: what Zuora Revenue could be asked for, answered by the known limitations. */
export function registerRequest(program: Command): void {
  const request = program
    .command('request')
    .description(
      'Requests that a known limitation may refuse: VC formulas, events, mass actions, material rights.',
    );
  request
    .command('check')
    .description('Answer a request: accepted, or refused and by which limitation. Nothing is kept.')
    .requiredOption('--file <file>', 'YAML or JSON')
    .option('--json', 'print one JSON document')
    .action(checkAction);
}

const EXAMPLES = {
  kind: 'Write one of vc-formula, event, mass-action, material-right.',
  formula: 'For example formula: Ext Sell Price * 5%.',
  processing: 'Write one of by-percent, by-amount, by-quantity.',
  chargeType: 'Write one of recurring, one-time, usage.',
  value: 'For example value: "25".',
  level: 'Write one of contract, obligation, line.',
  action: 'For example action: apply-hold.',
};

const A_REQUEST = 'For example {"kind": "mass-action", "level": "contract", "action": "close"}.';

async function checkAction({ json = false, file }: { json?: boolean; file: string }): Promise<void> {
  const output = openOutput(json);
  const read = parseTemplateText(await readTextFile(file));
  const parsed = 'mistake' in read ? undefined : RequestFile.safeParse(read.input);
  if (parsed?.success !== true) {
    const mistakes = 'mistake' in read ? [read.mistake] : formOf(read.input);
    const error = {
      code: 'REQUEST_INVALID',
      message: `${file} is no request.`,
      remedy: 'Correct what is listed.',
    };
    output.result({ error, mistakes }, [error.message, ...mistakesText(mistakes), error.remedy]);
    process.exitCode = 2;
    return;
  }
  const answer = answerRequest(parsed.data);
  output.result(answer, [
    `${answer.accepted ? 'Accepted' : 'Refused'}${answer.limitation === null ? '' : ` by ${answer.limitation}`}: ${answer.message}`,
    ...(answer.remedy === null ? [] : [answer.remedy]),
  ]);
  if (!answer.accepted) process.exitCode = 1;
}

const formOf = (input: unknown): Mistake[] =>
  formMistakes(RequestFile, input, { noun: 'request', otherwise: A_REQUEST, examples: EXAMPLES }).map(
    ({ mistake }) => mistake,
  );
