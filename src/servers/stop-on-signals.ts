import { reasonOf } from '../domain/errors.ts';
import type { Report } from './report.ts';

const NUMBERS = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 } as const;
export type StopSignal = keyof typeof NUMBERS;

/** What shells expect of a program that a signal ended: 130, 143, 129. */
export const interrupted = (signal: StopSignal): number => 128 + NUMBERS[signal];

/**
 * Stops everything once when the process is asked to end (Ctrl-C, SIGTERM, a closed terminal), then ends it.
 * Further signals do not disturb the shutdown. Returns what removes the handlers again.
 *
 * The exit code is 130, 143 or 129, since a command that was interrupted did not reach its goal. A command
 * for which this is the ordinary end, as for `up`, passes `exitCode: () => 0`. It is 1 when `stop` fails.
 */
export function stopOnSignals(
  stop: (signal: StopSignal) => Promise<void>,
  { report, exitCode = interrupted }: { report: Report; exitCode?: (signal: StopSignal) => number },
): () => void {
  let stopping = false;
  const handle = (signal: StopSignal): void => {
    if (stopping) return report('Still stopping; please wait ...');
    stopping = true;
    surviveClosedTerminal();
    report(`Stopping (${signal}) ...`);
    stop(signal).then(
      () => process.exit(exitCode(signal)),
      (error: unknown) => {
        report(`Stopping failed: ${reasonOf(error)}`);
        process.exit(1);
      },
    );
  };
  const handlers = Object.keys(NUMBERS).map((name) => {
    const signal = name as StopSignal;
    const handler = (): void => handle(signal);
    process.on(signal, handler);
    return { signal, handler };
  });
  return () => handlers.forEach(({ signal, handler }) => process.off(signal, handler));
}

/** Writing to a terminal that is gone fails, and would otherwise end the process in the middle. */
function surviveClosedTerminal(): void {
  process.stdout.on('error', () => {});
  process.stderr.on('error', () => {});
}
