import { sql } from 'kysely';

import { RevsyncError } from '../../domain/errors.ts';
import type { Mistake } from '../../domain/mapping/checks/mistake.ts';
import { nearestName } from '../../domain/nearest-name.ts';
import { setupKind } from '../../domain/setups/kinds.ts';
import type { SetupKind } from '../../domain/setups/setup-kind.ts';
import type { Db } from '../database.ts';
import { instantText } from '../instant-text.ts';

export const SETUP_STATUSES = ['draft', 'checked', 'frozen', 'default'] as const;
export type SetupStatus = (typeof SETUP_STATUSES)[number];

/** One version of a set-up and how far it has come. */
export interface SetupVersion {
  /** `<name>@<version>`. */
  readonly id: string;
  readonly kind: SetupKind;
  readonly name: string;
  readonly version: number;
  /** Null serves every organisation that has none of its own. */
  readonly org: string | null;
  readonly status: SetupStatus;
  /** Whether it is one of revsync's own. */
  readonly seeded: boolean;
  /** Of the newest check; null before the first. */
  readonly mistakes: readonly Mistake[] | null;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly changedAt: string;
  readonly changedBy: string;
  readonly body: object;
}

export interface SetupFilter {
  readonly status?: SetupStatus | undefined;
  /** Those of this organisation, and those that serve all. */
  readonly org?: string | undefined;
}

/** Every version of a kind, by name and version. */
export async function listSetups(
  db: Db,
  kind: SetupKind,
  { status, org }: SetupFilter = {},
): Promise<SetupVersion[]> {
  let query = versions(db, kind).orderBy('name').orderBy('version');
  if (status !== undefined) query = query.where('status', '=', status);
  if (org !== undefined) query = query.where((eb) => eb.or([eb('org', 'is', null), eb('org', '=', org)]));
  return (await query.execute()).map(versionOf);
}

/** A version; the newest one of its name unless a version is given. */
export interface SetupReference {
  readonly kind: SetupKind;
  readonly name: string;
  readonly version?: number | undefined;
}

/**
 * @throws RevsyncError `SETUP_UNKNOWN`
 */
export async function findSetup(db: Db, reference: SetupReference): Promise<SetupVersion> {
  const found = await lookForSetup(db, reference);
  if (found !== undefined) return found;
  const { kind, name, version } = reference;
  const { noun, command } = setupKind(kind) ?? { noun: kind, command: kind };
  const names = new Set((await listSetups(db, kind)).map((each) => each.name));
  const near = nearestName(name, names);
  const which = names.has(name) ? `"${name}" has no version ${version}` : `There is no ${noun} "${name}"`;
  const meant = near === null || names.has(name) ? '' : ` Did you mean "${near}"?`;
  throw new RevsyncError(`${which}.${meant}`, {
    code: 'SETUP_UNKNOWN',
    fate: 'fix-input',
    remedy: `See \`revsync ${command} list\` for what there is, with its versions.`,
  });
}

/** The version, or undefined where there is none. */
export async function lookForSetup(
  db: Db,
  { kind, name, version }: SetupReference,
): Promise<SetupVersion | undefined> {
  let query = versions(db, kind).where('name', '=', name);
  if (version !== undefined) query = query.where('version', '=', version);
  const row = await query.orderBy('version', 'desc').limit(1).executeTakeFirst();
  return row && versionOf(row);
}

/** The default that an organisation goes by, or without one the default for all. */
export async function lookForDefaultSetup(
  db: Db,
  kind: SetupKind,
  org: string | null,
): Promise<SetupVersion | undefined> {
  const row = await versions(db, kind)
    .where('status', '=', 'default')
    .where((eb) => eb.or([eb('org', 'is', null), eb('org', '=', org)]))
    .orderBy(sql`org nulls last`)
    .limit(1)
    .executeTakeFirst();
  return row && versionOf(row);
}

const versions = (db: Db, kind: SetupKind) =>
  db
    .selectFrom('revenue.setup')
    .select(['kind', 'name', 'version', 'org', 'status', 'seeded', 'mistakes', 'body'])
    .select(['created_by as createdBy', 'changed_by as changedBy'])
    .select([
      instantText(sql.ref('created_at')).as('createdAt'),
      instantText(sql.ref('changed_at')).as('changedAt'),
    ])
    .where('kind', '=', kind);

type Row = Awaited<ReturnType<ReturnType<typeof versions>['executeTakeFirstOrThrow']>>;

function versionOf({ mistakes, ...row }: Row): SetupVersion {
  return { id: `${row.name}@${row.version}`, ...row, mistakes: mistakes as readonly Mistake[] | null };
}
