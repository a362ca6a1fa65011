import { sql } from 'kysely';

import type { LineType } from '../../../schema/database.ts';
import { takeCandidates } from '../collect/candidates.ts';
import { validateBillings, validateBookings, validateLines } from '../collect/validate.ts';
import type { Db } from '../database.ts';
import type { RuleBook } from './rules-of-org.ts';

/** A line that breaks a rule. */
export interface BrokenRule {
  readonly rule: string;
  readonly line: string;
  readonly entity: string;
  readonly type: LineType;
  readonly subscription: string | null;
  readonly message: string;
  readonly remedy: string;
}

export interface Trial {
  readonly org: string;
  /** How many lines were looked at. */
  readonly lines: number;
  readonly broken: readonly BrokenRule[];
}

/**
 * Judges the lines now in Staging by these rules, as the next collection would with the bookings there are. With
 * `collected`, lines that are collected too. Writes nothing.
 */
export async function tryRules(
  db: Db,
  { org, book, collected }: { org: string; book: RuleBook; collected: boolean },
): Promise<Trial> {
  const trx = await db.startTransaction().execute();
  try {
    await takeCandidates(trx, org, book, { collected });
    await validateLines(trx, book);
    await validateBookings(trx, org, book);
    await validateBillings(trx, org, book);
    const { rows } = await sql<BrokenRule>`
      select st.limitation as rule, c.id as line, c.entity, c.type, c.subscription_name as subscription, st.message,
        st.remedy
      from stop as st join candidate as c on c.entity = st.entity and c.id = st.id
      order by st.limitation, c.id collate "C", c.entity`.execute(trx);
    const { rows: counted } = await sql<{ lines: number }>`
      select count(*)::integer as lines from candidate`.execute(trx);
    return { org, lines: counted[0]?.lines ?? 0, broken: rows };
  } finally {
    await trx.rollback().execute();
  }
}
