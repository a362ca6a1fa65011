import { sql } from 'kysely';

import type { Setup } from '../../domain/setups/setup-file.ts';
import type { SetupKind } from '../../domain/setups/setup-kind.ts';
import type { Db } from '../database.ts';
import { alone } from './alone.ts';
import { findSetup, lookForSetup, type SetupVersion } from './setup-versions.ts';

/**
 * Keeps a set-up as the next version of its name, a draft. What equals the newest version is that version:
 * loading a file again changes nothing.
 */
export async function loadSetup(
  db: Db,
  { kind, setup, by }: { kind: SetupKind; setup: Setup; by: string },
): Promise<{ readonly loaded: SetupVersion; readonly unchanged: boolean }> {
  return db.transaction().execute(async (trx) => {
    await alone(trx);
    const { name, org } = setup;
    const newest = await lookForSetup(trx, { kind, name });
    const body = JSON.stringify(setup.body);
    const version = (newest?.version ?? 0) + 1;
    const { numAffectedRows } = await sql`
      insert into revenue.setup (kind, name, version, org, body, created_by, changed_by)
      select ${kind}, ${name}, ${version}, ${org}, ${body}::jsonb, ${by}, ${by}
      where not exists (
        select from revenue.setup
        where kind = ${kind} and name = ${name} and version = ${version}::integer - 1
          and org is not distinct from ${org}::text and body = ${body}::jsonb
      )`.execute(trx);
    return { loaded: await findSetup(trx, { kind, name }), unchanged: numAffectedRows === 0n };
  });
}
