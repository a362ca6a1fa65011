import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { Hit } from '../../../src/limitations/limitation.ts';
import { summarizeHits } from '../../../src/store/limitations/hits.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';

/** Hits of these amounts, `12.5 USD`; `-` has none. */
const hitsOf = (...texts: readonly string[]) =>
  sql<Hit>`select 'Invoice' as object, id, amount, currency, null::text as detail from (values ${sql.join(
    texts.map((text) => {
      const [amount, currency] = text === '-' ? [null, null] : text.split(' ');
      return sql`(${text}::text, ${amount}::numeric, ${currency}::text)`;
    }),
  )}) as hit (id, amount, currency)`;

describe('summarizeHits', () => {
  let database: TestDatabase;
  beforeAll(async () => void (database = await openTestDatabase()));
  afterAll(() => database.close());

  const summarized = (...texts: readonly string[]) => summarizeHits(database.db, hitsOf(...texts));

  test('sums by currency, with signs and without', async () => {
    expect(await summarized('10.10 USD', '-4.1 USD', '3 EUR', '-')).toMatchObject({
      count: '4',
      amounts: [
        { currency: 'EUR', amount: '3', gross: '3' },
        { currency: 'USD', amount: '6', gross: '14.2' },
      ],
    });
  });

  test('shows the largest of each currency in turn, and those without an amount last', async () => {
    const { samples } = await summarized('900 JPY', '800 JPY', '700 JPY', '-', '-2 EUR', '1 EUR', '1 USD');
    expect(samples.map(({ id }) => id)).toEqual(['-2 EUR', '900 JPY', '1 USD', '1 EUR', '800 JPY']);
    const few = await summarized('-', '1 USD');
    expect(few.samples.map(({ id }) => id)).toEqual(['1 USD', '-']);
  });
});
