import { z } from 'zod';

import { CURRENCY_CODES } from '../money/minor-units.ts';
import { listedNames, shortName } from './listed-names.ts';
import type { Refusal } from './refusal.ts';
import { defineStep, type Turn } from './step.ts';

const Currency = z
  .string()
  .refine((code) => CURRENCY_CODES.includes(code), 'is no currency of ISO 4217, such as USD');

export const HomeCurrencyAnswer = z.union([
  z.strictObject({ homeCurrency: Currency }),
  z.strictObject({ currencyConversion: z.literal('off') }),
]);
export type HomeCurrencyAnswer = z.infer<typeof HomeCurrencyAnswer>;

export const STEP_03 = defineStep<HomeCurrencyAnswer>({
  step: 3,
  name: 'step-03-home-currency',
  title: 'Configure the home currency',
  asks: 'The home currency is set in Finance Settings, at the parent with Multi-entity; once set it cannot be changed.',
  kind: 'automatic',
  condition: null,
  reads: 'The home currency of every entity, as Billing tells it.',
  does: 'Looks for it until it is set, and records it; or records that Currency Conversion stays off.',
  evidence: 'The home currency of every entity, or the decision to do without.',
  gates: [],
  skip: {
    legal: false,
    why: 'lines have no functional currency without it; Currency Conversion may stay off, which is an answer',
  },
  final: 'a home currency that was taken is never changed',
  again: [],
  answer: HomeCurrencyAnswer,
  example: { homeCurrency: 'USD' },
});

/** An entity as the step has to know it. */
export interface CurrencyFacts {
  readonly entity: string;
  readonly displayName: string;
  readonly parent: string | null;
  /** Its own, else its parent's; null: none, or not told. */
  readonly homeCurrency: string | null;
  /** Whether Billing has accounts of it; null: Billing would not tell. Asked where it has no home currency only. */
  readonly accounts: boolean | null;
  /** False: Billing does not tell its home currency to these credentials. */
  readonly readable: boolean;
}

/** Who is without a home currency and needs one. A parent without accounts has no lines; of no entity at all, all count. */
export function lackingHome(entities: readonly CurrencyFacts[]): readonly CurrencyFacts[] {
  const without = entities.filter(({ homeCurrency }) => homeCurrency === null);
  const needing = without.filter(({ accounts }) => accounts !== false);
  return needing.length === 0 && without.length === entities.length ? without : needing;
}

/** What comes next by what Billing tells; an answer that does not fit what it tells is not there for long. */
export function turnOfHome(entities: readonly CurrencyFacts[], off: { readonly by: string } | null): Turn {
  const lacking = lackingHome(entities);
  if (lacking.length === 0) return settledHome(entities);
  if (off !== null && refusalOfOff(entities) === null) return withoutHome(entities, off);
  return asksForHome(entities, lacking);
}

const MOST_IN_EVIDENCE = 20;

function settledHome(entities: readonly CurrencyFacts[]): Turn {
  const told = entities.flatMap(({ entity, homeCurrency }) =>
    homeCurrency === null ? [] : [{ entity, homeCurrency }],
  );
  const currencies = [...new Set(told.map(({ homeCurrency }) => homeCurrency))].toSorted();
  const without = entities.flatMap(({ entity, homeCurrency }) => (homeCurrency === null ? [entity] : []));
  return {
    kind: 'done',
    note: `Home ${currencies.length === 1 ? 'currency' : 'currencies'}: ${listedNames(currencies)}.`,
    evidence: {
      homeCurrencies: told.slice(0, MOST_IN_EVIDENCE),
      withoutAccounts: without.slice(0, MOST_IN_EVIDENCE),
      leftOut: Math.max(0, told.length - MOST_IN_EVIDENCE) + Math.max(0, without.length - MOST_IN_EVIDENCE),
    },
  };
}

