import { randomUUID } from 'node:crypto';

import { cancellationSignal } from '@temporalio/activity';

import { RevsyncError } from '../../src/domain/errors.ts';
import { callerPrefix, entitiesToRead, type Reader } from '../../src/store/readiness/readiness-run.ts';
import { currentOwner } from '../current-owner.ts';
import type { Dependencies } from '../dependencies.ts';
import { whileHeartbeating } from '../heartbeating.ts';
import { loadFromBilling } from './load-from-billing.ts';

/** An entity as Billing and its organisation know it. */
export interface ReadEntity {
  readonly entity: string;
  readonly org: string;
  readonly billingId: string | null;
}

/** Who reads, and for what. */
export interface Reading extends Required<Reader> {
  /** Whether what the reader read at an earlier turn is read again. */
  readonly anew: boolean;
}

const LOOK_AGAIN = 60_000;
const TRIES = 2;

/**
 * Brings the data of entities into pre-staging, one after another, so that it can be looked at before the first sync. What
 * the reader has read at this turn stays as it is, also after a crash, and so does an entity whose sync was completed.
 *
 * @throws RevsyncError what `loadFromBilling` throws, worded for whoever waits for a workflow
 */
export async function readTenant(
  deps: Dependencies,
  entities: readonly ReadEntity[],
  reading: Reading,
): Promise<void> {
  const { name, turn, anew } = reading;
  const due = new Set(await entitiesToRead(deps.db, anew ? { name, turn } : { name }));
  await whileHeartbeating(async (beat) => {
    for (const each of entities.filter(({ entity }) => due.has(entity))) {
      await readEntity(deps, each, reading, beat);
    }
  });
}

/** An export that Billing could not run is asked for once more, as a sync does. */
async function readEntity(
  deps: Dependencies,
  entity: ReadEntity,
  reader: Required<Reader>,
  beat: (details: unknown) => void,
): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await loadFromBilling({
        means: deps,
        billing: deps.billing(entity.billingId, currentOwner().workflowId),
        policy: await deps.windowPolicy(),
        entity,
        caller: `${callerPrefix(reader)}${randomUUID()}`,
        report: (told) => beat({ entity: entity.entity, told }),
        signal: cancellationSignal(),
      });
    } catch (error) {
      const again = error instanceof RevsyncError && error.code === 'EXPORT_FAILED' && tries < TRIES;
      if (!again) throw forWorkflow(error);
    }
  }
}

/** The command's remedies are to run it again; a workflow tries again by itself, or waits for `retry`. */
function forWorkflow(error: unknown): unknown {
  if (!(error instanceof RevsyncError)) return error;
  const { message, code, context } = error;
  if (code === 'RUN_REFUSED' || code === 'READINESS_OVERTAKEN') {
    return new RevsyncError(message, {
      code,
      fate: 'retry',
      retryAfter: LOOK_AGAIN,
      remedy: 'Nothing to do: it goes on when that run has ended.',
      context,
      cause: error,
    });
  }
  if (code !== 'EXPORT_FAILED') return error;
  return new RevsyncError(message, {
    code,
    fate: 'fix-input',
    remedy: 'It was asked for twice. Read Billing’s reason, then send retry.',
    context,
    cause: error,
  });
}
