import type { Logger } from 'pino';

/** Told how something is now: null, or what is wrong with it. */
export type Changes = (what: string, reason: string | null) => void;

/** Logs when something goes wrong, with the reason, and when it is back; what stays as it is is not repeated. */
export function changesIn(log: Logger): Changes {
  const wrong = new Set<string>();
  return (what, reason) => {
    if (reason === null) {
      if (wrong.delete(what)) log.info({ check: what }, `${what}: back`);
      return;
    }
    if (wrong.has(what)) return;
    wrong.add(what);
    log.warn({ check: what, reason }, `${what}: down`);
  };
}
