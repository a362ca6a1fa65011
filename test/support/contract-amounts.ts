import { listContracts } from '../../src/store/contracts.ts';
import type { TestDatabase } from './database.ts';

/** What an organisation's contracts come to, in the order of their keys. */
export async function contractAmounts({ db }: Pick<TestDatabase, 'db'>, org: string) {
  const contracts = await listContracts(db, { org });
  return contracts
    .map(({ key, bookings, billings, lines, obligations }) => ({
      key,
      bookings,
      billings,
      lines,
      obligations,
    }))
    .toSorted((a, b) => (a.key < b.key ? -1 : 1));
}
