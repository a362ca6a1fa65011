import { cancellationSignal } from '@temporalio/activity';

import { objectOf } from '../src/domain/catalogue/catalogue.ts';
import type { BillingObject } from '../src/domain/catalogue/define-object.ts';
import { RevsyncError } from '../src/domain/errors.ts';
import { destinyOf } from '../src/store/balance/destiny.ts';
import type { LandedColumn } from '../src/store/load/landing.ts';
import { type LoadCounts, loadObject } from '../src/store/load/load-object.ts';
import { billingIdOf } from '../src/store/tenancy.ts';
import type { Dependencies } from './dependencies.ts';
import type { ExportedFile } from './export.ts';
import { DELETED_COLUMN } from './export-plan.ts';
import { whileHeartbeating } from './heartbeating.ts';
import { currentOwner } from './current-owner.ts';
import type { OpenedRun } from './open-run.ts';

export function createLoadActivities(deps: Dependencies) {
  const { db, pool, billing, aqua } = deps;

  return {
    /**
     * Brings the exported files of one object into pre-staging, in one transaction. Safe to repeat: what is
     * loaded is not read again.
     */
    async loadFile({ run, entity, org }: OpenedRun, file: ExportedFile): Promise<LoadCounts> {
      const object = objectOf(file.object);
      const port = billing(await billingIdOf(db, entity), currentOwner().workflowId);
      let bytes = 0;
      const load = (beat: (details: unknown) => void, vanish: boolean) =>
        loadObject(pool, {
          run,
          entity,
          org,
          object,
          destiny: destinyOf(object),
          files: file.fileIds.map((id) => ({ id, open: () => port.openFile(id, cancellationSignal()) })),
          recordCount: file.recordCount,
          vanish,
          readHeader: (cells) => readHeader(aqua, object, cells),
          onBytes: (more) => beat({ object: object.name, bytes: (bytes += more) }),
        });
      // A state object is read whole, so what is not in its file is gone.
      const whole = object.kind === 'state' && (deps.stateful === null || file.full);
      return whileHeartbeating((beat) =>
        load(beat, whole).catch((error: unknown) => {
          if (!(error instanceof RevsyncError && error.code === 'KEYS_VANISHED')) throw error;
          // Too much to believe: left alone here, and shown to a person when keys are compared.
          return load(beat, false);
        }),
      );
    },
  };
}
export type LoadActivities = ReturnType<typeof createLoadActivities>;

/** What each column of the file is; the order is the file's own. */
export function readHeader(
  { headerTarget }: Dependencies['aqua'],
  object: BillingObject,
  cells: readonly string[],
): LandedColumn[] {
  const columns = cells.map(
    (cell) => headerTarget(object, cell, DELETED_COLUMN) ?? { kind: 'ignored' as const },
  );
  const seen = new Set<string>();
  for (const column of columns) {
    if (column.kind !== 'field') continue;
    if (seen.has(column.field)) throw unreadable(object, `has ${column.field} twice`);
    seen.add(column.field);
  }
  const missing = object.key.filter((field) => !seen.has(field));
  if (missing.length > 0) throw unreadable(object, `lacks ${missing.join(' and ')}`);
  return columns;
}

function unreadable(object: BillingObject, why: string): RevsyncError {
  return new RevsyncError(`The file of ${object.name} ${why}.`, {
    code: 'BILLING_FILE_UNREADABLE',
    fate: 'fix-input',
    remedy: 'Billing answered with other columns than it was asked for; nothing of the file was kept.',
    context: { object: object.name },
  });
}
