import { type RawBuilder, sql } from 'kysely';

type Sql<Value = unknown> = RawBuilder<Value>;

const KINDS = {
  account: '01',
  code: '02',
  product: '03',
  plan: '04',
  productCharge: '05',
  subscription: '06',
  ratePlan: '07',
  charge: '08',
  invoice: '09',
  item: '0a',
  credit: '0b',
  creditItem: '0c',
  debit: '0d',
  debitItem: '0e',
  adjustment: '0f',
} as const;

/**
 * The id of the nth row of a kind: 32 hexadecimal digits that some hosts gave out in the order of time, which is how
 * Billing's look. An index takes them as it takes Billing's.
 */
export const idOf = (kind: keyof typeof KINDS, n: Sql): Sql<string> =>
  sql<string>`(${sql.lit(`8ad0${KINDS[kind]}`)} || to_hex((${n}) % 4) || '93f1c06b' || lpad(to_hex(${n}), 17, '0'))`;

/** The id of the version before the newest of the nth subscription, rate plan or charge. */
export const formerIdOf = (kind: 'subscription' | 'ratePlan' | 'charge', n: Sql): Sql<string> =>
  sql<string>`(${sql.lit(`8acf${KINDS[kind]}`)} || to_hex((${n}) % 4) || '93f1c06b' || lpad(to_hex(${n}), 17, '0'))`;
