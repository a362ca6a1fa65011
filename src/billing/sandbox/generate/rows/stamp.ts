import { type Ground } from '../account.ts';
import { type Day, instantText } from '../days.ts';
import { idsOf } from '../dice.ts';

/** Minutes of the day at which things happen, so that cause comes before effect. */
export const AT = { opened: 30, ordered: 540, invoiced: 1080, posted: 1200, corrected: 1260, paid: 1320 };

const USER = idsOf('sandbox')('User', 'operator');

export interface Moment {
  readonly day: Day;
  readonly minute: number;
}

/** Who made the row and when, and whose it is. */
export function stamp(
  { entity }: Pick<Ground, 'entity'>,
  created: Moment,
  updated: Moment = created,
): Record<string, string> {
  const fields: Record<string, string> = {
    CreatedById: USER,
    CreatedDate: instantText(created.day, created.minute),
    UpdatedById: USER,
    UpdatedDate: instantText(updated.day, updated.minute),
  };
  if (entity !== null) fields['EntityId'] = entity;
  return fields;
}

export function later(one: Moment, other: Moment): Moment {
  return one.day > other.day || (one.day === other.day && one.minute >= other.minute) ? one : other;
}

/** `A-S` and 8 digits, as Billing numbers what people see. */
export function numberOf(prefix: string, number: number): string {
  return prefix + String(number).padStart(8, '0');
}
