import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { linesOf } from '../../support/held-lines.ts';
import { lineId, stageBookings } from '../../support/staged-bookings.ts';
import { collectOrg } from '../../support/sync-rows.ts';

describe('an SO line is judged by what it was booked with before', () => {
  let database: TestDatabase;
  let org = '';
  let orgs = 0;
  beforeAll(async () => void (database = await openTestDatabase()));
  beforeEach(() => void (org = `org-${(orgs += 1)}`));
  afterAll(() => database.close());

  const version = (number: number, amount: string) => ({ soLineId: 'a.1', version: number, amount });
  const collected = async (...versions: readonly ReturnType<typeof version>[]) => {
    await stageBookings(database, org, versions);
    await collectOrg(database, org);
  };
  const status = async (line: string) =>
    (await linesOf(database, org).statuses()).find((each) => each.startsWith(`${line} `))?.split(' ')[1];

  const [UP, ZERO, DOWN] = [version(1, '100'), version(2, '0'), version(3, '-50')];

  test.each([
    ['all together', [[UP, ZERO, DOWN]]],
    ['one by one', [[UP], [ZERO], [DOWN]]],
    ['the first two together', [[UP, ZERO], [DOWN]]],
    ['the last two together', [[UP], [ZERO, DOWN]]],
    ['the zero first', [[ZERO], [UP], [DOWN]]],
    ['the zero first, the others together', [[ZERO], [UP, DOWN]]],
  ])('through a version of zero: %s', async (_way, batches) => {
    for (const batch of batches) await collected(...batch);
    expect(await status(lineId(DOWN))).toBe('stopped');
  });

  test('what stands is not undone by an older version that comes late', async () => {
    await collected(version(2, '-100'));
    await collected(UP);
    await collected(DOWN);
    expect(await linesOf(database, org).statuses()).toEqual([
      'SO:a.1@1 superseded',
      'SO:a.1@2 collected',
      'SO:a.1@3 collected',
    ]);
  });
});
