import { type Client, type ScheduleDescription, ScheduleNotFoundError } from '@temporalio/client';

/** A schedule as it tells of itself, which the list of all lags behind; null where there is none of that id. */
export async function describeSchedule(client: Client, id: string): Promise<ScheduleDescription | null> {
  try {
    return await client.schedule.getHandle(id).describe();
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return null;
    throw error;
  }
}
