import { RevsyncError } from '../src/domain/errors.ts';

/** A job that ended badly. */
export function exportFailed(jobId: string, reason: string): RevsyncError {
  return new RevsyncError(`Billing could not run export ${jobId}: ${reason}`, {
    code: 'EXPORT_FAILED',
    fate: 'fix-input',
    remedy: 'The export is asked for again; if it keeps failing, read Billing’s reason.',
    context: { job: jobId },
  });
}
