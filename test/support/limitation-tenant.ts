import { expect } from 'vitest';

import type { Footprint, Limitation } from '../../src/limitations/limitation.ts';
import type { Db } from '../../src/store/database.ts';
import { summarizeHits } from '../../src/store/limitations/hits.ts';

/** `<object> <id>` of what a rule finds in pre-staging, sorted. */
export async function foundInBilling(
  db: Db,
  { inBilling }: { readonly inBilling: Footprint | null },
  entity = 'demo',
): Promise<string[]> {
  if (inBilling === null) throw new Error('the rule has no footprint in Billing');
  const { samples, count } = await summarizeHits(db, inBilling.hits(entity));
  expect(samples).toHaveLength(Number(count)); // a test has few of them
  return samples.map(({ object, id }) => `${object} ${id}`).toSorted();
}

/** Ids of the lines that a rule concerns, sorted. */
export async function foundInStaging(
  db: Db,
  { inStaging }: Pick<Limitation, 'inStaging'>,
  entity = 'demo',
): Promise<string[]> {
  if (inStaging === null) throw new Error('the rule concerns no lines');
  const { samples, count } = await summarizeHits(db, inStaging(entity));
  expect(samples).toHaveLength(Number(count));
  return samples.map(({ id }) => id).toSorted();
}

/** `<amount> <currency>` that is at stake in what a rule finds in pre-staging, in the order of currencies. */
export async function atStake(
  db: Db,
  { inBilling }: { readonly inBilling: Footprint | null },
  entity = 'demo',
): Promise<string[]> {
  if (inBilling === null) throw new Error('the rule has no footprint in Billing');
  const { amounts } = await summarizeHits(db, inBilling.hits(entity));
  return amounts.map(({ amount, currency }) => `${amount} ${currency ?? '-'}`);
}
