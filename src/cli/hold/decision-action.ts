import { randomUUID } from 'node:crypto';

import { RejectHold, ReleaseHold } from '../../domain/operator/messages.ts';
import type { Decided } from '../../store/holds/record-decision.ts';
import { rejectHold } from '../../store/holds/reject.ts';
import { releaseHold } from '../../store/holds/release.ts';
import { type CollectionCounts, collectionCounts } from '../collection-counts.ts';
import { entityKey, oneOrg } from '../list-options.ts';
import { openOutput } from '../output.ts';
import { withDatabase, withWorkflows } from '../session.ts';
import { type DecisionFlags, messageOf } from './decision-options.ts';
import { updateCollection, type UpdatedCollection } from './update-collection.ts';

type Update = 'releaseHold' | 'rejectHold';

interface DecisionReport extends Decided {
  readonly collection:
    (Partial<CollectionCounts> & { readonly workflowId: string; readonly outcome: string }) | null;
  /** What a person has to do for the collection; null otherwise. */
  readonly message: string | null;
}

/** Releases lines, and collects them. */
export const releaseAction = (flags: DecisionFlags): Promise<void> => decide('releaseHold', flags);

/** Rejects lines for good. */
export const rejectAction = (flags: DecisionFlags): Promise<void> => decide('rejectHold', flags);

async function decide(update: Update, flags: DecisionFlags): Promise<void> {
  const output = openOutput(flags.json === true);
  messageOf(schemaOf(update), flags, flags.entity); // before anything is started
  const report = flags.collect
    ? await withWorkflows(output, async (session) => {
        const { db } = session.database;
        const org = await oneOrg(db, flags.org);
        const message = messageOf<object>(schemaOf(update), flags, await entityKey(db, flags.entity));
        return collectedReport(await updateCollection(session, org, update, message));
      })
    : await withDatabase(output, async ({ database: { db } }) => {
        const org = await oneOrg(db, flags.org);
        const entity = await entityKey(db, flags.entity);
        const request = randomUUID();
        const decided =
          update === 'releaseHold'
            ? await releaseHold(db, { ...messageOf(ReleaseHold, flags, entity), org, request })
            : await rejectHold(db, { ...messageOf(RejectHold, flags, entity), org, request });
        return { ...decided, collection: null, message: null };
      });
  output.result(report, textOf(report));
  process.exitCode = report.collection === null || report.collection.outcome === 'completed' ? 0 : 1;
}

const schemaOf = (update: Update) => (update === 'releaseHold' ? ReleaseHold : RejectHold);

function collectedReport({ decided, workflowId, end }: UpdatedCollection): DecisionReport {
  switch (end.ended) {
    case 'result':
      return {
        ...decided,
        collection: { workflowId, outcome: end.result.outcome, ...collectionCounts(end.result) },
        message: null,
      };
    case 'waiting': {
      const { awaiting } = end.state;
      const message = awaiting === null ? null : `${awaiting.message} ${awaiting.remedy}`;
      return { ...decided, collection: { workflowId, outcome: 'waiting' }, message };
    }
    case 'failed':
      return { ...decided, collection: { workflowId, outcome: 'failed' }, message: end.message };
    case 'refused':
      return { ...decided, collection: { workflowId, outcome: 'refused' }, message: `${end.by} is running.` };
  }
}

function textOf({ as, decided, lines, org, collection, message }: DecisionReport): string[] {
  const what = as === 'rejected' ? 'Rejected' : `Released as ${as}`;
  const more = Number(decided) > lines.length ? `, and ${Number(decided) - lines.length} more` : '';
  return [`${what}: ${lines.join(', ')}${more}.`, ...collectionText(org, collection, message)];
}

function collectionText(
  org: string,
  collection: DecisionReport['collection'],
  message: string | null,
): string[] {
  if (collection === null) return ['The next collection acts on it (`revsync collect run`).'];
  const { outcome, collected, contracts, waiting, stopped } = collection;
  if (outcome !== 'completed') {
    return [`The decision is kept; Data Collection of ${org}: ${outcome}. ${message ?? ''}`.trim()];
  }
  return [
    `Data Collection of ${org}: ${collected} lines collected into ${contracts} contracts; ${waiting} wait, ${stopped} are held or stopped.`,
  ];
}
