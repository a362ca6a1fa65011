import { sql } from 'kysely';

import type { KeptSetting } from '../../domain/settings/settings-result.ts';
import type { WantedSetting } from '../../domain/settings/settings-wanted.ts';
import type { Db } from '../database.ts';
import { type ListedSetting, listProfiles } from '../profiles.ts';
import { alone, noteChanges, WRITTEN, type Writer } from './setting-changes.ts';

/**
 * Writes what follows from Billing's settings, as far as it differs; answers what a person set and therefore stays.
 *
 * @param wanted answers it when nobody else writes settings or maps entities any more
 */
export async function applySettings(
  db: Db,
  wanted: (trx: Db) => Promise<readonly WantedSetting[]>,
  writer: Writer,
): Promise<KeptSetting[]> {
  return alone(db, async (trx) => {
    const { kept, due } = compared(await listProfiles(trx), await wanted(trx));
    await write(trx, due, writer.by);
    const changes = due.map(({ kind, name, code, entity, org, value, before, reason }) => {
      return { kind, name, code, entity, org, before, after: value, reason };
    });
    await noteChanges(trx, changes, writer);
    return kept;
  });
}

/** What a person set, and the settings sync leaves alone although something else would follow; writes nothing. */
export const keptSettings = async (db: Db, wanted: readonly WantedSetting[]): Promise<KeptSetting[]> =>
  compared(await listProfiles(db), wanted).kept;

interface Compared {
  readonly kept: KeptSetting[];
  readonly due: (WantedSetting & { readonly before: string | null })[];
}

function compared(listed: readonly ListedSetting[], wanted: readonly WantedSetting[]): Compared {
  const standing = new Map(listed.map((each) => [keyOf(each), each]));
  const { kept, due }: Compared = { kept: [], due: [] };
  for (const want of wanted) {
    const there = standing.get(keyOf(want));
    if (there !== undefined && (want.ifAbsent || isSo(there, want))) continue;
    if (there?.byHand === true) kept.push(keptBy(there, want.value));
    else due.push({ ...want, before: beforeOf(there, want) });
  }
  return { kept, due };
}

/** A code about an entity moves with it to another organisation, whose people alone may see it. */
const isSo = (there: ListedSetting, want: WantedSetting): boolean =>
  there.value === want.value && there.org === want.org;

/** Whoever sees the change may not see what the code was under another organisation. */
const beforeOf = (there: ListedSetting | undefined, want: WantedSetting): string | null =>
  there === undefined || (there.org !== null && there.org !== want.org) ? null : there.value;

const keyOf = ({ kind, name, code }: Pick<WantedSetting, 'kind' | 'name' | 'code'>): string =>
  `${kind} ${name} ${code ?? ''}`;

const keptBy = ({ kind, name, code, value, changedBy, changedAt }: ListedSetting, wouldBe: string) => ({
  kind,
  name,
  code,
  value,
  setBy: changedBy,
  setAt: changedAt,
  wouldBe,
});

async function write(trx: Db, due: readonly WantedSetting[], by: string): Promise<void> {
  const profiles = due.filter(({ kind }) => kind === 'profile');
  if (profiles.length > 0) {
    await trx
      .insertInto('control.profile')
      .values(profiles.map(({ name, value }) => ({ name, value, changed_by: by, changed_at: WRITTEN })))
      .onConflict((conflict) => conflict.column('name').doUpdateSet(NEW))
      .execute();
  }
  const lookups = due.flatMap(({ name, code, value, org }) =>
    code === null ? [] : [{ lookup: name, code, value, org, changed_by: by, changed_at: WRITTEN }],
  );
  if (lookups.length === 0) return;
  await trx
    .insertInto('control.lookup')
    .values(lookups)
    .onConflict((conflict) =>
      conflict.columns(['lookup', 'code']).doUpdateSet({ ...NEW, org: sql`excluded.org` }),
    )
    .execute();
}

const NEW = {
  value: sql<string>`excluded.value`,
  changed_by: sql<string>`excluded.changed_by`,
  changed_at: sql<string>`excluded.changed_at`,
  by_hand: false,
};
