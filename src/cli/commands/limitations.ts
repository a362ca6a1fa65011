import type { Command } from 'commander';

import { RevsyncError } from '../../domain/errors.ts';
import { nearestName } from '../../domain/nearest-name.ts';
import { LIMITATIONS, limitationOf } from '../../limitations/all-limitations.ts';
import { limitationsText, limitationText } from '../limitations/limitations-text.ts';
import { listedLimitation } from '../limitations/listed-limitation.ts';
import { openOutput } from '../output.ts';

/** `revsync limitations`: the known limitations as rules. Asks neither the database nor Billing. */
export function registerLimitations(program: Command): void {
  program
    .command('limitations')
    .description('The known limitations: what revsync does about each, and what to do.')
    .argument('[id]', 'only this one, with all that is known of it')
    .option('--json', 'print one JSON document')
    .action(listAction);
}

function listAction(id: string | undefined, { json = false }: { json?: boolean }): void {
  const output = openOutput(json);
  if (id === undefined) {
    const listed = LIMITATIONS.map(listedLimitation);
    output.result(listed, limitationsText(listed));
    return;
  }
  const rule = limitationOf(id);
  if (rule === undefined) throw unknown(id);
  const listed = listedLimitation(rule);
  output.result(listed, limitationText(listed));
}

function unknown(id: string): RevsyncError {
  const near = nearestName(
    id,
    LIMITATIONS.map((each) => each.id),
  );
  return new RevsyncError(`There is no known limitation "${id}".`, {
    code: 'LIMITATION_UNKNOWN',
    fate: 'fix-input',
    remedy: near === null ? 'See `revsync limitations`.' : `Did you mean ${near}?`,
  });
}
