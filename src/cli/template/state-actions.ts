import { userInfo } from 'node:os';

import { freezeTemplate, makeDefault } from '../../store/templates/template-states.ts';
import type { TemplateVersion } from '../../store/templates/template-versions.ts';
import type { Db } from '../../store/database.ts';
import { openOutput, type Output } from '../output.ts';
import { checkVersion } from './check-action.ts';
import { countOf, printMistakes } from './mistakes-output.ts';
import { referredTemplate } from './template-reference.ts';
import { summaryOf } from './version-summary.ts';
import { withTemplates } from './with-templates.ts';

interface StateOptions {
  readonly by?: string;
  readonly json?: boolean;
  readonly default?: boolean;
}

/** Checks a version once more and freezes it; with `--default` it is also made the default. */
export async function freezeAction(
  reference: string,
  { json = false, by = userInfo().username, default: also = false }: StateOptions,
): Promise<void> {
  const output = openOutput(json);
  await withTemplates(output, async (db) => {
    const found = await referredTemplate(db, reference);
    if (found.status === 'draft' || found.status === 'checked') {
      const { checked, mistakes } = await checkVersion(db, found, by);
      if (mistakes.length > 0) return printUnfit(output, checked, mistakes);
    }
    const frozen = await freezeTemplate(db, { ...found, by });
    if (also) return printDefault(output, db, frozen, by);
    output.result(summaryOf(frozen), [
      `"${frozen.id}" is ${frozen.status}; it cannot change any more.`,
      ...(frozen.status === 'frozen' ? [`Next: revsync template default "${frozen.id}"`] : []),
    ]);
  });
}

/** Makes a frozen version what lines of its type are formed by. */
export async function defaultAction(
  reference: string,
  { json = false, by = userInfo().username }: StateOptions,
): Promise<void> {
  const output = openOutput(json);
  await withTemplates(output, async (db) =>
    printDefault(output, db, await referredTemplate(db, reference), by),
  );
}

async function printDefault(output: Output, db: Db, version: TemplateVersion, by: string): Promise<void> {
  const { made, before } = await makeDefault(db, { ...version, by });
  const whose = made.entity ?? 'every entity without one of its own';
  output.result({ ...summaryOf(made), before }, [
    `"${made.id}" forms the ${made.type} lines of ${whose}, from the next sync on.`,
    ...(before === null || before === made.id ? [] : [`Before it was "${before}".`]),
  ]);
}

function printUnfit(output: Output, version: TemplateVersion, mistakes: Parameters<typeof countOf>[0]): void {
  printMistakes(output, {
    message: `"${version.id}" is not frozen: it has ${countOf(mistakes)}.`,
    remedy: 'Correct the file and load it again.',
    mistakes,
    exit: 1,
    template: summaryOf(version),
  });
}
