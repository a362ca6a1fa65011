import { ratesWanted } from '../rates/rates-wanted.ts';
import { dailyCron, type ScheduleDefinition, SCHEDULES, scheduleZone } from './definitions.ts';

/** An entity, as far as its schedules depend on it. */
export interface ScheduledEntity {
  readonly entity: string;
  readonly org: string;
  readonly timezone: string | null;
  /** Null while Currency Conversion is off. */
  readonly home: string | null;
  readonly inUse: readonly string[];
}

/** What a person has set that decides on schedules. */
export interface ScheduleSettings {
  /** The profile REPORTING_CURRENCY. */
  readonly reporting: string | null;
  /** The profile AUTO_REVENUESYNC is Yes: Instant On (enablement step 10). */
  readonly instantOn: boolean;
  /** The lookup AUTO_REVENUE_SYNC has Y for Auto_Collect (enablement step 11). */
  readonly autoCollect: boolean;
}

/** A schedule as its definition has it, for one entity or organisation. */
export interface WantedSchedule {
  readonly id: string;
  readonly definition: ScheduleDefinition;
  /** Null for one of an organisation. */
  readonly entity: string | null;
  readonly org: string;
  readonly input: Readonly<Record<string, string>>;
  readonly cron: string;
  readonly timezone: string;
  /** Why there need be none; null: it is needed. */
  readonly notNeeded: string | null;
}

/**
 * The schedules of a tenant in manual mode, needed or not: those of each entity, then those of each organisation, which
 * go by the time zone of its first entity. Entities come in key order.
 */
export function wantedSchedules(
  entities: readonly ScheduledEntity[],
  settings: ScheduleSettings,
): WantedSchedule[] {
  const first = entities.filter(({ org }, at) => entities.findIndex((other) => other.org === org) === at);
  const all = (of: ScheduleDefinition['of'], owners: readonly ScheduledEntity[]) =>
    owners.flatMap((owner) =>
      SCHEDULES.filter((definition) => definition.of === of).map((definition) =>
        wantedOf(definition, owner, settings),
      ),
    );
  return [...all('entity', entities), ...all('org', first)];
}

function wantedOf(
  definition: ScheduleDefinition,
  owner: ScheduledEntity,
  settings: ScheduleSettings,
): WantedSchedule {
  const { kind, of } = definition;
  const key = owner[of];
  return {
    id: `${kind}/${key}`,
    definition,
    entity: of === 'entity' ? key : null,
    org: owner.org,
    input: { [of]: key },
    cron: dailyCron(definition, key),
    timezone: scheduleZone(owner.timezone),
    notNeeded: whyNot(definition, owner, settings),
  };
}

function whyNot(
  { kind }: ScheduleDefinition,
  owner: ScheduledEntity,
  { reporting, instantOn, autoCollect }: ScheduleSettings,
): string | null {
  switch (kind) {
    case 'exchange-rate-sync': {
      const { wanted, note } = ratesWanted({ ...owner, reporting, chosen: undefined });
      return wanted.length === 0 ? note : null;
    }
    case 'revenue-sync':
      return instantOn ? 'Instant On runs it: AUTO_REVENUESYNC is Yes.' : null;
    case 'data-collection':
      return autoCollect ? 'Each sync collects by itself: Auto_Collect is Y.' : null;
  }
}
