import { sql } from 'kysely';

import { RevsyncError } from '../../domain/errors.ts';
import type { Mistake } from '../../domain/mapping/checks/mistake.ts';
import type { Db } from '../database.ts';
import { alone } from './alone.ts';
import { findTemplate, type TemplateStatus, type TemplateVersion } from './template-versions.ts';

interface Change {
  readonly name: string;
  readonly version: number;
  /** Who does it. */
  readonly by: string;
}

/**
 * Keeps what a check found: a version without mistakes is checked, one with mistakes a draft. One that is frozen
 * keeps its status.
 */
export async function recordCheck(
  db: Db,
  { name, version, by, mistakes }: Change & { mistakes: readonly Mistake[] },
): Promise<TemplateVersion> {
  const status = mistakes.length === 0 ? 'checked' : 'draft';
  await sql`
    update staging.transaction_template set
      mistakes = ${JSON.stringify(mistakes)}::jsonb,
      status = case when status in ('draft', 'checked') then ${status} else status end,
      changed_at = case when status in ('draft', 'checked') and status <> ${status} then now() else changed_at end,
      changed_by = case when status in ('draft', 'checked') and status <> ${status} then ${by} else changed_by end
    where name = ${name} and version = ${version} and mistakes is distinct from ${JSON.stringify(mistakes)}::jsonb`.execute(
    db,
  );
  return findTemplate(db, { name, version });
}

/**
 * Freezes a checked version: from now on the database refuses to change it. A frozen one stays as it is.
 *
 * @throws RevsyncError `TEMPLATE_NOT_CHECKED`
 */
export async function freezeTemplate(db: Db, change: Change): Promise<TemplateVersion> {
  return db.transaction().execute(async (trx) => {
    await alone(trx);
    const { id, status } = await findTemplate(trx, change);
    if (status === 'frozen' || status === 'default') return findTemplate(trx, change);
    if (status === 'checked') return become(trx, change, 'frozen');
    throw new RevsyncError(`"${id}" is a draft; only what is checked and without mistakes can be frozen.`, {
      code: 'TEMPLATE_NOT_CHECKED',
      fate: 'fix-input',
      remedy: `Run \`revsync template check "${id}"\`, correct what it finds and load it again.`,
    });
  });
}

/**
 * Makes a frozen version what its entity, or every entity without one of its own, uses for its type. The default
 * before it is frozen still.
 *
 * @throws RevsyncError `TEMPLATE_NOT_FROZEN`
 */
export async function makeDefault(
  db: Db,
  change: Change,
): Promise<{ readonly made: TemplateVersion; readonly before: string | null }> {
  return db.transaction().execute(async (trx) => {
    await alone(trx);
    const found = await findTemplate(trx, change);
    if (found.status === 'default') return { made: found, before: found.id };
    if (found.status !== 'frozen') throw notFrozen(found);
    const { rows } = await sql<{ id: string }>`
      update staging.transaction_template set status = 'frozen', changed_at = now(), changed_by = ${change.by}
      where type = ${found.type} and entity is not distinct from ${found.entity} and status = 'default'
      returning name || '@' || version as id`.execute(trx);
    return { made: await become(trx, change, 'default'), before: rows[0]?.id ?? null };
  });
}

function notFrozen({ id, status }: TemplateVersion): RevsyncError {
  return new RevsyncError(`"${id}" is ${status === 'draft' ? 'a draft' : status}, not frozen.`, {
    code: 'TEMPLATE_NOT_FROZEN',
    fate: 'fix-input',
    remedy: `Run \`revsync template freeze "${id}"\` first: lines are formed by what cannot change any more.`,
  });
}

async function become(trx: Db, change: Change, status: TemplateStatus): Promise<TemplateVersion> {
  await sql`
    update staging.transaction_template set status = ${status}, changed_at = now(), changed_by = ${change.by}
    where name = ${change.name} and version = ${change.version}`.execute(trx);
  return findTemplate(trx, change);
}
