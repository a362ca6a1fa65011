import { type RawBuilder, sql } from 'kysely';

import { isFixedDiscount, isPercentageDiscount } from '../../limitations/charge.ts';
import { signsAgree } from './signs.ts';

/** What decides the type of a line; amounts are as staged, credits negative. */
export interface CreditFacts {
  /** The alias of the charge. */
  readonly charge: string;
  readonly evergreen: RawBuilder<boolean | null>;
  readonly billed: RawBuilder<unknown>;
  /** What the charge books. */
  readonly booked: RawBuilder<unknown>;
  /** What the charge books that a percentage discount was applied to. */
  readonly appliedBooked: RawBuilder<unknown>;
}

/**
 * The decision table of domain.md 3.2 for credit memos of bill runs and for invoice item adjustments: a billing
 * in the direction of its booking is an invoice, one against it is `credit`, and so is one of nothing.
 */
export function typeBySigns(
  { charge, evergreen, billed, booked, appliedBooked }: CreditFacts,
  credit: 'CM' | 'CM-C',
): RawBuilder<string> {
  const against = sql.lit(credit);
  return sql<string>`case
    when ${billed} = 0 then ${against}
    when ${isFixedDiscount(charge)} then case when ${billed} < 0 then 'INV' else ${against} end
    when ${isPercentageDiscount(charge)} and ${evergreen}
      then case when ${signsAgree(appliedBooked, billed)} then ${against} else 'INV' end
    when ${signsAgree(booked, billed)} then 'INV'
    else ${against}
  end`;
}
