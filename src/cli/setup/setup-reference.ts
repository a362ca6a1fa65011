import { RevsyncError } from '../../domain/errors.ts';
import type { SetupDefinition } from '../../domain/setups/setup-kind.ts';
import type { Db } from '../../store/database.ts';
import {
  findSetup,
  lookForDefaultSetup,
  lookForSetup,
  type SetupVersion,
} from '../../store/setups/setup-versions.ts';

/** How a command names a version. */
export const REFERENCE = 'NAME for its newest version, NAME@3, or `default`';

/**
 * The version that a person means: `NAME` for the newest, `NAME@3`, or `default` for what the organisation goes by.
 *
 * @throws RevsyncError `SETUP_UNKNOWN`
 */
export async function referredSetup(
  db: Db,
  { kind, noun, command }: SetupDefinition,
  text: string,
  org?: string,
): Promise<SetupVersion> {
  const named = await lookForSetup(db, { kind, name: text });
  if (named !== undefined) return named;
  const [, name, version] = /^(.+)@(\d{1,9})$/.exec(text) ?? [];
  if (name !== undefined && version !== undefined) {
    return findSetup(db, { kind, name, version: Number(version) });
  }
  if (text !== 'default') return findSetup(db, { kind, name: text });
  const used = await lookForDefaultSetup(db, kind, org ?? null);
  if (used !== undefined) return used;
  throw new RevsyncError(`There is no default ${noun}.`, {
    code: 'SETUP_UNKNOWN',
    fate: 'fix-input',
    remedy: `Freeze one with \`revsync ${command} freeze NAME --default\`.`,
  });
}
