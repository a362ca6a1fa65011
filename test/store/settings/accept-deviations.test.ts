import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { type Deviation, deviationsOf } from '../../../src/domain/enablement/deviations.ts';
import { acceptDeviations } from '../../../src/store/settings/accept-deviations.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { judged, PAST_TERM } from '../../support/judged-rules.ts';
import { openReader } from '../../support/reader.ts';
import { recordTenant } from '../../support/sync-rows.ts';

const ANN = { by: 'ann', reason: 'By contract.', request: 'enablement/1/step-04-settings' };
const days = (value: string | null): Deviation[] =>
  deviationsOf(
    [
      judged('days-in-month', { entity: 'north', org: 'north', value }),
      judged('days-in-month', { entity: 'south', org: 'south', value: 'Assume30Days' }),
    ],
    [PAST_TERM],
  );

describe('acceptDeviations', () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await openTestDatabase();
    for (const org of ['north', 'south']) await recordTenant(database, org, org);
  });
  afterEach(() => database.close());

  const decisions = async (): Promise<unknown[]> =>
    (
      await database.pool.query(
        `select org, subject, before, after, reason, decided_by as by from control.decision
         where kind = 'accept-deviation' order by decision`,
      )
    ).rows;

  test('keeps a decision in each organisation, with what was accepted of it', async () => {
    await acceptDeviations(database.db, days('other'), ANN);
    const said = (entity: string, value: string) => ({
      org: entity,
      subject: 'days-in-month',
      before: {
        settings: [{ entity, rule: 'days-in-month', value, required: 'Use actual number of days' }],
      },
      after: {
        accepted: true,
        consequence:
          'Contractual values count the days there are; months of 30 days are billed at other amounts.',
      },
      reason: 'By contract.',
      by: 'ann',
    });
    expect(await decisions()).toEqual([said('north', 'other'), said('south', 'Assume30Days')]);
  });

  test('keeps the same once, and what is said otherwise beside it', async () => {
    await acceptDeviations(database.db, days('other'), ANN);
    await acceptDeviations(database.db, days('other'), ANN);
    expect(await decisions()).toHaveLength(2);
    await acceptDeviations(database.db, days(null), ANN);
    expect(await decisions()).toHaveLength(3);
    await acceptDeviations(database.db, days(null), { ...ANN, by: 'bob' });
    expect(await decisions()).toHaveLength(5);
  });

  test('keeps it once, too, where two attempts say it at the same moment', async () => {
    await Promise.all([1, 2].map(() => acceptDeviations(database.db, days('other'), ANN)));
    expect(await decisions()).toHaveLength(2);
  });

  test('keeps nothing where nothing is accepted', async () => {
    await acceptDeviations(database.db, [], ANN);
    expect(await decisions()).toEqual([]);
  });

  test('is read by the people of an organisation as far as it is theirs', async () => {
    await acceptDeviations(database.db, days('other'), ANN);
    const reader = await openReader(database, ['north']);
    try {
      const { rows } = await sql`select org, before::text as said from control.decision`.execute(reader.db);
      expect(rows).toEqual([{ org: 'north', said: expect.not.stringContaining('south') }]);
    } finally {
      await reader.close();
    }
  });
});
