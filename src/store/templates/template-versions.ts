import { sql } from 'kysely';

import { RevsyncError } from '../../domain/errors.ts';
import type { Mistake } from '../../domain/mapping/checks/mistake.ts';
import { nearestName } from '../../domain/nearest-name.ts';
import {
  type BriefTemplate,
  completeTemplate,
  type TemplateType,
  type TransactionTemplate,
} from '../../domain/mapping/transaction-template.ts';
import type { Db } from '../database.ts';
import { instantText } from '../instant-text.ts';

export const TEMPLATE_STATUSES = ['draft', 'checked', 'frozen', 'default'] as const;
export type TemplateStatus = (typeof TEMPLATE_STATUSES)[number];

/** One version of a template and how far it has come. */
export interface TemplateVersion {
  /** `<name>@<version>`. */
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly type: TemplateType;
  readonly entity: string | null;
  readonly status: TemplateStatus;
  /** Whether it is one of revsync's own. */
  readonly seeded: boolean;
  /** Of the newest check; null before the first. */
  readonly mistakes: readonly Mistake[] | null;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly changedAt: string;
  readonly changedBy: string;
  readonly template: TransactionTemplate;
}

export interface TemplateFilter {
  readonly type?: TemplateType | undefined;
  readonly status?: TemplateStatus | undefined;
  /** Templates of this entity; those that serve all are not. */
  readonly entity?: string | undefined;
  /** Templates of entities of this organisation, and those that serve all. */
  readonly org?: string | undefined;
}

/** Every version, by name and version. */
export async function listTemplates(db: Db, filter: TemplateFilter = {}): Promise<TemplateVersion[]> {
  const { type, status, entity, org } = filter;
  let query = versions(db).orderBy('name').orderBy('version');
  if (type !== undefined) query = query.where('type', '=', type);
  if (status !== undefined) query = query.where('status', '=', status);
  if (entity !== undefined) query = query.where('entity', '=', entity);
  if (org !== undefined) {
    const entities = db.selectFrom('control.entity').select('entity').where('org', '=', org);
    query = query.where((eb) => eb.or([eb('entity', 'is', null), eb('entity', 'in', entities)]));
  }
  return (await query.execute()).map(versionOf);
}

/** A version of a template; the newest one unless a version is given. */
export interface TemplateReference {
  readonly name: string;
  readonly version?: number | undefined;
}

/**
 * @throws RevsyncError `TEMPLATE_UNKNOWN`
 */
export async function findTemplate(db: Db, reference: TemplateReference): Promise<TemplateVersion> {
  const found = await lookForTemplate(db, reference);
  if (found !== undefined) return found;
  const { name, version } = reference;
  const names = new Set((await listTemplates(db)).map((each) => each.name));
  const near = nearestName(name, names);
  const which = names.has(name) ? `"${name}" has no version ${version}` : `There is no template "${name}"`;
  const meant = near === null || names.has(name) ? '' : ` Did you mean "${near}"?`;
  throw new RevsyncError(`${which}.${meant}`, {
    code: 'TEMPLATE_UNKNOWN',
    fate: 'fix-input',
    remedy: 'See `revsync template list` for the templates and their versions.',
  });
}

/** The version, or undefined where there is none. */
export async function lookForTemplate(
  db: Db,
  { name, version }: TemplateReference,
): Promise<TemplateVersion | undefined> {
  let query = versions(db).where('name', '=', name);
  if (version !== undefined) query = query.where('version', '=', version);
  const row = await query.orderBy('version', 'desc').limit(1).executeTakeFirst();
  return row && versionOf(row);
}

/** The default that an entity uses for a type, or without an entity the one for all. */
export async function lookForDefault(
  db: Db,
  type: TemplateType,
  entity: string | null,
): Promise<TemplateVersion | undefined> {
  const row = await versions(db)
    .where('type', '=', type)
    .where('status', '=', 'default')
    .where((eb) => eb.or([eb('entity', 'is', null), eb('entity', '=', entity)]))
    .orderBy(sql`entity nulls last`)
    .limit(1)
    .executeTakeFirst();
  return row && versionOf(row);
}

const versions = (db: Db) =>
  db
    .selectFrom('staging.transaction_template')
    .select(['name', 'version', 'type', 'entity', 'status', 'seeded', 'mistakes', 'body'])
    .select(['created_by as createdBy', 'changed_by as changedBy'])
    .select([
      instantText(sql.ref('created_at')).as('createdAt'),
      instantText(sql.ref('changed_at')).as('changedAt'),
    ]);

type Row = Awaited<ReturnType<ReturnType<typeof versions>['executeTakeFirstOrThrow']>>;

function versionOf({ body, mistakes, ...row }: Row): TemplateVersion {
  return {
    id: `${row.name}@${row.version}`,
    ...row,
    mistakes: mistakes as readonly Mistake[] | null,
    template: completeTemplate(body as BriefTemplate),
  };
}
