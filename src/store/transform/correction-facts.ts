import { sql } from 'kysely';

import { isEvergreen, isPercentageDiscount } from '../../limitations/charge.ts';
import type { CreditFacts } from './credit-type.ts';

/** What decides the type of a correction, as the joins of its routes have it. */
export const CORRECTION_FACTS: CreditFacts = {
  charge: 'RatePlanCharge',
  evergreen: isEvergreen('Subscription'),
  billed: sql`"Facts".billed`,
  // A percentage discount books what it takes off, whatever sign Billing writes it with.
  booked: sql`case when ${isPercentageDiscount('RatePlanCharge')} then -1 else "ChargeContractualValueAllCharges".amount end`,
  appliedBooked: sql`"AppliedToPrice".amount`,
};

/** Credits come as memos, else as adjustments (domain.md 3.3); unknown before an entity's first run. */
export const SETTLED = sql<boolean>`coalesce("Entity".invoice_settlement, false)`;
