import { RevsyncError } from '../src/domain/errors.ts';
import { type LoopSettings, loopSettings } from '../src/domain/instant-on/loop-settings.ts';
import { scheduleZone } from '../src/domain/schedules/definitions.ts';
import { SYNC_LOOKUP } from '../src/domain/settings/lookups.ts';
import { lookupValue } from '../src/store/lookups.ts';
import { profileValue } from '../src/store/profiles.ts';
import { entityRecords } from '../src/store/tenancy/entity-records.ts';
import type { KnownEntity } from '../src/store/tenancy.ts';
import { chooseEntity } from './choose-entity.ts';
import type { Dependencies } from './dependencies.ts';
import { recordTenant } from './record-tenant.ts';

/** The settings of a loop, and whose it is. */
export interface InstantOnRead extends LoopSettings {
  readonly tenant: string;
  readonly entity: string;
}

export function createInstantOnActivities(deps: Dependencies) {
  const { db } = deps;

  return {
    /**
     * Reads the profile and the lookup of Instant On as they stand now.
     *
     * @throws RevsyncError `ENTITY_NEEDED`, `ENTITY_UNKNOWN`
     */
    async readInstantOn({ entity: name }: { entity?: string | undefined }): Promise<InstantOnRead> {
      const { entity } = await knownEntity(deps, name);
      const [profile, fromDate, duration, records] = await Promise.all([
        profileValue(db, 'AUTO_REVENUESYNC'),
        lookupValue(db, SYNC_LOOKUP, 'RevenueSync_FromDate'),
        lookupValue(db, SYNC_LOOKUP, 'RevenueSync_Duration'),
        entityRecords(db),
      ]);
      const timezone = records.find((record) => record.entity === entity)?.timezone ?? null;
      const settings = loopSettings({ profile, fromDate, duration }, scheduleZone(timezone));
      return { tenant: deps.tenant.tenant, entity, ...settings };
    },

    /** Says on the schedule's page that the loop waits, or goes on; a note of somebody else stays. */
    async noteSchedule({ id, note }: { id: string; note: string }): Promise<{ noted: boolean }> {
      return { noted: (await deps.schedules.note(id, note)) === 'noted' };
    },
  };
}
export type InstantOnActivities = ReturnType<typeof createInstantOnActivities>;

/** Billing is asked only where the database does not know the entity: a loop may be what a tenant begins with. */
async function knownEntity(deps: Dependencies, name: string | undefined): Promise<KnownEntity> {
  try {
    return await chooseEntity(deps.db, name);
  } catch (error) {
    if (!(error instanceof RevsyncError)) throw error;
    await recordTenant(deps);
    return chooseEntity(deps.db, name);
  }
}