/** Mapping document: then the invoice's currency is the functional one (design, 9 (20)). */
function withoutHome(entities: readonly CurrencyFacts[], { by }: { readonly by: string }): Turn {
  return {
    kind: 'done',
    note: 'Currency Conversion stays off: the functional currency of each line is that of its invoice.',
    evidence: {
      currencyConversion: 'off',
      functionalCurrency: 'of the invoice',
      entities: entities.slice(0, MOST_IN_EVIDENCE).map(({ entity }) => entity),
      leftOut: Math.max(0, entities.length - MOST_IN_EVIDENCE),
      decidedBy: by,
    },
  };
}

/** Where it is set, in the words of the page of Billing. */
const WHERE =
  'In Billing, at the top right: your user name > Finance > Manage Currency Conversion > Home Currency';

function asksForHome(entities: readonly CurrencyFacts[], lacking: readonly CurrencyFacts[]): Turn {
  const unreadable = lacking.filter(({ readable }) => !readable);
  const parents = entities.filter(({ parent }) => parent === null);
  return {
    kind: 'ask',
    message: `Billing tells no home currency of ${namesOf(lacking)}. It is the functional currency of every line, and is looked for until it is set.`,
    remedy: [
      `${WHERE}${entities.length > 1 ? `, in the parent entity (${namesOf(parents)})` : ''}.`,
      'The page is there only when Currency Conversion is enabled. Once set it cannot be changed.',
      ...(unreadable.length === 0
        ? []
        : [
            `The settings of ${namesOf(unreadable)} may not be read: give the integration user access to them.`,
          ]),
      'To look at once, answer with the currency that you set. Where Currency Conversion stays off, answer {"currencyConversion": "off"}: then the currency of each invoice is the functional one.',
    ].join(' '),
    value: { homeCurrency: 'USD' },
    polls: true,
  };
}

/** Why an answer does not fit what Billing tells; null: it does. */
export function refusalOfHome(
  answer: HomeCurrencyAnswer,
  entities: readonly CurrencyFacts[],
): Refusal | null {
  if ('currencyConversion' in answer) return refusalOfOff(entities);
  const lacking = lackingHome(entities);
  if (lacking.length > 0) {
    return {
      refusal: `Billing tells no home currency of ${namesOf(lacking)} yet. ${WHERE}; then answer again, or wait: it is looked for.`,
      value: { homeCurrency: answer.homeCurrency },
    };
  }
  const told = currenciesTold(entities);
  if (told.includes(answer.homeCurrency)) return null;
  return {
    refusal: `Billing says ${listedNames(told)}, and it cannot be changed there.`,
    value: { homeCurrency: told[0] ?? answer.homeCurrency },
  };
}

/** It is set at the parent; where that has none, entities have their own. */
function currenciesTold(entities: readonly CurrencyFacts[]): readonly string[] {
  const ofParents = entities.filter(({ parent, homeCurrency }) => parent === null && homeCurrency !== null);
  const counted = ofParents.length > 0 ? ofParents : entities;
  return [
    ...new Set(counted.flatMap(({ homeCurrency }) => (homeCurrency === null ? [] : [homeCurrency]))),
  ].toSorted();
}

function refusalOfOff(entities: readonly CurrencyFacts[]): Refusal | null {
  const told = currenciesTold(entities);
  const [first] = told;
  if (first !== undefined) {
    const lacking = lackingHome(entities);
    const still = lacking.length === 0 ? '' : ` Set it for ${namesOf(lacking)} as well: ${WHERE}.`;
    return {
      refusal: `Billing has a home currency, ${listedNames(told)}, so Currency Conversion is on.${still}`,
      value: { homeCurrency: first },
    };
  }
  const unreadable = entities.filter(({ readable }) => !readable);
  if (unreadable.length === 0) return null;
  return {
    refusal: `Whether ${namesOf(unreadable)} has a home currency is not known: the credentials may not read its settings. Give the integration user access to them.`,
    value: { currencyConversion: 'off' },
  };
}

const namesOf = (entities: readonly CurrencyFacts[]): string =>
  listedNames(entities.map(({ displayName }) => shortName(displayName)));
