import type { deviationsOf, RefusedThroughSettings } from '../../src/domain/enablement/deviations.ts';
import { ALL_RULES } from '../../src/domain/settings/judge-rules.ts';

type Judged = Parameters<typeof deviationsOf>[0][number];

/** A rule as an entity was found to have it; it does not fit unless that is said. */
export function judged(rule: string, found: Partial<Judged> = {}): Judged {
  const known = ALL_RULES.get(rule);
  if (known === undefined) throw new Error(`there is no rule ${rule}`);
  const { required, binding } = known;
  return { entity: 'demo', org: 'default', rule, value: 'other', required, fits: false, binding, ...found };
}

/** The one limitation that settings bring into effect. */
export const PAST_TERM: RefusedThroughSettings = {
  id: 'invoice-past-end-of-term',
  heading: 'Invoice Past End-of-Term billing rule',
  settings: [
    'invoice-past-end-of-term-auto-renew-off',
    'invoice-past-end-of-term-subscriptions',
    'invoice-past-end-of-term-auto-renew-on',
  ],
};
