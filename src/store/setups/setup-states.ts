import { sql } from 'kysely';

import { RevsyncError } from '../../domain/errors.ts';
import type { Mistake } from '../../domain/mapping/checks/mistake.ts';
import { setupKind } from '../../domain/setups/kinds.ts';
import type { SetupKind } from '../../domain/setups/setup-kind.ts';
import type { Db } from '../database.ts';
import { alone } from './alone.ts';
import { findSetup, type SetupStatus, type SetupVersion } from './setup-versions.ts';

interface Change {
  readonly kind: SetupKind;
  readonly name: string;
  readonly version: number;
  /** Who does it. */
  readonly by: string;
}

/**
 * Keeps what a check found: a version without mistakes is checked, one with mistakes a draft. One that is frozen
 * keeps its status.
 */
export async function recordSetupCheck(
  db: Db,
  { kind, name, version, by, mistakes }: Change & { mistakes: readonly Mistake[] },
): Promise<SetupVersion> {
  const status = mistakes.length === 0 ? 'checked' : 'draft';
  const found = JSON.stringify(mistakes);
  await sql`
    update revenue.setup set
      mistakes = ${found}::jsonb,
      status = case when status in ('draft', 'checked') then ${status} else status end,
      changed_at = case when status in ('draft', 'checked') and status <> ${status} then now() else changed_at end,
      changed_by = case when status in ('draft', 'checked') and status <> ${status} then ${by} else changed_by end
    where kind = ${kind} and name = ${name} and version = ${version}
      and mistakes is distinct from ${found}::jsonb`.execute(db);
  return findSetup(db, { kind, name, version });
}

/**
 * Freezes a checked version: from now on the database refuses to change it. A frozen one stays as it is.
 *
 * @throws RevsyncError `SETUP_NOT_CHECKED`
 */
export async function freezeSetup(db: Db, change: Change): Promise<SetupVersion> {
  return db.transaction().execute(async (trx) => {
    await alone(trx);
    const { id, status } = await findSetup(trx, change);
    if (status === 'frozen' || status === 'default') return findSetup(trx, change);
    if (status === 'checked') return become(trx, change, 'frozen');
    throw new RevsyncError(`"${id}" is a draft; only what is checked and without mistakes can be frozen.`, {
      code: 'SETUP_NOT_CHECKED',
      fate: 'fix-input',
      remedy: `Run \`revsync ${commandOf(change)} check "${id}"\`, correct what it finds and load it again.`,
    });
  });
}

/**
 * Makes a frozen version what its organisation, or every one without its own, goes by. The default before it is
 * frozen still.
 *
 * @throws RevsyncError `SETUP_NOT_FROZEN`
 */
export async function makeDefaultSetup(
  db: Db,
  change: Change,
): Promise<{ readonly made: SetupVersion; readonly before: string | null }> {
  return db.transaction().execute(async (trx) => {
    await alone(trx);
    const found = await findSetup(trx, change);
    if (found.status === 'default') return { made: found, before: found.id };
    if (found.status !== 'frozen') throw notFrozen(found);
    const { rows } = await sql<{ id: string }>`
      update revenue.setup set status = 'frozen', changed_at = now(), changed_by = ${change.by}
      where kind = ${found.kind} and org is not distinct from ${found.org} and status = 'default'
      returning name || '@' || version as id`.execute(trx);
    return { made: await become(trx, change, 'default'), before: rows[0]?.id ?? null };
  });
}

function notFrozen({ id, status, kind }: SetupVersion): RevsyncError {
  return new RevsyncError(`"${id}" is ${status === 'draft' ? 'a draft' : status}, not frozen.`, {
    code: 'SETUP_NOT_FROZEN',
    fate: 'fix-input',
    remedy: `Run \`revsync ${commandOf({ kind })} freeze "${id}"\` first: collections go by what cannot change any more.`,
  });
}

const commandOf = ({ kind }: { kind: SetupKind }): string => setupKind(kind)?.command ?? kind;

async function become(trx: Db, change: Change, status: SetupStatus): Promise<SetupVersion> {
  await sql`
    update revenue.setup set status = ${status}, changed_at = now(), changed_by = ${change.by}
    where kind = ${change.kind} and name = ${change.name} and version = ${change.version}`.execute(trx);
  return findSetup(trx, change);
}
