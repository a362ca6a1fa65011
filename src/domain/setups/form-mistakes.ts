import type { z } from 'zod';

import type { Mistake } from '../mapping/checks/mistake.ts';
import { nearestName } from '../nearest-name.ts';
import { keysAt } from './keys-at.ts';

export type Path = readonly PropertyKey[];

/** How a file is called, and what to write where something is missing, by its name or `otherwise`. */
export interface FormWords {
  readonly noun: string;
  readonly otherwise: string;
  readonly examples: Readonly<Record<string, string>>;
}

/** What keeps an input from having the form of a schema, in words. */
export function formMistakes(
  schema: z.ZodType,
  input: unknown,
  words: FormWords,
): { readonly at: Path; readonly mistake: Mistake }[] {
  const parsed = schema.safeParse(input, { reportInput: true });
  if (parsed.success) return [];
  return parsed.error.issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({
        at: [...issue.path, key],
        mistake: unknownKey(schema, issue.path, key),
      }));
    }
    return [{ at: issue.path, mistake: mistakeOf(issue, words) }];
  });
}

function mistakeOf(issue: z.core.$ZodIssue, { noun, otherwise, examples }: FormWords): Mistake {
  const path = pathText(issue.path);
  const name = path === '' ? `The ${noun}` : path;
  const lastName = issue.path.findLast((part) => typeof part === 'string') ?? '';
  const suggestion = examples[String(lastName)] ?? otherwise;
  const input = writtenAt(issue);
  if (input === undefined || input === null) {
    return { path, message: `${name} is missing.`, suggestion };
  }
  const values = choicesOf(issue);
  if (values === null) return { path, message: `${name} ${saysOf(issue)}.`, suggestion };
  const written = textOf(input);
  const near = nearestName(written, values);
  return {
    path,
    message: `${name} cannot be ${JSON.stringify(written)}.`,
    suggestion: near === null ? `Write one of ${values.join(', ')}.` : `Did you mean ${near}?`,
  };
}

/** What is written in the place; of alternatives told apart by one of their names, in that name. */
function writtenAt(issue: z.core.$ZodIssue): unknown {
  if (issue.code !== 'invalid_union' || issue.discriminator === undefined) return issue.input;
  return (issue.input as Readonly<Record<string, unknown>>)[issue.discriminator];
}

/** The words that could stand there; null where not just a few could. */
function choicesOf(issue: z.core.$ZodIssue): string[] | null {
  if (issue.code === 'invalid_value') return issue.values.map(String);
  if (issue.code === 'invalid_union' && 'options' in issue) return (issue.options ?? []).map(String);
  return null;
}

const textOf = (input: unknown): string => (typeof input === 'string' ? input : JSON.stringify(input));

const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  array: 'a list',
  object: 'an object with names and values',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
};

function saysOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') return `has to be ${KINDS[issue.expected] ?? `a ${issue.expected}`}`;
  if (issue.code === 'too_small') {
    return issue.origin === 'number' ? `is less than ${String(issue.minimum)}` : 'is empty';
  }
  if (issue.code === 'too_big') {
    return `is ${issue.origin === 'number' ? 'more' : 'longer'} than ${String(issue.maximum)}`;
  }
  return issue.message;
}

function unknownKey(schema: z.ZodType, at: Path, key: string): Mistake {
  const known = keysAt(schema, at).filter((name) => !name.startsWith('$'));
  const near = nearestName(key, known);
  return {
    path: pathText([...at, key]),
    message: `There is no ${key} here.`,
    suggestion: near === null ? `Write one of ${known.join(', ')}.` : `Did you mean ${near}?`,
  };
}

/** `rules[2].keys[0]`. */
export const pathText = (at: Path): string =>
  at.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? String(part) : `${text}.${String(part)}`;
  }, '');
