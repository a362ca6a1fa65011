import { z } from 'zod';

import type { Mistake } from '../mapping/checks/mistake.ts';
import { nearestName } from '../nearest-name.ts';
import { formMistakes } from './form-mistakes.ts';
import { readableParts } from './readable-parts.ts';
import { type Setup, setupFile, setupOf } from './setup-file.ts';
import type { KnownNames, SetupDefinition } from './setup-kind.ts';

export interface CheckedSetup {
  /** Null when the file does not have the form of one; else it can be kept as a draft, however wrong. */
  readonly setup: Setup | null;
  /** All of them, in the order of the file; none: it may be frozen. */
  readonly mistakes: readonly Mistake[];
}

/** Checks a file, or a set-up written as one, for every mistake that can be told without lines by what is known. */
export function checkSetup(
  definition: SetupDefinition,
  input: unknown,
  known: KnownNames = {},
): CheckedSetup {
  const file = setupFile(definition);
  const form = formMistakes(file, input, {
    noun: definition.noun,
    otherwise: `See \`revsync ${definition.command} schema\` for the form of the file.`,
    examples: { name: 'For example name: Europe.', org: SERVES_ALL, ...definition.examples },
  });
  const { body, placeOf } = readableParts(definition.schema, bodyParts(definition, input));
  const beyond = body === null ? [] : definition.check(body, known);
  const mistakes = [
    ...form.map(({ mistake }) => mistake),
    ...checkOrg(isRecord(input) ? input['org'] : null, known.orgs ?? []),
    ...beyond.map((mistake) => ({ ...mistake, path: placeOf(mistake.path) })),
  ];
  const read = form.length === 0 && isRecord(input) ? setupOf(definition, input) : null;
  return { setup: read, mistakes: inFileOrder(mistakes, Object.keys(file.shape)) };
}

const SERVES_ALL =
  'Write the key of an organisation, or leave it out to serve all that have none of their own.';

/** Of what is no object nothing can be read. */
function bodyParts({ schema }: SetupDefinition, input: unknown): Record<string, unknown> {
  const parts = isRecord(input) ? Object.entries(input) : [];
  return Object.fromEntries(parts.filter(([name]) => name in schema.shape));
}

/** Before the first sync no organisation is known, and any may come. */
function checkOrg(org: unknown, orgs: readonly string[]): Mistake[] {
  if (typeof org !== 'string' || orgs.length === 0 || orgs.includes(org)) return [];
  const near = nearestName(org, orgs);
  const suggestion = near === null ? `The organisations are ${orgs.join(', ')}.` : `Did you mean ${near}?`;
  return [{ path: 'org', message: `There is no organisation ${org}.`, suggestion }];
}

/** What concerns a list as a whole comes after its elements. */
function inFileOrder(mistakes: readonly Mistake[], names: readonly string[]): Mistake[] {
  const placeOf = ({ path }: Mistake): [number, number] => {
    const [, name = '', index] = /^(\w*)(?:\[(\d+)\])?/.exec(path) ?? [];
    const at = name === '' ? -1 : names.indexOf(name);
    return [at === -1 && name !== '' ? names.length : at, index === undefined ? Infinity : Number(index)];
  };
  return mistakes.toSorted((a, b) => {
    const [[name, row], [otherName, otherRow]] = [placeOf(a), placeOf(b)];
    return name - otherName || (row === otherRow ? 0 : row - otherRow);
  });
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  z.record(z.string(), z.unknown()).safeParse(value).success;
