import {
  DefaultLogger,
  GracefulShutdownPeriodExpiredError,
  type Logger as SdkLogger,
  type LogLevel,
} from '@temporalio/worker';
import pino, { type Logger } from 'pino';

/** Where finished lines go; standard error by default, since standard output belongs to the command. */
export interface Sink {
  write(line: string): void;
}

/** A log of JSON lines, each as `redact` leaves it. */
export function openLog(
  level: string,
  redact: (text: string) => string,
  sink: Sink = pino.destination(2),
): Logger {
  return pino(
    { level, serializers: { err: withoutRows, error: withoutRows } },
    { write: (line: string) => sink.write(redact(line)) },
  );
}

/** What an error says, and not what else it holds: those of the database hold rows. */
function withoutRows(error: unknown): unknown {
  if (!(error instanceof Error)) return String(error);
  const { name: type, message, stack } = error;
  return { type, message, stack };
}

const SDK_LEVEL: Readonly<Record<string, LogLevel>> = {
  trace: 'TRACE',
  debug: 'DEBUG',
  info: 'INFO',
  warn: 'WARN',
};

const METHOD = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;

/** What the SDK takes for a mistake, and we mean. */
const AS_INTENDED: ReadonlySet<string> = new Set([
  'No workflows registered, not polling for workflow tasks',
  'No Nexus services registered, not polling for Nexus tasks',
]);

/** A worker that was told to stop, and whose activities did not end. */
const isForced = (error: unknown): boolean => error instanceof GracefulShutdownPeriodExpiredError;

/**
 * What the Temporal SDK and workflows log, as lines of ours: `workflowId`, `runId`, `taskQueue` and the others of the
 * SDK stay beside the message.
 */
export function sdkLogger(log: Logger): SdkLogger {
  return new DefaultLogger(SDK_LEVEL[log.level] ?? 'ERROR', ({ level, message, meta = {} }) => {
    // We say so ourselves, in our words and without what the error holds.
    if (message === 'Activity failed') return;
    if (message === 'Worker failed' && isForced(meta['error'])) return;
    log[METHOD[AS_INTENDED.has(message) ? 'DEBUG' : level]](meta, message);
  });
}
