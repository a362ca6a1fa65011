import { sql } from 'kysely';

import type { Db } from './database.ts';
import { instantText } from './instant-text.ts';
import { alone, noteChanges, WRITTEN } from './settings/setting-changes.ts';

/** The value of a profile under its Zuora name, as `KS_ENABLE_ZBILL_EXCHG_RATE`; null where nobody set it. */
export async function profileValue(db: Db, name: string): Promise<string | null> {
  const row = await db
    .selectFrom('control.profile')
    .select('value')
    .where('name', '=', name)
    .executeTakeFirst();
  return row?.value ?? null;
}

/** A profile, or a code of a lookup, as it stands. */
export interface ListedSetting {
  readonly kind: 'profile' | 'lookup';
  readonly name: string;
  /** Null for a profile. */
  readonly code: string | null;
  readonly value: string;
  /** ISO, UTC. */
  readonly changedAt: string;
  readonly changedBy: string;
  /** Set by a person: the settings sync leaves it alone. */
  readonly byHand: boolean;
  /** The organisation that it is about; null: none. */
  readonly org: string | null;
}

/** Profiles, then lookups, by name and code. */
export async function listProfiles(db: Db): Promise<ListedSetting[]> {
  const { rows } = await sql<ListedSetting>`
    select 'profile' as kind, name, null as code, value, ${instantText(sql`changed_at`)} as "changedAt",
      changed_by as "changedBy", by_hand as "byHand", null as org from control.profile
    union all
    select 'lookup', lookup, code, value, ${instantText(sql`changed_at`)}, changed_by, by_hand, org from control.lookup
    order by kind desc, name, code`.execute(db);
  return rows;
}

/** What a person sets: a profile, or with a code, a lookup. */
export interface SetByHand {
  readonly name: string;
  readonly code: string | null;
  readonly value: string;
  readonly by: string;
  readonly reason: string;
}

/**
 * Sets a profile or a lookup's code for good, that is: the settings sync leaves it alone from then on. Setting what it
 * is already says who stands by it, and keeps the time of its last change. Answers the value before; null: none.
 */
export async function setByHand(
  db: Db,
  { name, code, value, by, reason }: SetByHand,
): Promise<string | null> {
  return alone(db, async (trx) => {
    const kind = code === null ? 'profile' : 'lookup';
    const all = await listProfiles(trx);
    const before = all.find((each) => each.kind === kind && each.name === name && each.code === code);
    const changedAt = sql<string>`case when excluded.value = ${sql.ref(`${kind}.value`)} then ${sql.ref(`${kind}.changed_at`)} else excluded.changed_at end`;
    const set = { value, changed_by: by, by_hand: true, changed_at: changedAt };
    if (code === null) {
      await trx
        .insertInto('control.profile')
        .values({ name, value, changed_by: by, by_hand: true, changed_at: WRITTEN })
        .onConflict((conflict) => conflict.column('name').doUpdateSet(set))
        .execute();
    } else {
      await trx
        .insertInto('control.lookup')
        .values({ lookup: name, code, value, changed_by: by, by_hand: true, changed_at: WRITTEN })
        .onConflict((conflict) => conflict.columns(['lookup', 'code']).doUpdateSet(set))
        .execute();
    }
    const change = {
      kind,
      name,
      code,
      entity: null,
      org: null,
      before: before?.value ?? null,
      after: value,
      reason,
    } as const;
    await noteChanges(trx, [change], { by, workflowRun: null });
    return before?.value ?? null;
  });
}
