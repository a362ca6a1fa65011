import type { LimitationId } from '../limitations.ts';
import { type Answer, refused } from './answer.ts';

/** A known limitation that refuses requests, and what to do instead: its rule and its answers say the same. */
interface Refusal {
  readonly limitation: LimitationId;
  readonly remedy: string;
}

export const VC_FORMULA: Refusal = {
  limitation: 'variable-consideration-formula',
  remedy: 'Write the formula with amounts of the line itself, such as Ext Sell Price or Ext List Price.',
};

export const MASS_ACTION: Refusal = {
  limitation: 'mass-actions',
  remedy:
    'Take the action on the contracts: `revsync contract hold`, `release`, `close`, `open` or `regroup`.',
};

export const EVENT: Refusal = {
  limitation: 'event-by-amount',
  remedy: 'Set the event up By Percent.',
};

export const MATERIAL_RIGHT: Refusal = {
  limitation: 'material-rights',
  remedy:
    'Book the option as an SO line of its own when the customer takes it up, or account for the right outside.',
};

/** The answer to a request that a known limitation refuses. */
export const refusedBy = ({ limitation, remedy }: Refusal, message: string): Answer =>
  refused(limitation, message, remedy);
