import { RevsyncError } from '../src/domain/errors.ts';
import type { Dependencies } from './dependencies.ts';
import type { AwaitedExport, ExportedFile } from './export.ts';
import { exportFailed } from './export-failed.ts';
import { whileHeartbeating } from './heartbeating.ts';
import { loadExported } from './load-exported.ts';

const isEmpty = ({ recordCount }: ExportedFile): boolean => recordCount === '0';

/**
 * Loads the files of an export that Billing says hold no row, which shows that it is so; answers the others. Safe to
 * repeat, as `loadExported` is.
 *
 * @throws RevsyncError `EXPORT_FAILED` for a file that cannot be used: looking again would not mend it, asking may
 */
export async function loadEmpty(
  deps: Dependencies,
  opened: AwaitedExport,
  files: readonly ExportedFile[],
): Promise<ExportedFile[]> {
  await whileHeartbeating(async (beat) => {
    for (const file of files.filter(isEmpty)) await loadExported(deps, opened, file, beat);
  }).catch((error: unknown) => {
    const unusable = error instanceof RevsyncError && /^(BILLING_FILE|RECORD_COUNT)_/.test(error.code);
    throw unusable ? exportFailed(opened.jobId, error.message) : error;
  });
  return files.filter((file) => !isEmpty(file));
}
