import type { Mistake } from '../../domain/mapping/checks/mistake.ts';
import { parseTemplateText, readTextFile } from '../template/read-template-file.ts';

export interface InputOptions {
  /** Instead of what the file says. */
  readonly name?: string | undefined;
  readonly org?: string | undefined;
}

/**
 * What a file says a set-up is, yet to be checked; or why it cannot be read.
 *
 * @throws RevsyncError `FILE_UNREADABLE`
 */
export async function setupInput(
  file: string,
  { name, org }: InputOptions,
): Promise<{ readonly input: unknown } | { readonly mistake: Mistake }> {
  const read = parseTemplateText(await readTextFile(file));
  if ('mistake' in read || typeof read.input !== 'object' || read.input === null) return read;
  const instead = { ...(name === undefined ? {} : { name }), ...(org === undefined ? {} : { org }) };
  return { input: { ...read.input, ...instead } };
}
