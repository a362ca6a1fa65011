import type { FindingText } from '../domain/findings.ts';
import type { Footprint } from './limitation.ts';

/**
 * Something that Billing allows and best practice forbids (domain.md section 8), because revenue follows it late or
 * not at all: no limitation of its own, but readiness looks for it, and some of it a sync reports.
 */
export interface Practice {
  readonly id: string;
  readonly title: string;
  /** What becomes of it in revsync. */
  readonly does: string;
  readonly remedy: string;
  readonly before: string;
  readonly inBilling: Footprint;
  readonly finding: FindingText | null;
}
