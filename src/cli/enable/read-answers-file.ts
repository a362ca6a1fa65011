import { parseDocument } from 'yaml';

import { reasonOf } from '../../domain/errors.ts';
import {
  type AnswerMistake,
  type PreparedAnswers,
  readAnswers,
} from '../../domain/enablement/answers-file.ts';
import { readTextFile } from '../template/read-template-file.ts';

/**
 * The answers of `enable answer --file`, JSON or YAML; or all that is wrong with them.
 *
 * @throws RevsyncError `FILE_UNREADABLE`
 */
export async function readAnswersFile(
  file: string,
): Promise<{ readonly prepared: PreparedAnswers } | { readonly mistakes: readonly AnswerMistake[] }> {
  const text = await readTextFile(file);
  try {
    const document = parseDocument(text, { schema: 'core', uniqueKeys: true, stringKeys: true });
    const [error] = document.errors;
    if (error !== undefined) return neither(error);
    return readAnswers(document.toJS({ maxAliasCount: 100 }));
  } catch (error) {
    return neither(error);
  }
}

const neither = (error: unknown) => ({
  mistakes: [
    {
      path: '',
      message: `The file is neither JSON nor YAML: ${reasonOf(error).replace(/:$/, '')}.`,
      suggestion: 'Write for example {"by": "...", "answers": {"1": {...}}}.',
    },
  ],
});
