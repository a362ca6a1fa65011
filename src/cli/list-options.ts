import { type Command, Option } from 'commander';

import { RevsyncError } from '../domain/errors.ts';
import type { Db } from '../store/database.ts';
import { findEntity, listOrganizations } from '../store/tenancy.ts';

/** What every list takes. */
export interface ListOptions {
  readonly json?: boolean;
  readonly org?: string;
  readonly limit?: number;
  readonly after?: string;
}

/** Adds the options of a list; `id` says what `--after` names. */
export function withListOptions(command: Command, id: string): Command {
  return command
    .option('--org <org>', 'only this organisation')
    .option('--limit <n>', 'at most that many', (text) => wholeNumber('--limit', text))
    .option('--after <id>', `go on after this ${id}`)
    .option('--json', 'print one JSON document');
}

/** An option that takes one of a few words. */
export function choice(flags: string, description: string, words: readonly string[]): Option {
  return new Option(flags, description).choices(words);
}

/**
 * A positive whole number.
 *
 * @throws RevsyncError `USAGE`
 */
export function wholeNumber(option: string, text: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw usage(`${option} takes a positive whole number, not "${text}".`, `Give for example ${option} 100.`);
}

/**
 * The number after which a numbered list goes on.
 *
 * @throws RevsyncError `USAGE`
 */
export function numberAfter(after: string | undefined): string | undefined {
  if (after === undefined || /^\d{1,18}$/.test(after)) return after;
  throw usage(
    `--after takes an id of this list, a number, not "${after}".`,
    'Give the last id you have seen.',
  );
}

/**
 * The key of the entity named by key, Billing id or display name; undefined stays undefined.
 *
 * @throws RevsyncError `ENTITY_UNKNOWN`
 */
export async function entityKey(db: Db, name: string | undefined): Promise<string | undefined> {
  return name === undefined ? undefined : (await findEntity(db, name)).entity;
}

/**
 * The organisation asked for, when there is one of that key; undefined stays undefined.
 *
 * @throws RevsyncError `ORGANIZATION_UNKNOWN`
 */
export async function knownOrg(db: Db, org: string | undefined): Promise<string | undefined> {
  if (org === undefined) return undefined;
  const orgs = await listOrganizations(db);
  if (orgs.includes(org)) return org;
  throw new RevsyncError(`There is no organisation "${org}" (known: ${orgs.join(', ') || 'none yet'}).`, {
    code: 'ORGANIZATION_UNKNOWN',
    fate: 'fix-input',
    remedy: 'Name one of the known organisations by its key.',
  });
}

/**
 * The organisation asked for, or the only one.
 *
 * @throws RevsyncError `ORGANIZATION_UNKNOWN`, `ORGANIZATION_NEEDED`
 */
export async function oneOrg(db: Db, org: string | undefined): Promise<string> {
  const asked = await knownOrg(db, org);
  if (asked !== undefined) return asked;
  const orgs = await listOrganizations(db);
  const [only] = orgs;
  if (only !== undefined && orgs.length === 1) return only;
  const none = only === undefined;
  throw new RevsyncError(
    none ? 'There is no organisation yet.' : `There are several organisations: ${orgs.join(', ')}.`,
    {
      code: 'ORGANIZATION_NEEDED',
      fate: 'fix-input',
      remedy: none ? 'Run a sync first: it learns the organisations.' : 'Say which one with --org.',
    },
  );
}

function usage(message: string, remedy: string): RevsyncError {
  return new RevsyncError(message, { code: 'USAGE', fate: 'fix-input', remedy });
}
