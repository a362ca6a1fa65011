import { cancellationSignal } from '@temporalio/activity';

import { objectOf } from '../src/domain/catalogue/catalogue.ts';
import { RevsyncError } from '../src/domain/errors.ts';
import { destinyOf } from '../src/store/balance/destiny.ts';
import { type LoadCounts, loadObject } from '../src/store/load/load-object.ts';
import { scopeOf } from '../src/store/runs.ts';
import { billingIdOf } from '../src/store/tenancy.ts';
import { currentOwner } from './current-owner.ts';
import type { Dependencies } from './dependencies.ts';
import type { ExportedFile } from './export.ts';
import type { OpenedRun } from './open-run.ts';
import { readHeader } from './read-header.ts';

/**
 * Brings the exported files of one object into pre-staging, in one transaction; what is loaded is not read again.
 *
 * @param beat takes the progress: the object, and the bytes read so far
 */
export async function loadExported(
  deps: Dependencies,
  { run, entity, org }: Pick<OpenedRun, 'run' | 'entity' | 'org'>,
  file: ExportedFile,
  beat: (details: unknown) => void,
): Promise<LoadCounts> {
  const { db, pool, billing, aqua } = deps;
  const object = objectOf(file.object);
  const port = billing(await billingIdOf(db, entity), currentOwner().workflowId);
  let bytes = 0;
  const load = (vanish: boolean) =>
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
  // What is not in the file of an object that was read whole is gone.
  const isWhole = async () => (deps.stateful === null ? (await scopeOf(db, run)).whole : file.full);
  return load(object.kind === 'state' && (await isWhole())).catch((error: unknown) => {
    if (!(error instanceof RevsyncError && error.code === 'KEYS_VANISHED')) throw error;
    // Too much to believe: left alone here, and shown to a person when keys are compared.
    return load(false);
  });
}
