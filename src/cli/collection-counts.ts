import type { CollectionOutcome } from '../../workflows/data-collection.ts';

/** What a Data Collection did, as commands print it: counts of things, and so plain numbers. */
export interface CollectionCounts {
  readonly org: string;
  readonly contracts: number;
  readonly lines: number;
  readonly collected: number;
  readonly waiting: number;
  readonly stopped: number;
}

/** The counts of an outcome, which travels as exact text. */
export function collectionCounts(outcome: CollectionOutcome): CollectionCounts {
  const { org, contracts, lines, collected, waiting, stopped } = outcome;
  return {
    org,
    contracts: Number(contracts),
    lines: Number(lines),
    collected: Number(collected),
    waiting: Number(waiting),
    stopped: Number(stopped),
  };
}
