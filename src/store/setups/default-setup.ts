import { setupKind } from '../../domain/setups/kinds.ts';
import { bodyOf } from '../../domain/setups/setup-file.ts';
import type { SetupKind } from '../../domain/setups/setup-kind.ts';
import type { Db } from '../database.ts';
import { lookForDefaultSetup } from './setup-versions.ts';

/** A set-up as a collection goes by it: what is frozen, and its version. */
export interface DefaultSetup<Body> {
  readonly name: string;
  readonly version: number;
  readonly body: Body;
}

/** The default of an organisation: its own, else the one for all. */
export async function defaultSetup<Body extends object>(
  db: Db,
  kind: SetupKind,
  org: string,
): Promise<DefaultSetup<Body> | undefined> {
  const found = await lookForDefaultSetup(db, kind, org);
  const definition = setupKind(kind);
  if (found === undefined || definition === undefined) return undefined;
  const { name, version, body } = found;
  return { name, version, body: bodyOf(definition, body) as Body };
}
