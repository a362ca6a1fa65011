import { type RawBuilder, sql } from 'kysely';

import { type JsonObject, STEP_NUMBERS, type StepNumber } from '../../domain/enablement/step.ts';
import type { EnablementView, StepView } from '../../domain/enablement/view.ts';
import type { Db } from '../database.ts';

/** A step with what was answered. */
export interface ReadStep extends StepView {
  readonly answer: JsonObject | null;
}

/** The newest enablement of a tenant, as it was last recorded: `enable status --json`. */
export interface ReadEnablement extends Omit<EnablementView, 'steps'> {
  readonly workflowId: string;
  readonly startedBy: string | null;
  readonly startedAt: string;
  readonly endedAt: string | null;
  /** When its workflow last told where it stands: one that was terminated tells no more. */
  readonly recordedAt: string;
  readonly steps: readonly ReadStep[];
}

/** As workflows write instants. */
const milliseconds = (instant: RawBuilder<unknown>): RawBuilder<string> =>
  sql<string>`to_char(${instant} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** Where the newest enablement of a tenant stands; undefined: there never was one. It takes neither Temporal nor a worker. */
export async function readEnablement(db: Db, tenant: string): Promise<ReadEnablement | undefined> {
  const row = await db
    .selectFrom('control.enablement')
    .select([
      'enablement',
      'tenant',
      'workflow_id as workflowId',
      'status',
      'started_by as startedBy',
      milliseconds(sql`started_at`).as('startedAt'),
      milliseconds(sql`ended_at`)
        .$castTo<string | null>()
        .as('endedAt'),
      milliseconds(sql`updated_at`).as('recordedAt'),
      'awaiting',
      'kept',
      'ignored',
      'refused',
    ])
    .where('tenant', '=', tenant)
    .orderBy('enablement', 'desc')
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const { enablement, kept, ignored, ...rest } = row;
  const steps = await stepsOf(db, enablement);
  return { workflow: 'enablement', ...rest, steps, kept: stepNumbers(kept), ignored: stepNumbers(ignored) };
}

const stepNumbers = (numbers: readonly number[]): StepNumber[] =>
  STEP_NUMBERS.filter((step) => numbers.includes(step));

async function stepsOf(db: Db, enablement: string): Promise<ReadStep[]> {
  const rows = await db
    .selectFrom('control.enablement_step')
    .select([
      'step',
      'title',
      'applies',
      'status',
      'decided_by as by',
      milliseconds(sql`decided_at`)
        .$castTo<string | null>()
        .as('at'),
      'note',
      'evidence',
      'answer',
    ])
    .where('enablement', '=', enablement)
    .execute();
  return STEP_NUMBERS.flatMap((step) =>
    rows.filter((row) => row.step === step).map((row) => ({ ...row, step, evidence: row.evidence ?? {} })),
  );
}
