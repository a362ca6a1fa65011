import type { Billing } from '../src/billing/port.ts';
import type { Selection } from '../src/store/runs.ts';
import { type Described, describeAll } from './export-plan.ts';

const HOUR = 3_600_000;

/** For whom something is described. */
interface Reader {
  readonly entity: string;
  readonly selection: Selection;
  /** Whether what was kept may be used, which another worker may know better. */
  readonly trusts: (kept: readonly Described[]) => boolean;
}

interface Catalogue {
  readonly described: readonly Described[];
  /** Whether it may have changed since. */
  readonly isKept: boolean;
}

/**
 * What Billing lets an entity's runs export, kept for the light ones: a loop would ask some thirty times a run for what
 * changes once a year. Each worker keeps its own, for an hour at most.
 *
 * @param now milliseconds since 1970
 */
export function createDescribedCatalogue(now: () => number) {
  const kept = new Map<string, { readonly at: number; readonly described: readonly Described[] }>();

  return {
    /** What was kept, if it is young and trusted; else what Billing says now. */
    async describedFor({ entity, selection, trusts }: Reader, billing: Billing): Promise<Catalogue> {
      const known = kept.get(entity);
      if (known !== undefined && now() - known.at < HOUR && trusts(known.described)) {
        return { described: known.described, isKept: true };
      }
      const described = await describeAll(billing, selection.objects);
      if (selection.objects === undefined) kept.set(entity, { at: now(), described });
      return { described, isKept: false };
    },

    /** An export that was planned from it came to nothing: Billing may let us read something else by now. */
    forget(entity: string): void {
      kept.delete(entity);
    },
  };
}
