import { readFile, stat } from 'node:fs/promises';

import { parseDocument, type Tags } from 'yaml';

import { reasonOf, RevsyncError } from '../../domain/errors.ts';
import type { Mistake } from '../../domain/mapping/checks/mistake.ts';

const LARGEST = 1024 * 1024;

/** Tags of YAML's core schema that would make something else of what is written: `1.10` stays `1.10`. */
const NOT_TEXT = /:(int|float|bool)$/;

/**
 * The text of a file that a person named.
 *
 * @throws RevsyncError `FILE_UNREADABLE`
 */
export async function readTextFile(file: string): Promise<string> {
  try {
    const { size } = await stat(file);
    if (size > LARGEST) throw unreadable(file, `it is larger than ${LARGEST} bytes`);
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof RevsyncError) throw error;
    const missing = (error as { code?: unknown } | null)?.code === 'ENOENT';
    throw unreadable(file, missing ? 'there is none' : reasonOf(error));
  }
}

function unreadable(file: string, why: string): RevsyncError {
  return new RevsyncError(`The file ${file} cannot be read: ${why}.`, {
    code: 'FILE_UNREADABLE',
    fate: 'fix-input',
    remedy: 'Name a file of YAML, JSON or CSV that you may read.',
  });
}

/** What YAML or JSON says, numbers as they are written; or why it is neither. */
export function parseTemplateText(text: string): { readonly input: unknown } | { readonly mistake: Mistake } {
  try {
    const document = parseDocument(text, { schema: 'core', customTags: withoutNumbers, uniqueKeys: true });
    const [error] = document.errors;
    if (error === undefined) return { input: document.toJS({ maxAliasCount: 100 }) as unknown };
    return { mistake: neither(reasonOf(error).replace(/:$/, '')) };
  } catch (error) {
    return { mistake: neither(reasonOf(error)) };
  }
}

const withoutNumbers = (tags: Tags): Tags =>
  tags.filter((tag) => typeof tag === 'string' || !NOT_TEXT.test(tag.tag));

const neither = (why: string): Mistake => ({
  path: '',
  message: `The file is neither YAML nor JSON: ${why}.`,
  suggestion: 'Put text with a colon or a quote in it in quotes, and indent with spaces.',
});
