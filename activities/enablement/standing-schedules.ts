import type { ScheduleKind } from '../../src/domain/schedules/definitions.ts';
import type { StandingSchedule } from '../../src/domain/schedules/schedule-outcome.ts';
import { readWanted } from '../../src/store/schedules/read-wanted.ts';
import type { Dependencies } from '../dependencies.ts';

/** The schedules of the tenant that Temporal has, needed or not; all, or those of a kind. */
export async function standingSchedules(
  { db, schedules }: Pick<Dependencies, 'db' | 'schedules'>,
  kind?: ScheduleKind,
): Promise<StandingSchedule[]> {
  const standing: StandingSchedule[] = [];
  for (const { id } of await readWanted(db, { kind })) {
    const found = await schedules.standing(id);
    if (found !== null) standing.push(found);
  }
  return standing;
}
