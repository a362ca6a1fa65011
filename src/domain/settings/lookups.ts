import { RevsyncError } from '../errors.ts';
import { fromDate } from '../instant-on/from-date.ts';
import { nearestName } from '../nearest-name.ts';
import { type KnownProfile, refuseOther } from './profiles.ts';

export const ENTITIES_LOOKUP = 'RPRO_KS_ZUORA_ENTITIES';
export const ZONES_LOOKUP = 'RPRO_KS_ZUORA_ENTITIES_TIMEZONE';
export const SYNC_LOOKUP = 'AUTO_REVENUE_SYNC';

/** Codes of `AUTO_REVENUE_SYNC` (domain.md 5.1) and what each may be. */
const SYNC_CODES: Readonly<Record<string, KnownProfile['allowed']>> = {
  Auto_Collect: ['Y', 'N'],
  RevenueSync_Duration: { pattern: /^[1-9]\d{0,5}$/, words: 'seconds, 1 to 999999' },
  RevenueSync_FromDate: {
    pattern: /^\d{2}-[A-Z]{3}-\d{4} \d{2}:\d{2}:\d{2}$/,
    words: 'a time as 01-JAN-2021 00:00:00',
  },
  ROLE_ID: { pattern: /^[A-Za-z0-9._ -]{1,64}$/, words: 'the id of a role' },
};

/** These follow the mapping of entities to organisations, and nothing else. */
const MAPPED: readonly string[] = [ENTITIES_LOOKUP, ZONES_LOOKUP];

const KNOWN = [SYNC_LOOKUP, ...MAPPED];

/**
 * What a person means by a name: a profile, or a code of a lookup, also as `AUTO_REVENUE_SYNC.Auto_Collect`, or, since no
 * profile is called so, `Auto_Collect` alone.
 */
export function settingNamed(name: string, code: string | null): { name: string; code: string | null } {
  if (code !== null) return { name, code };
  if (Object.hasOwn(SYNC_CODES, name)) return { name: SYNC_LOOKUP, code: name };
  const [, lookup, ofLookup] = /^([^.]+)\.(.+)$/.exec(name) ?? [];
  return lookup === undefined ? { name, code } : { name: lookup, code: ofLookup ?? null };
}

/**
 * Looks whether a code of a lookup may be set to a value. Lookups of the tenant's own, whose codes validation rules
 * look for, take any; `own` are those there are, and `isNew` allows for another one.
 *
 * @throws RevsyncError `LOOKUP_UNKNOWN`, `LOOKUP_FOLLOWS_MAPPING`, `PROFILE_VALUE_REFUSED`
 */
export function requireLookup(
  { lookup, code, value }: { lookup: string; code: string; value: string },
  own: readonly string[],
  isNew: boolean,
): void {
  if (MAPPED.includes(lookup)) throw mapped(lookup);
  if (lookup === SYNC_LOOKUP) {
    const allowed = SYNC_CODES[code];
    if (allowed === undefined) throw unknown(`${lookup} has no code ${code}`, code, Object.keys(SYNC_CODES));
    refuseOther(`${lookup} ${code}`, allowed, value);
    if (code === 'RevenueSync_FromDate') requireTime(`${lookup} ${code}`, value);
    return;
  }
  if (own.includes(lookup)) return;
  if (isNew && /^[A-Za-z][A-Za-z0-9_]{0,99}$/.test(lookup)) return;
  throw unknown(`There is no lookup ${lookup}`, lookup, [...new Set([...KNOWN, ...own])]);
}

/** Has the form of a time: a loop would stand still at one that no calendar has, and that it cannot read. */
function requireTime(subject: string, value: string): void {
  // Which times there are depends on no zone.
  if (fromDate(value, 'UTC') !== null) return;
  throw new RevsyncError(`${subject} cannot be "${value}": there is no such time, or it is before 1900.`, {
    code: 'PROFILE_VALUE_REFUSED',
    fate: 'fix-input',
    remedy: 'It takes a time that the calendar has, from 1900 on, as 01-JAN-2021 00:00:00.',
  });
}

function mapped(lookup: string): RevsyncError {
  return new RevsyncError(`${lookup} follows the mapping of entities to organisations.`, {
    code: 'LOOKUP_FOLLOWS_MAPPING',
    fate: 'fix-input',
    remedy: 'Map the entity to the organisation instead; the next `revsync settings run` writes it here.',
  });
}

function unknown(message: string, written: string, names: readonly string[]): RevsyncError {
  const near = nearestName(written, names);
  const own = 'A lookup of your own that is new takes --new.';
  return new RevsyncError(`${message}.`, {
    code: 'LOOKUP_UNKNOWN',
    fate: 'fix-input',
    remedy: near === null ? `There are ${names.join(', ')}. ${own}` : `Did you mean ${near}? ${own}`,
  });
}
