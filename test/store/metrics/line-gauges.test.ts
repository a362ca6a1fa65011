import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { holdCounts } from '../../../src/store/hold-counts.ts';
import { lineGauges } from '../../../src/store/metrics/line-gauges.ts';
import type { TestDatabase } from '../../support/database.ts';
import { openReader } from '../../support/reader.ts';
import { openTwoOrganizations, OURS, THEIRS } from '../../support/two-organizations.ts';

describe('lineGauges', () => {
  let database: TestDatabase;
  beforeAll(async () => void (database = await openTwoOrganizations()));
  afterAll(() => database.close());

  test('counts the holds that there are, by organisation, rule and kind', async () => {
    const { holds } = await lineGauges(database.db);
    const totals: Record<string, number> = {};
    for (const { limitation, count } of holds) totals[limitation] = (totals[limitation] ?? 0) + count;
    expect(totals).toEqual(await holdCounts(database.db));
    expect(Object.keys(totals).length).toBeGreaterThan(1);
    expect(new Set(holds.map(({ org }) => org))).toEqual(new Set([OURS, THEIRS]));
  });

  test('counts the lines that are not collected, with 0 where there are none', async () => {
    const { waiting } = await lineGauges(database.db);
    const states = await database.db
      .selectFrom('staging.line_state')
      .select(['org', 'status', (eb) => eb.fn.countAll<string>().as('count')])
      .groupBy(['org', 'status'])
      .execute();
    const expected = [OURS, THEIRS].flatMap((org) =>
      ['ready', 'held', 'waiting', 'stopped'].map((status) => ({
        org,
        status,
        count: Number(states.find((each) => each.org === org && each.status === status)?.count ?? 0),
      })),
    );
    const key = ({ org, status }: { org: string; status: string }) => `${org} ${status}`;
    const sorted = <Row extends { org: string; status: string }>(rows: readonly Row[]) =>
      rows.toSorted((a, b) => key(a).localeCompare(key(b)));
    expect(sorted(waiting)).toEqual(sorted(expected));
    expect(waiting.some(({ count }) => count > 0)).toBe(true);
    expect(waiting.some(({ count }) => count === 0)).toBe(true);
  });

  test('tells a reader of its organisations only', async () => {
    const reader = await openReader(database, [OURS]);
    try {
      const { holds, waiting } = await lineGauges(reader.db);
      expect(new Set(holds.map(({ org }) => org))).toEqual(new Set([OURS]));
      expect(new Set(waiting.map(({ org }) => org))).toEqual(new Set([OURS]));
    } finally {
      await reader.close();
    }
  });
});
