import { existsSync, readFileSync } from 'node:fs';

import { z } from 'zod';

import { RevsyncError, reasonOf } from '../../domain/errors.ts';
import { addMonths, dayText, parseDay } from './generate/days.ts';
import { type Trip, isTrip, tripMistake } from './generate/trips.ts';

/** What a generated tenant is made of. The same spec gives the same tenant on every machine. */
export interface TenantSpec {
  /** Invoice items. */
  readonly items: number;
  readonly seed: number;
  /** 1: no Multi-entity; more: that many entities under a parent. */
  readonly entities: number;
  /** The first is the home currency. */
  readonly currencies: readonly [string, ...string[]];
  /** Nothing is older than this day, nothing was created or changed on `until` or later. */
  readonly from: string;
  readonly until: string;
  /** Invoice Settlement: memos instead of adjustments. */
  readonly settlement: boolean;
  /** Which interface tells contractual values of charges: AQuA too, Data Query alone, or none. */
  readonly ccv: (typeof VALUE_SOURCES)[number];
  /** Known limitations that the tenant is to run into. */
  readonly trip: readonly Trip[];
  /** Nothing but what `trip` names runs into a known limitation. */
  readonly plain: boolean;
}

const VALUE_SOURCES = ['aqua', 'data-query', 'none'] as const;

export const DEFAULT_SPEC: TenantSpec = {
  items: 1000,
  seed: 1,
  entities: 1,
  currencies: ['USD'],
  from: '2024-01-01',
  until: '2025-07-01',
  settlement: false,
  ccv: 'aqua',
  trip: [],
  plain: false,
};

const MONTHS = 18;
const KEYS = Object.keys(DEFAULT_SPEC);
const LISTS = ['currencies', 'trip'];

/**
 * Reads `items=1000,seed=1,currencies=USD,EUR`, in which a bare word belongs to the list before it,
 * or the path of a JSON file with the same keys. Names every mistake at once.
 */
export function parseTenantSpec(text: string): TenantSpec {
  const mistakes: string[] = [];
  const given = text.trim().endsWith('.json') ? fromFile(text.trim()) : fromText(text, mistakes);
  for (const key of Object.keys(given)) {
    if (!KEYS.includes(key)) mistakes.push(`there is no key '${key}' (there are ${KEYS.join(', ')})`);
  }
  const known = Object.fromEntries(Object.entries(given).filter(([key]) => KEYS.includes(key)));
  const parsed = SPEC.safeParse(known);
  if (!parsed.success) {
    mistakes.push(
      ...parsed.error.issues.map((issue) => `${issue.path[0]?.toString() ?? 'spec'} ${issue.message}`),
    );
  }
  if (mistakes.length > 0 || !parsed.success) throw invalid(mistakes);
  return parsed.data;
}

/** The spec as text that `parseTenantSpec` reads. */
export function specText(spec: TenantSpec): string {
  const { items, seed, entities, currencies, from, until, settlement, ccv, trip, plain } = spec;
  const text = `items=${items},seed=${seed},entities=${entities},currencies=${currencies.join('+')},from=${from},until=${until}`;
  const extras = `${settlement ? ',settlement=on' : ''}${plain ? ',plain=on' : ''}${ccv === DEFAULT_SPEC.ccv ? '' : `,ccv=${ccv}`}`;
  return `${text}${extras}${trip.length > 0 ? `,trip=${trip.join('+')}` : ''}`;
}

function fromText(text: string, mistakes: string[]): Record<string, string> {
  const given: Record<string, string> = {};
  let last = '';
  for (const part of text.split(',').map((word) => word.trim())) {
    const [key = '', ...value] = part.split('=');
    if (value.length > 0) {
      if (key in given) mistakes.push(`'${key}' is given twice`);
      given[(last = key)] = value.join('=');
    } else if (part !== '' && LISTS.includes(last)) {
      given[last] += `+${part}`;
    } else if (part !== '') {
      mistakes.push(`'${part}' is not of the form key=value`);
    }
  }
  return given;
}

function fromFile(path: string): Record<string, unknown> {
  if (!existsSync(path)) throw invalid([`there is no file ${path}`]);
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    throw invalid([`${path} is not a JSON object: ${reasonOf(error)}`]);
  }
}

function invalid(mistakes: readonly string[]): RevsyncError {
  return new RevsyncError(`The sandbox tenant cannot be generated: ${mistakes.join('; ')}.`, {
    code: 'SANDBOX_SPEC_INVALID',
    fate: 'fix-input',
    remedy: `Give it like items=1000,seed=1,entities=1,currencies=USD,from=2024-01-01, or name a JSON file with these keys.`,
  });
}

const whole = (least: number, most: number) => {
  const range = `must be a whole number from ${least} to ${most}`;
  return z
    .union(
      [
        z.number(),
        z
          .string()
          .regex(/^\d{1,10}$/, range)
          .transform(Number),
      ],
      range,
    )
    .refine((value) => Number.isInteger(value) && value >= least && value <= most, range);
};

const words = z.union(
  [
    z.array(z.string()),
    z.string().transform((text) => text.split(/[+|;,\s]+/).filter((word) => word !== '')),
  ],
  'must be a list of words',
);

const day = z.string('must be a day').refine((text) => !Number.isNaN(parseDay(text)), {
  error: 'must be a day of the calendar, like 2024-01-31',
});

const CURRENCIES = new Set(Intl.supportedValuesOf('currency'));

const onOrOff = z.union(
  [z.boolean(), z.enum(['on', 'off']).transform((text) => text === 'on')],
  'must be on or off',
);

const SPEC = z
  .object({
    items: whole(1, 10_000_000).default(DEFAULT_SPEC.items),
    seed: whole(0, 2_147_483_647).default(DEFAULT_SPEC.seed),
    entities: whole(1, 50).default(DEFAULT_SPEC.entities),
    currencies: words
      .default(['USD'])
      .refine((list) => list.length > 0 && list.every((code) => CURRENCIES.has(code)), {
        error: 'must be currency codes of ISO 4217, like USD+EUR',
      })
      .transform((list): [string, ...string[]] => [list[0] ?? 'USD', ...list.slice(1)]),
    from: day.default(DEFAULT_SPEC.from),
    until: day.optional(),
    settlement: onOrOff.default(DEFAULT_SPEC.settlement),
    plain: onOrOff.default(DEFAULT_SPEC.plain),
    ccv: z.enum(VALUE_SOURCES, `must be one of ${VALUE_SOURCES.join(', ')}`).default(DEFAULT_SPEC.ccv),
    trip: words
      .default([])
      .superRefine((list, context) => {
        const message = tripMistake(list);
        if (message !== null) context.addIssue({ code: 'custom', message });
      })
      .transform((list) => list.filter(isTrip)),
  })
  .transform((spec) => ({ ...spec, until: spec.until ?? dayText(addMonths(parseDay(spec.from), MONTHS)) }))
  .refine((spec) => addMonths(parseDay(spec.from), 3) <= parseDay(spec.until), {
    path: ['until'],
    error: 'must be at least three months after from',
  })
  .refine((spec) => parseDay(spec.until) <= addMonths(parseDay(spec.from), 120), {
    path: ['until'],
    error: 'must be at most ten years after from',
  });
