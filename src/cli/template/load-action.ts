import { userInfo } from 'node:os';

import { checkTemplate } from '../../domain/mapping/checks/check-template.ts';
import { knownTenant } from '../../store/templates/custom-fields.ts';
import { loadTemplate } from '../../store/templates/load-template.ts';
import { recordCheck } from '../../store/templates/template-states.ts';
import { openOutput } from '../output.ts';
import { countOf, printMistakes } from './mistakes-output.ts';
import { type InputOptions, templateInput } from './template-input.ts';
import { summaryOf } from './version-summary.ts';
import { withTemplates } from './with-templates.ts';

interface LoadOptions extends InputOptions {
  readonly file: string;
  readonly by?: string;
  readonly json?: boolean;
}

/** Keeps the file as a draft and checks it: what has the form of a template is kept, however wrong. */
export async function loadAction({
  json = false,
  file,
  by = userInfo().username,
  ...options
}: LoadOptions): Promise<void> {
  const output = openOutput(json);
  await withTemplates(output, async (db) => {
    const read = await templateInput(db, file, options);
    const { template, mistakes } =
      'mistake' in read
        ? { template: null, mistakes: [read.mistake] }
        : checkTemplate(read.input, await knownTenant(db));
    if (template === null) {
      printMistakes(output, {
        message: `${file} is no template: ${countOf(mistakes)}.`,
        remedy: 'Nothing was kept. Correct the file and load it again.',
        mistakes,
        exit: 2,
      });
      return;
    }
    const { loaded, unchanged } = await loadTemplate(db, { template, by });
    const version = await recordCheck(db, { ...loaded, by, mistakes });
    if (mistakes.length > 0) {
      printMistakes(output, {
        message: `"${version.id}" is kept as a draft, with ${countOf(mistakes)}.`,
        remedy: 'Correct the file and load it again; a draft is used nowhere.',
        mistakes,
        exit: 1,
        template: summaryOf(version),
      });
      return;
    }
    const how = unchanged ? 'was here already' : 'is kept';
    output.result({ ...summaryOf(version), unchanged, mistakes }, [
      `"${version.id}" ${how}, ${version.status}.`,
      ...(version.status === 'checked' ? [`Next: revsync template freeze "${version.id}" --default`] : []),
    ]);
  });
}
