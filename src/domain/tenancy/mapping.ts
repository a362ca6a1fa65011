import { z } from 'zod';

import type { Mistake } from '../mapping/checks/mistake.ts';
import { nearestName } from '../nearest-name.ts';
import { plainText } from '../plain-text.ts';
import { formMistakes } from '../setups/form-mistakes.ts';
import { ORG_KEY, slug } from './naming.ts';

/** The answer of enablement step 2: which entity belongs to which organisation (interface, Files). */
export const MappingFile = z.strictObject({
  mapping: z
    .array(
      z.strictObject({
        /** Key, Billing id or display name. */
        entity: plainText().min(1).max(500),
        /** Key of the organisation. */
        org: plainText().min(1).max(500),
        /** What people call the organisation; the name of its first entity unless said. */
        name: plainText().trim().min(1).max(200).optional(),
      }),
    )
    .min(1)
    .max(10_000),
});

/** An entity as the check of a mapping has to know it. */
export interface MappableEntity {
  readonly entity: string;
  readonly billingId: string | null;
  readonly displayName: string;
  /** The organisation it belongs to now. */
  readonly org: string;
  /** Whether Billing has accounts of it; null: Billing would not tell. */
  readonly accounts: boolean | null;
  /** What it has under its organisation already, such as `control.run`; then that stays its organisation. */
  readonly kept: readonly string[];
}

/** What an entity has under its organisation, in words: after a run that is a table of every object. */
export const keptText = (kept: readonly string[]): string =>
  kept.includes('control.run') ? 'runs, and what they brought' : `rows in ${kept.join(', ')}`;

/** An entity's organisation as somebody chose it. */
export interface Mapped {
  readonly entity: string;
  readonly org: string;
  /** Null: nobody said. */
  readonly name: string | null;
}

interface CheckOptions {
  /** Whether every entity with accounts has to be named: the answer of step 2 is whole, a single change is not. */
  readonly whole: boolean;
}

const EXAMPLES = {
  mapping: 'For example [{"entity": "...", "org": "..."}].',
  entity: 'Write its key, its Billing id or its display name.',
  org: 'Write the key of the organisation: letters, digits, dot, hyphen, underscore, at most 64.',
};

/**
 * Reads a mapping of entities to organisations: one to one or many to one, never one to many. Answers what it says,
 * or all that is wrong with it.
 */
export function readMapping(
  input: unknown,
  known: readonly MappableEntity[],
  options: CheckOptions,
): { readonly mapping: readonly Mapped[] } | { readonly mistakes: readonly Mistake[] } {
  const parsed = MappingFile.safeParse(input);
  if (!parsed.success) {
    const words = { noun: 'mapping', otherwise: EXAMPLES.mapping, examples: EXAMPLES };
    return { mistakes: formMistakes(MappingFile, input, words).map(({ mistake }) => mistake) };
  }
  const entries = parsed.data.mapping.map((entry, at): Entry => {
    const named = entitiesNamed(entry.entity, known);
    return { at, written: entry, found: named.length === 1 ? (named[0] ?? null) : null, named: named.length };
  });
  const mistakes = [
    ...entries.flatMap((entry) => [...entityMistakes(entry, known), ...orgMistakes(entry)]),
    ...twiceMapped(entries),
    ...twiceNamed(entries),
    ...entries.flatMap(movedAway),
    ...(options.whole ? leftOut(entries, known) : []),
  ];
  if (mistakes.length > 0) return { mistakes };
  const mapping = entries.flatMap(({ found, written: { org, name } }) =>
    found === null ? [] : [{ entity: found.entity, org, name: name ?? null }],
  );
  return { mapping: [...new Map(mapping.map((each) => [each.entity, each])).values()] };
}

interface Entry {
  readonly at: number;
  readonly written: z.infer<typeof MappingFile>['mapping'][number];
  readonly found: MappableEntity | null;
  /** How many entities are called so. */
  readonly named: number;
}

/** By key, else by Billing id, else by display name, which several may have. */
function entitiesNamed(name: string, known: readonly MappableEntity[]): readonly MappableEntity[] {
  for (const part of ['entity', 'billingId', 'displayName'] as const) {
    const found = known.filter((each) => each[part] === name);
    if (found.length > 0) return found;
  }
  return [];
}

function entityMistakes({ at, written, named }: Entry, known: readonly MappableEntity[]): Mistake[] {
  if (named === 1) return [];
  const path = `mapping[${at}].entity`;
  const keys = known.map(({ entity }) => entity).join(', ');
  if (named > 1) {
    return [
      {
        path,
        message: `Several entities are called ${quoted(written.entity)}.`,
        suggestion: `Write one of ${keys}.`,
      },
    ];
  }
  const near = nearestName(
    written.entity,
    known.flatMap(({ entity, displayName }) => [entity, displayName]),
  );
  return [
    {
      path,
      message: `Billing has no entity ${quoted(written.entity)}.`,
      suggestion:
        near === null
          ? `Write one of ${keys || 'those that Billing has: none yet'}.`
          : `Did you mean ${near}?`,
    },
  ];
}

function orgMistakes({ at, written: { org } }: Entry): Mistake[] {
  if (ORG_KEY.test(org)) return [];
  return [
    {
      path: `mapping[${at}].org`,
      message: `${quoted(org)} cannot be the key of an organisation: letters, digits, dot, hyphen and underscore, at most 64.`,
      suggestion: `Write for example ${slug(org)}, and the name as name.`,
    },
  ];
}

/** One entity in two organisations: what it has could be in one only. */
function twiceMapped(entries: readonly Entry[]): Mistake[] {
  return entries.flatMap(({ at, found, written }) => {
    const first = entries.find((other) => found !== null && other.found === found);
    if (first === undefined || first.at === at || first.written.org === written.org) return [];
    return [
      {
        path: `mapping[${at}]`,
        message: `Entity ${found?.entity} is mapped to ${first.written.org} already; it cannot belong to ${written.org} too.`,
        suggestion: 'Map each entity to one organisation; several entities may share one.',
      },
    ];
  });
}

function twiceNamed(entries: readonly Entry[]): Mistake[] {
  return entries.flatMap(({ at, written: { org, name } }) => {
    const first = entries.find((other) => other.written.org === org && other.written.name !== undefined);
    if (name === undefined || first === undefined || first.written.name === name) return [];
    return [
      {
        path: `mapping[${at}].name`,
        message: `Organisation ${org} is called ${quoted(first.written.name ?? '')} already.`,
        suggestion: 'Name an organisation once.',
      },
    ];
  });
}

function movedAway({ at, found, written: { org } }: Entry): Mistake[] {
  if (found === null || found.org === org || found.kept.length === 0) return [];
  return [
    {
      path: `mapping[${at}].org`,
      message: `Entity ${found.entity} belongs to ${found.org} for good: everything it has is kept under its organisation, and it has ${keptText(found.kept)}.`,
      suggestion: `Write ${found.org}. Another mapping takes another database, synced from the beginning.`,
    },
  ];
}

function leftOut(entries: readonly Entry[], known: readonly MappableEntity[]): Mistake[] {
  const named = new Set(entries.map(({ found }) => found));
  return known
    .filter((each) => !named.has(each) && each.accounts !== false)
    .map(({ entity, displayName, accounts }) => ({
      path: 'mapping',
      message: `Entity ${entity} (${displayName}) is left out, and ${accounts === null ? 'may have' : 'has'} accounts in Billing.`,
      suggestion: `Add {"entity": ${quoted(entity)}, "org": "..."}; only an entity without accounts may be left out.`,
    }));
}

const quoted = (text: string): string => JSON.stringify(text);
