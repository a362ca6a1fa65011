import { cancellationSignal } from '@temporalio/activity';

import { objectOf } from '../src/domain/catalogue/catalogue.ts';
import type { BillingObject } from '../src/domain/catalogue/define-object.ts';
import { driverAmount } from '../src/domain/catalogue/driver-amount.ts';
import { RevsyncError } from '../src/domain/errors.ts';
import type { Destiny } from '../src/store/balance/extracted.ts';
import type { LandedColumn } from '../src/store/load/landing.ts';
import { type LoadCounts, loadObject } from '../src/store/load/load-object.ts';
import { billingIdOf } from '../src/store/tenancy.ts';
import { isDriven } from '../src/store/transform/derivations.ts';
import type { Dependencies } from './dependencies.ts';
import { DELETED_COLUMN, type ExportedFile } from './export.ts';
import { whileHeartbeating } from './heartbeating.ts';
import { currentOwner, type OpenedRun } from './open-run.ts';

export function createLoadActivities({ db, pool, billing, aqua }: Dependencies) {
  return {
    /**
     * Brings one exported file into pre-staging, in one transaction. Safe to repeat: a file that is
     * loaded is not read again.
     */
    async loadFile({ run, entity, org }: OpenedRun, file: ExportedFile): Promise<LoadCounts> {
      const object = objectOf(file.object);
      const port = billing(await billingIdOf(db, entity), currentOwner().workflowId);
      let bytes = 0;
      return whileHeartbeating((beat) =>
        loadObject(pool, {
          run,
          entity,
          org,
          object,
          destiny: destinyOf(object),
          fileId: file.fileId,
          recordCount: file.recordCount,
          open: () => port.openFile(file.fileId, cancellationSignal()),
          readHeader: (cells) => readHeader(aqua, object, cells),
          onBytes: (more) => beat({ object: object.name, bytes: (bytes += more) }),
        }),
      );
    },
  };
}
export type LoadActivities = ReturnType<typeof createLoadActivities>;

/** Where the changed rows of an object end in the balance. */
function destinyOf({ name }: BillingObject): Destiny {
  if (name === 'CreditBalanceAdjustment') return { kind: 'excluded', reason: 'unsupported-object' };
  if (isDriven(name)) return { kind: 'lines' };
  return driverAmount(name) === undefined ? { kind: 'reference' } : { kind: 'excluded', reason: 'type-off' };
}

/** What each column of the file is; the order is the file's own. */
function readHeader(
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
