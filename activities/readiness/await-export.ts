import { setTimeout } from 'node:timers/promises';

import type { Billing, ExportFile } from '../../src/billing/port.ts';
import { RevsyncError } from '../../src/domain/errors.ts';
import type { Report } from '../../src/servers/report.ts';

const FIRST_POLL = 250;
const LONGEST_POLL = 30_000;

export interface Patient {
  readonly report: Report;
  readonly signal: AbortSignal;
}

/**
 * Looks at the job until it is done, ever more seldom. Whoever gives up waiting tells Billing so.
 *
 * @throws RevsyncError `EXPORT_FAILED`
 */
export async function awaitExport(
  billing: Billing,
  job: string,
  { report, signal }: Patient,
): Promise<readonly ExportFile[]> {
  try {
    for (let wait = FIRST_POLL; ; wait = Math.min(wait * 2, LONGEST_POLL)) {
      const status = await billing.exportStatus(job);
      if (status.state === 'completed') return status.files;
      if (status.state === 'failed') throw exportFailed(job, status.reason);
      if (wait >= LONGEST_POLL) report(`Export ${job} is still running in Billing.`);
      await setTimeout(wait, undefined, { signal });
    }
  } catch (error) {
    if (signal.aborted) await billing.cancelExport(job);
    throw error;
  }
}

/** A job that ended badly. */
export function exportFailed(job: string, reason: string): RevsyncError {
  return new RevsyncError(`Billing could not run export ${job}: ${reason}`, {
    code: 'EXPORT_FAILED',
    fate: 'retry',
    remedy: 'Run readiness again; if it keeps failing, read Billing’s reason.',
    context: { job },
  });
}
