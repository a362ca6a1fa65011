import type pg from 'pg';

import type { exportQuery } from '../src/billing/aqua/export-query.ts';
import type { headerTarget } from '../src/billing/aqua/header.ts';
import type * as DataQueries from '../src/billing/data-query/queries.ts';
import type { Billing } from '../src/billing/port.ts';
import type { Notice } from '../src/domain/enablement/notice.ts';
import type { ScheduleKind } from '../src/domain/schedules/definitions.ts';
import type { ScheduleOutcome, StandingSchedule } from '../src/domain/schedules/schedule-outcome.ts';
import type { WantedSchedule } from '../src/domain/schedules/wanted-schedules.ts';
import type { WindowPolicy } from '../src/domain/sync/window.ts';
import type { TenantNames } from '../src/domain/tenancy/records.ts';
import type { Db } from '../src/store/database.ts';
import type { Owner } from '../src/store/runs.ts';

/** What became of a schedule that an entity or an organisation may need. */
export interface EnsuredSchedule extends ScheduleOutcome {
  readonly kind: ScheduleKind;
  /** Null for one of an organisation. */
  readonly entity: string | null;
  readonly org: string;
  readonly workflow: string;
}

/** Temporal's schedules by id, as far as they exist. */
export interface Schedules {
  /**
   * Makes those that are needed and not there; one that is there stays as it is, and is told as it stands. With `cron`
   * all run by it, those that were there too, and are of one kind; one that is paused stays so.
   *
   * @throws RevsyncError `SCHEDULE_REFUSED`
   */
  ensure(
    wanted: readonly WantedSchedule[],
    options?: { readonly cron?: string | undefined },
  ): Promise<EnsuredSchedule[]>;
  /** Null: there is none. */
  standing(id: string): Promise<StandingSchedule | null>;
  /** `paused`: it is, with this note, by this call or an earlier one. `others`: somebody else paused it. */
  pause(id: string, note: string): Promise<'paused' | 'others' | 'absent'>;
  /** Lets it run again if it is still paused with this note; answers whether it runs. */
  resume(id: string, note: string): Promise<boolean>;
  /** Changes the note of one that is not paused, if the note is ours: an operator's own stays. */
  note(id: string, note: string): Promise<'noted' | 'others' | 'absent'>;
}

/** Loops of Instant On by workflow id, as far as they run. `pause` and `resume` throw where no worker answers for a loop. */
export interface Loops {
  /** Starts the loop of an entity, unless it runs. */
  start(entity: string): Promise<{ readonly outcome: 'started' | 'running' }>;
  /** `paused` and `others` as of a schedule. `underWay`: a run that it began before goes on. */
  pause(
    id: string,
    note: string,
  ): Promise<{ readonly became: 'paused' | 'others' | 'absent'; readonly underWay: boolean }>;
  /** Lets it go on if it is still paused with this note; answers whether it does. */
  resume(id: string, note: string): Promise<boolean>;
}

/** What activities work with; a worker makes it once, a test makes its own. */
export interface Dependencies {
  readonly pool: pg.Pool;
  readonly db: Db;
  /** Billing for one entity (null without Multi-entity); `trackId` names the caller in Zuora's logs. */
  readonly billing: (entityId: string | null, trackId: string) => Billing;
  /** How Billing's export language is written and its files are read. */
  readonly aqua: { readonly exportQuery: typeof exportQuery; readonly headerTarget: typeof headerTarget };
  /** The texts of the queries that Data Query is asked. */
  readonly dataQuery: typeof DataQueries;
  /** The partner and project of AQuA's stateful mode; null: stateless, the default. */
  readonly stateful: { readonly partner: string; readonly project: string } | null;
  readonly tenant: TenantNames;
  /** Answers after asking whether Billing is the sandbox, which needs no lag. */
  readonly windowPolicy: () => Promise<WindowPolicy>;
  /** REVSYNC_OPEN_PERIOD: the period to open where none is, instead of the window's month. */
  readonly openPeriod: string | null;
  /** Whether the workflow run that owns something is over, as Temporal tells. */
  readonly isOver: (owner: Owner) => Promise<boolean>;
  readonly schedules: Schedules;
  readonly loops: Loops;
  /**
   * Posts a notice; false: no webhook is configured. Through `sendNotice` (activities/enablement/send-notice.ts) each is
   * sent once, and a webhook that fails holds nothing up.
   */
  readonly notify: (notice: Notice) => Promise<boolean>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}
