import { reasonOf } from '../domain/errors.ts';
import type { Changes } from './changes.ts';
import { kept, within } from './kept.ts';

const PATIENCE = 2_000;
const KEPT = 1_000;

/** What a worker needs in order to work, each with what it says of itself. */
export type Readiness = Readonly<Record<string, 'ok' | (string & {})>>;

export type ReadinessChecks = Readonly<Record<string, () => Promise<string> | string>>;

/**
 * Asks everything at once, at most once a second. A check answers `ok` or what is wrong in a word; one that fails or
 * takes too long is `down`. Why is for `changes`, which logs: the endpoint may be open to more people.
 */
export function readinessOf(checks: ReadinessChecks, changes: Changes): () => Promise<Readiness> {
  return kept(KEPT, async () =>
    Object.fromEntries(
      await Promise.all(
        Object.entries(checks).map(async ([name, check]): Promise<[string, string]> => {
          let reason: string | null = null;
          const answer = await within(PATIENCE, Promise.resolve().then(check)).catch((error: unknown) => {
            reason = reasonOf(error);
            return 'down';
          });
          changes(`readiness of ${name}`, answer === 'ok' ? null : (reason ?? answer));
          return [name, answer];
        }),
      ),
    ),
  );
}

export const isReady = (readiness: Readiness): boolean =>
  Object.values(readiness).every((state) => state === 'ok');
