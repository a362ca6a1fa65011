import { type WantedSchedule, wantedSchedules } from '../../domain/schedules/wanted-schedules.ts';
import type { ScheduleKind } from '../../domain/schedules/definitions.ts';
import type { Db } from '../database.ts';
import { lookupValue } from '../lookups.ts';
import { profileValue } from '../profiles.ts';
import { listConversions } from '../rates/conversion.ts';
import { listEntities } from '../tenancy.ts';

export interface Chosen {
  /** The key of an entity: its own schedules, and those of its organisation. */
  readonly entity?: string | undefined;
  readonly kind?: ScheduleKind | undefined;
}

/** The schedules that the tenant's entities and settings ask for, needed or not; all, or those chosen. */
export async function readWanted(db: Db, { entity, kind }: Chosen = {}): Promise<WantedSchedule[]> {
  const orgOf = new Map((await listEntities(db)).map((known) => [known.entity, known.org]));
  const entities = (await listConversions(db)).flatMap((conversion) => {
    const org = orgOf.get(conversion.entity);
    return org === undefined ? [] : [{ ...conversion, org }];
  });
  const wanted = wantedSchedules(entities, {
    reporting: await profileValue(db, 'REPORTING_CURRENCY'),
    instantOn: (await profileValue(db, 'AUTO_REVENUESYNC')) === 'Yes',
    autoCollect: (await lookupValue(db, 'AUTO_REVENUE_SYNC', 'Auto_Collect')) === 'Y',
  });
  const isOf = (each: WantedSchedule): boolean =>
    entity === undefined || (each.entity === null ? each.org === orgOf.get(entity) : each.entity === entity);
  return wanted.filter((each) => isOf(each) && (kind === undefined || each.definition.kind === kind));
}
