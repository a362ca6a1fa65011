import { sql } from 'kysely';

import { RevsyncError } from '../../domain/errors.ts';
import type { Db } from '../database.ts';

/** What a role may do in the organisations it sees: the same in all of them. */
export type AccessKind = 'reader' | 'operator';

export interface AccessChange {
  /** Name of a database role, a login or a group of them. */
  readonly role: string;
  readonly org: string;
  readonly by: string;
  readonly reason: string;
}

export interface ChangedAccess {
  readonly role: string;
  readonly org: string;
  readonly as: AccessKind | null;
  /** False where it was so already; nothing is recorded then. */
  readonly changed: boolean;
}

interface RoleState {
  readonly superuser: boolean;
  readonly bypasses: boolean;
  readonly worker: boolean;
  readonly operator: boolean;
  readonly reader: boolean;
}

const OURS = ['revsync_worker', 'revsync_operator', 'revsync_reader'];

/**
 * Lets a database role see an organisation, as reader or operator. Runs as the login itself: only who administers the
 * roles may grant them.
 *
 * @throws RevsyncError `ACCESS_ROLE_UNKNOWN`, `ACCESS_ROLE_UNSUITABLE`, `ACCESS_KIND_DIFFERS`
 */
export async function grantAccess(
  db: Db,
  { as, ...change }: AccessChange & { readonly as: AccessKind },
): Promise<ChangedAccess> {
  const { role, org } = change;
  return db.transaction().execute(async (trx) => {
    const state = await requireSuitable(trx, role);
    if (as === 'reader' && state.operator) throw isOperator(role);
    const joins = as === 'operator' ? !state.operator : !state.reader;
    if (joins) {
      await sql`grant ${sql.id(`revsync_${as}`)} to ${sql.id(role)}`.execute(trx);
    }
    const inserted = await trx
      .insertInto('control.access')
      .values({ role_name: role, org })
      .onConflict((conflict) => conflict.doNothing())
      .returning('org')
      .execute();
    const changed = joins || inserted.length > 0;
    const was = inserted.length > 0 ? null : { org, as: kindOf(state) };
    if (changed) await decide(trx, change, 'grant-access', { before: was, after: { org, as } });
    return { role, org, as, changed };
  });
}

/**
 * Takes an organisation from a role; that it is a reader or an operator stays, since that holds for all of the server's
 * databases. The role itself may be gone.
 */
export async function revokeAccess(db: Db, change: AccessChange): Promise<ChangedAccess> {
  const { role, org } = change;
  return db.transaction().execute(async (trx) => {
    const state = await stateOf(trx, role);
    const deleted = await trx
      .deleteFrom('control.access')
      .where('role_name', '=', role)
      .where('org', '=', org)
      .returning('org')
      .execute();
    const as = state === undefined ? null : kindOf(state);
    const changed = deleted.length > 0;
    if (changed) await decide(trx, change, 'revoke-access', { before: { org, as }, after: null });
    return { role, org, as, changed };
  });
}

const kindOf = ({ operator, reader }: RoleState): AccessKind | null =>
  operator ? 'operator' : reader ? 'reader' : null;

async function stateOf(trx: Db, role: string): Promise<RoleState | undefined> {
  const { rows } = await sql<RoleState>`
    select rolsuper as superuser, rolbypassrls as bypasses, ${sql.join(
      OURS.map(
        (ours) => sql`pg_has_role(oid, ${ours}, 'member') as ${sql.id(ours.slice('revsync_'.length))}`,
      ),
    )}
    from pg_roles where rolname = ${role}`.execute(trx);
  return rows[0];
}

async function requireSuitable(trx: Db, role: string): Promise<RoleState> {
  const state = await stateOf(trx, role);
  if (state === undefined) throw unknownRole(role);
  const why = OURS.includes(role)
    ? 'everybody of that kind would have it'
    : state.superuser || state.bypasses
      ? 'row security does not hold for it, so it sees everything'
      : state.worker
        ? 'it belongs to revsync_worker, which sees everything'
        : null;
  if (why === null) return state;
  throw new RevsyncError(`The role ${role} cannot be given an organisation: ${why}.`, {
    code: 'ACCESS_ROLE_UNSUITABLE',
    fate: 'fix-input',
    remedy: 'Give each person or group a role of its own that is none of these.',
  });
}

function unknownRole(role: string): RevsyncError {
  const name = /^[a-z_][a-z0-9_]{0,62}$/.test(role) ? role : `"${role.replaceAll('"', '""')}"`;
  return new RevsyncError(`There is no database role ${role}.`, {
    code: 'ACCESS_ROLE_UNKNOWN',
    fate: 'fix-input',
    remedy: `Make it first: create role ${name} login password '...';`,
  });
}

function isOperator(role: string): RevsyncError {
  return new RevsyncError(`The role ${role} is an operator, and that it is of every organisation it sees.`, {
    code: 'ACCESS_KIND_DIFFERS',
    fate: 'fix-input',
    remedy: `Grant it --as operator, or make it a reader first: revoke revsync_operator from ${role};`,
  });
}

/** Kept for the audit. */
async function decide(
  trx: Db,
  { role, org, by, reason }: AccessChange,
  kind: string,
  { before, after }: { readonly before: object | null; readonly after: object | null },
): Promise<void> {
  await trx
    .insertInto('control.decision')
    .values({
      org,
      kind,
      subject: role,
      before: before === null ? null : JSON.stringify(before),
      after: after === null ? null : JSON.stringify(after),
      reason,
      decided_by: by,
    })
    .execute();
}
