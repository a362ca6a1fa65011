import type { z } from 'zod';

import type { Mistake } from '../mapping/checks/mistake.ts';
import { MappingFile, type MappableEntity, type Mapped, readMapping } from '../tenancy/mapping.ts';
import { listedNames, shortName } from './listed-names.ts';
import type { Refusal } from './refusal.ts';
import { defineStep, type JsonObject, type Turn } from './step.ts';

export type EntitiesAnswer = z.infer<typeof MappingFile>;

export const STEP_02 = defineStep<EntitiesAnswer>({
  step: 2,
  name: 'step-02-entities',
  title: 'Map entities to organisations',
  asks: 'With several entities in Billing, each is mapped to an organisation of Revenue, whose people alone see it.',
  kind: 'human',
  condition: 'Billing lists several entities (Multi-entity).',
  reads: 'The entities that Billing lists, and which of them have accounts.',
  does: 'Proposes an organisation for each entity, checks the mapping against Billing, and writes it.',
  evidence: 'The mapping, entity by entity, as it was and as it is.',
  gates: [],
  skip: { legal: false, why: 'every entity belongs to one organisation from its first run on, for good' },
  final: null,
  again: [4, 5, 6, 8, 9],
  answer: MappingFile,
  example: { mapping: [{ entity: 'Acme US', org: 'AMER' }] },
});

/** A value is shown on the page and pasted from there. */
const LONGEST_VALUE = 6_000;
const MOST_MISTAKES = 10;
const MOST_IN_EVIDENCE = 20;

/** Reads an answer with all that is wrong with it: every entity that may have accounts has to be in it. */
export const readAnswer = (answer: EntitiesAnswer, known: readonly MappableEntity[]) =>
  readMapping(answer, known, { whole: true });

/** Asks for the organisations, and proposes those that the entities are in. */
export function asksForMapping(known: readonly MappableEntity[]): Turn {
  const { value, leftOut } = shownMapping(needed(known).map(({ entity, org }) => ({ entity, org })));
  const bare = known.filter(({ accounts }) => accounts === false);
  return {
    kind: 'ask',
    message: `Billing lists ${known.length === 1 ? 'one entity' : `${known.length} entities`}. Say which organisation of Revenue each belongs to: whoever sees an organisation sees its entities and no others.`,
    remedy: [
      'The JSON has the organisations they are in now; one organisation may have several entities.',
      ...(bare.length === 0
        ? []
        : [
            `Without accounts, and may be left out: ${listedNames(bare.map(({ displayName }) => shortName(displayName)))}.`,
          ]),
      ...cutText(leftOut),
      'From its first run on an entity stays where it is.',
    ].join(' '),
    value,
    polls: false,
  };
}

const cutText = (leftOut: number): string[] =>
  leftOut === 0
    ? []
    : [
        `The JSON would be too long with all of them: ${leftOut} more have to be in the answer. revsync entity list has their keys, and revsync enable answer takes a file.`,
      ];

/** Why a mapping is not taken: all that is wrong with it. Null: it is right. */
export function refusalOfMapping(answer: EntitiesAnswer, known: readonly MappableEntity[]): Refusal | null {
  const read = readAnswer(answer, known);
  if (!('mistakes' in read)) return null;
  const { value, leftOut } = shownMapping(corrected(answer, known));
  const refusal = [mistakesText(read.mistakes), ...cutText(leftOut)].join(' ');
  return { refusal, value };
}

/** What an answer that was taken came to, when it is no longer right: something changed meanwhile. */
export function asksAgain(refusal: Refusal): Turn {
  return {
    kind: 'ask',
    message: 'The mapping that was answered fits no longer: entities changed since.',
    remedy: refusal.refusal,
    value: refusal.value,
    polls: false,
  };
}

function mistakesText(mistakes: readonly Mistake[]): string {
  const shown = mistakes.slice(0, MOST_MISTAKES).map(({ message, suggestion }) => `${message} ${suggestion}`);
  const more = mistakes.length - shown.length;
  return [...shown, ...(more > 0 ? [`And ${more} more mistakes.`] : [])].join(' ');
}

const needed = (known: readonly MappableEntity[]): readonly MappableEntity[] =>
  known.filter(({ accounts }) => accounts !== false);

interface Entry {
  readonly entity: string;
  readonly org: string;
  readonly name?: string;
}

/** The answer as far as it is right, entry by entry, and the present organisations for the rest. */
function corrected(answer: EntitiesAnswer, known: readonly MappableEntity[]): Entry[] {
  const right = new Map<string, Mapped>();
  for (const entry of answer.mapping) {
    const mapped = rightOnItsOwn(entry, known);
    if (mapped !== null && !right.has(mapped.entity)) right.set(mapped.entity, mapped);
  }
  // An organisation has one name: the first that somebody gave it.
  const names = new Map(
    [...right.values()].toReversed().flatMap(({ org, name }) => (name === null ? [] : [[org, name]])),
  );
  return known.flatMap(({ entity, org: present, accounts }) => {
    const org = right.get(entity)?.org;
    if (org === undefined) return accounts === false ? [] : [{ entity, org: present }];
    const name = names.get(org);
    return [{ entity, org, ...(name === undefined ? {} : { name }) }];
  });
}

function rightOnItsOwn(
  entry: EntitiesAnswer['mapping'][number],
  known: readonly MappableEntity[],
): Mapped | null {
  const read = readMapping({ mapping: [entry] }, known, { whole: false });
  return 'mapping' in read ? (read.mapping[0] ?? null) : null;
}

/** A mapping as JSON, cut where it would be too long to be pasted. */
function shownMapping(entries: readonly Entry[]): { readonly value: JsonObject; readonly leftOut: number } {
  let length = 0;
  const shown = entries.filter((entry) => {
    length += JSON.stringify(entry).length + 1;
    return length <= LONGEST_VALUE;
  });
  return { value: { mapping: shown.map((entry) => ({ ...entry })) }, leftOut: entries.length - shown.length };
}

/** What became of an entity that was mapped. */
export interface MappedFrom extends Pick<Mapped, 'entity' | 'org'> {
  readonly was: string;
}

/** The entities are where they were wanted. */
export function mappedTurn(
  mapped: readonly MappedFrom[],
  known: readonly MappableEntity[],
  by: string,
): Turn {
  const named = new Set(mapped.map(({ entity }) => entity));
  const unmapped = known.filter(({ entity }) => !named.has(entity)).map(({ entity }) => entity);
  const orgs = new Set(mapped.map(({ org }) => org));
  return {
    kind: 'done',
    note: `Mapped: ${listedNames(mapped.map(({ entity, org }) => `${entity} to ${org}`))}.`,
    evidence: {
      entities: String(known.length),
      organizations: String(orgs.size),
      mapping: mapped.slice(0, MOST_IN_EVIDENCE).map(({ entity, org, was }) => ({ entity, org, was })),
      notMapped: unmapped.slice(0, MOST_IN_EVIDENCE),
      leftOut:
        Math.max(0, mapped.length - MOST_IN_EVIDENCE) + Math.max(0, unmapped.length - MOST_IN_EVIDENCE),
      by,
    },
  };
}

/** Billing lists no entities. */
export const ONE_ENTITY: Turn = {
  kind: 'not-applicable',
  note: 'Billing lists no entities: the tenant is one, in one organisation.',
  evidence: { entities: '1' },
};
