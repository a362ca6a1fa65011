import { RevsyncError, reasonOf } from '../src/domain/errors.ts';

/** Connection lost, server starting or stopping, out of disk or memory, deadlock or serialisation: later works. */
const PASSING = /^(08|40|53|55|57|58)/;
const LOST = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN']);

/** PostgreSQL's and the driver's errors as ours; undefined for anything else. */
export function databaseError(error: unknown): RevsyncError | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = (error as { code?: unknown }).code;
  const passing =
    (typeof code === 'string' && (PASSING.test(code) || LOST.has(code))) ||
    /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error/.test(
      error.message,
    );
  if (passing) {
    return new RevsyncError(`The database did not answer: ${reasonOf(error)}.`, {
      code: 'DATABASE_UNAVAILABLE',
      fate: 'retry',
      remedy: 'Bring the database back.',
      cause: error,
    });
  }
  if (typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code)) {
    const constraint = (error as { constraint?: string }).constraint;
    return new RevsyncError(`The database refused: ${reasonOf(error)}.`, {
      code: 'DATABASE_REFUSED',
      fate: 'fix-input',
      remedy: 'Report this with the workflow id; `retry` repeats the step once the cause is removed.',
      context: { sqlState: code, ...(constraint === undefined ? {} : { constraint }) },
      cause: error,
    });
  }
  return undefined;
}
