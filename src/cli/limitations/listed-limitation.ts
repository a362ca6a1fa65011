import type { Limitation } from '../../limitations/limitation.ts';
import { type Triple, tripleOf } from '../../limitations/triple.ts';

type Told = Pick<
  Limitation,
  | 'id'
  | 'heading'
  | 'point'
  | 'scope'
  | 'outcome'
  | 'checkedAt'
  | 'implies'
  | 'settings'
  | 'does'
  | 'remedy'
  | 'before'
>;

/** A known limitation as `revsync limitations --json` lists it. */
export interface ListedLimitation extends Told, Triple {
  /** Whether Billing shows what of it a tenant would hit. */
  readonly foundInBilling: boolean;
}

export function listedLimitation(rule: Limitation): ListedLimitation {
  const { id, heading, point, scope, outcome, checkedAt, implies, settings, does, remedy, before } = rule;
  const told = { id, heading, point, scope, outcome, checkedAt, implies, settings, does, remedy, before };
  return { ...told, foundInBilling: rule.inBilling !== null || settings.length > 0, ...tripleOf(id) };
}
