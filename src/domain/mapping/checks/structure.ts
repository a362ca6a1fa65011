import type { z } from 'zod';

import { nearestName } from '../../nearest-name.ts';
import { FileConstant, FilePolicies, FileRow, TemplateFile } from '../template-file.ts';
import type { Mistake } from './mistake.ts';

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** What keeps an input from having the form of a template file. */
export function structuralMistakes(input: unknown): Mistake[] {
  const parsed = TemplateFile.safeParse(input);
  return parsed.success ? [] : parsed.error.issues.flatMap((issue) => mistakesOf(issue, input));
}

function mistakesOf(issue: Issue, input: unknown): Mistake[] {
  const at = issue.path;
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey([...at, key]));
  const path = pathText(at);
  const name = path === '' ? 'The template' : path;
  if (valueAt(input, at) === undefined) {
    return [{ path, message: `${name} is missing.`, suggestion: exampleOf(at) }];
  }
  if (issue.code === 'invalid_value') {
    const values = issue.values.map(String);
    const written = String(valueAt(input, at));
    const near = nearestName(written, values);
    const suggestion = near === null ? `Write one of ${values.join(', ')}.` : `Did you mean ${near}?`;
    return [{ path, message: `${name} cannot be ${JSON.stringify(written)}.`, suggestion }];
  }
  const says = saysOf(issue);
  return [{ path, message: `${name} ${says}.`, suggestion: exampleOf(at) }];
}

const SEE_SCHEMA = 'See `revsync template schema` for the form of the file.';
const A_CONSTANT = 'For example {to: Company Code, type: Character, value: ACME}.';

/** By the last name of the path. */
const EXAMPLES: Readonly<Record<string, string>> = {
  name: 'For example name: US invoices.',
  type: 'Write one of SO, INV, IIA, CM, DM.',
  'input type': 'Write one of Character, Number, Date.',
  entity: 'Write the key of an entity, or leave it out to serve all that have no template of their own.',
  rows: 'For example rows: [{from: InvoiceItem.ChargeAmount, to: Ext Sell Price, type: Number}].',
  from: 'Write Object.Field, for example InvoiceItem.ChargeAmount.',
  to: 'Write a staging label, for example Ext Sell Price.',
  value: 'Write the value as text, for example "1.00".',
  constants: A_CONSTANT,
  defaults: A_CONSTANT,
};

function exampleOf(at: Path): string {
  const name = lastName(at);
  return EXAMPLES[name === 'type' && at.length > 1 ? 'input type' : name] ?? SEE_SCHEMA;
}

function saysOf(issue: Issue): string {
  if (issue.code === 'invalid_type') return `has to be ${KINDS[issue.expected] ?? `a ${issue.expected}`}`;
  if (issue.code === 'invalid_union') return 'has to be text or a number';
  if (issue.code === 'too_small') return 'is empty';
  return issue.code === 'too_big' ? `is longer than ${String(issue.maximum)}` : issue.message;
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  array: 'a list',
  object: 'an object with names and values',
};

function unknownKey(at: Path): Mistake {
  const path = pathText(at);
  const key = lastName(at);
  const [section] = at;
  const known = Object.keys(
    at.length === 1
      ? TemplateFile.shape
      : section === 'rows'
        ? FileRow.shape
        : section === 'policies'
          ? FilePolicies.shape
          : FileConstant.shape,
  ).filter((name) => !name.startsWith('$'));
  const near = nearestName(key, known);
  return {
    path,
    message: `There is no ${key} here.`,
    suggestion: near === null ? `Write one of ${known.join(', ')}.` : `Did you mean ${near}?`,
  };
}

const lastName = (at: Path): string => String(at.findLast((part) => typeof part === 'string') ?? '');

const pathText = (at: Path): string =>
  at.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? String(part) : `${text}.${String(part)}`;
  }, '');

function valueAt(input: unknown, at: Path): unknown {
  return at.reduce<unknown>(
    (value, part) =>
      typeof value === 'object' && value !== null
        ? (value as Readonly<Record<PropertyKey, unknown>>)[part]
        : undefined,
    input,
  );
}
