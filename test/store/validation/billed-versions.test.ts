import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { type Billing, chaptersOf, type Story, tenantOf } from '../../support/charge-stories.ts';
import { contractAmounts } from '../../support/contract-amounts.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { linesOf } from '../../support/held-lines.ts';
import { collectOrg, type Rows, syncRows } from '../../support/sync-rows.ts';

const NEGATIVE: Billing = { id: 'i', kind: 'invoice', amount: '-50' };
const POSITIVE: Billing = { id: 'i', kind: 'invoice', amount: '50' };

describe('a billing is judged by the version it was billed under', () => {
  let database: TestDatabase;
  let org = '';
  let orgs = 0;
  beforeAll(async () => void (database = await openTestDatabase()));
  beforeEach(() => void (org = `org-${(orgs += 1)}`));
  afterAll(() => database.close());

  /** Loads chapters of the story, by their numbers. */
  const sync = (story: Story, chapters: readonly number[]) => {
    const rows: Record<string, Rows[string]> = { ...tenantOf([]) };
    const told = chaptersOf(story);
    for (const [object, row] of chapters.flatMap((chapter) => told[chapter] ?? [])) {
      rows[object] = [...(rows[object] ?? []), row];
    }
    return syncRows(database, rows, { entity: org, org, settlement: true });
  };
  const collect = () => collectOrg(database, org);
  const status = async (line: string) =>
    (await linesOf(database, org).statuses()).find((each) => each.startsWith(`${line} `))?.split(' ')[1];
  const billings = async () => (await contractAmounts(database, org)).map((contract) => contract.billings);

  /** What became of the last chapter, a billing, for every batching and order of batches. */
  const everyWay = async (story: Story, batchings: readonly (readonly number[])[][]) => {
    const ends: string[] = [];
    for (const [index, batches] of batchings.entries()) {
      org = `${org.replace(/-b\d+$/, '')}-b${index}`;
      for (const chapters of batches) {
        await sync(story, chapters);
        await collect();
      }
      ends.push(`${await status('INV:i')} ${(await billings()).join()}`);
    }
    return new Set(ends);
  };

  const TWO: Story = { id: 'a', versions: [{ booked: '0' }, { booked: '100' }] };

  test('and not by what its booking came to be since, however they arrive', async () => {
    const ways = [[[0, 1, 2]], [[0, 2], [1]], [[0], [1], [2]], [[0, 1], [2]], [[1], [0], [2]], [[1], [0, 2]]];
    expect(await everyWay({ ...TWO, billings: [NEGATIVE] }, ways)).toEqual(new Set(['collected -50.00']));
  });

  test('and by the newer one when it was billed under that', async () => {
    const ways = [[[0, 1, 2]], [[0], [1, 2]], [[0], [1], [2]], [[1, 2], [0]]];
    const story: Story = { ...TWO, billings: [{ ...NEGATIVE, version: 2 }] };
    expect(await everyWay(story, ways)).toEqual(new Set(['stopped 0.00']));
  });

  test('and not by a version that was stopped or rejected: the one before it judges', async () => {
    const story: Story = {
      id: 'a',
      versions: [{ booked: '100' }, { booked: '0' }, { booked: '0' }],
      billings: [{ ...NEGATIVE, version: 2 }],
    };
    // The first version is passed over by the third, and the second never counts.
    await sync(story, [0, 1, 2]);
    await sql`update staging.line_state set status = 'rejected' where org = ${org} and id = 'SO:a.1@2'`.execute(
      database.db,
    );
    await collect();
    expect(await status('SO:a.1@1')).toBe('superseded');
    await sync(story, [3]);
    await collect();
    expect(await status('INV:i')).toBe('stopped');
  });

  test('in the currency of that version, too', async () => {
    await sync({ ...TWO, billings: [POSITIVE] }, [0, 1, 2]);
    await sql`update staging.line set transaction_currency = 'EUR' where org = ${org} and id in ('SO:a.1@1', 'INV:i')`.execute(
      database.db,
    );
    await collect();
    expect(await status('INV:i')).toBe('collected');
  });
});
