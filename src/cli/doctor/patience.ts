import { RevsyncError } from '../../domain/errors.ts';

/** How long doctor waits for Billing: for each answer, and for all of them together. */
export interface Patience {
  /** Throws `DOCTOR_WAITED` when the work takes longer; it goes on unheard then. */
  readonly within: <Value>(work: Promise<Value>) => Promise<Value>;
  /** Milliseconds that are left for one answer; at least 1. */
  readonly left: () => number;
}

export function createPatience({ each, all }: { each: number; all: number }): Patience {
  const end = performance.now() + all;
  const left = (): number => Math.max(1, Math.min(each, end - performance.now()));
  return {
    left,
    async within(work) {
      const limit = left();
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(waited(limit)), limit);
      });
      try {
        return await Promise.race([work, late]);
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

/** Milliseconds, told in seconds. */
export function waited(milliseconds: number): RevsyncError {
  return new RevsyncError(`No answer within ${Math.max(1, Math.round(milliseconds / 1000))} s`, {
    code: 'DOCTOR_WAITED',
    fate: 'retry',
    remedy: 'Run doctor again when Billing is less busy.',
  });
}
