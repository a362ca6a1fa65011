import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { takeCandidates } from '../../../src/store/collect/candidates.ts';
import { chooseBookings } from '../../../src/store/collect/eligibility.ts';
import { contentOf } from '../../../src/store/lines/content.ts';
import { rulesOfOrg } from '../../../src/store/validation/rules-of-org.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { lineId, stageBookings, type StagedBooking } from '../../support/staged-bookings.ts';
import { collectOrg } from '../../support/sync-rows.ts';

describe('eligibility of SO lines', () => {
  let database: TestDatabase;
  let org = '';
  let orgs = 0;
  beforeAll(async () => void (database = await openTestDatabase()));
  beforeEach(() => void (org = `org-${(orgs += 1)}`));
  afterAll(() => database.close());

  const booked = (version: number, day = '2024-01-02', more: Partial<StagedBooking> = {}): StagedBooking => ({
    soLineId: 'a.1',
    version,
    ...more,
    fields: { 'SO Book Date': day, ...more.fields },
  });
  /** What a collection of January would do with them. */
  const outcomes = (...bookings: StagedBooking[]) =>
    stageBookings(database, org, bookings).then(() =>
      database.db.transaction().execute(async (trx) => {
        await takeCandidates(trx, org, await rulesOfOrg(trx, org));
        await chooseBookings(trx, { org, collection: '0', periodEnd: '2024-02-01' });
        const { rows } = await sql<{ id: string; outcome: string; stale: boolean }>`
          select id, outcome, stale from candidate order by id collate "C"`.execute(trx);
        return rows.map(({ id, outcome, stale }) => `${id} ${outcome}${stale ? ', stale' : ''}`);
      }),
    );
  const release = (booking: StagedBooking, as: string) =>
    sql`insert into staging.release (entity, org, line, released_as, content, reason, released_by)
      select entity, org, id, ${as}, ${contentOf('l')}, 'test', 'ann' from staging.line as l
      where org = ${org} and id = ${lineId(booking)}`.execute(database.db);
  test('are booked before the end of the open period, its last day included', async () => {
    expect(await outcomes(booked(1, '2024-01-31'), booked(1, '2024-02-01', { soLineId: 'b.1' }))).toEqual([
      'SO:a.1@1 collected',
      'SO:b.1@1 waits-for-open-period',
    ]);
  });

  test('the newest eligible version stands, and what is older is superseded', async () => {
    expect(await outcomes(booked(1), booked(3, '2024-03-01'), booked(2), booked(10, '2024-03-01'))).toEqual([
      'SO:a.1@1 superseded',
      'SO:a.1@10 waits-for-open-period',
      'SO:a.1@2 collected',
      'SO:a.1@3 waits-for-open-period',
    ]);
  });

  test('an older version is superseded even if its own day has not come', async () => {
    expect(await outcomes(booked(1, '2024-03-01'), booked(2))).toEqual([
      'SO:a.1@1 superseded',
      'SO:a.1@2 collected',
    ]);
  });

  test('a version older than the one that is collected came late, and is stale', async () => {
    await stageBookings(database, org, [booked(2)]);
    await collectOrg(database, org);
    expect(await outcomes(booked(1), booked(3, '2024-03-01'))).toEqual([
      'SO:a.1@1 superseded, stale',
      'SO:a.1@3 waits-for-open-period',
    ]);
  });

  test('of two forms of a version that a person released, the newer one stands', async () => {
    await stageBookings(database, org, [booked(2)]);
    await collectOrg(database, org);
    const forms = [2, 10].map((form) => booked(2, '2024-01-02', { form }));
    await stageBookings(database, org, forms);
    for (const form of forms) await release(form, 'correction');
    expect(await outcomes()).toEqual(['SO:a.1@2#10 collected', 'SO:a.1@2#2 superseded']);
    await collectOrg(database, org);
    const late = booked(2, '2024-01-02', { form: 2, soLineId: 'a.1', fields: { ATR1: 'late' } });
    await sql`delete from staging.line_state where org = ${org} and id = ${lineId(late)}`.execute(
      database.db,
    );
    await sql`delete from staging.line where org = ${org} and id = ${lineId(late)}`.execute(database.db);
    expect(await outcomes(late)).toEqual(['SO:a.1@2#2 superseded, stale']);
  });

  test('a released form of an older version changes nothing any more', async () => {
    await stageBookings(database, org, [booked(1), booked(2)]);
    await collectOrg(database, org);
    const late = booked(1, '2024-01-02', { form: 2 });
    await stageBookings(database, org, [late]);
    await release(late, 'correction');
    expect(await outcomes()).toEqual(['SO:a.1@1#2 superseded, stale']);
  });

  test('a rejected version stands aside for older ones', async () => {
    await stageBookings(database, org, [booked(1), booked(2)]);
    await release(booked(2), 'rejected');
    expect(await outcomes()).toEqual(['SO:a.1@1 collected', 'SO:a.1@2 rejected']);
  });
});
