import { randomUUID } from 'node:crypto';

import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { type Rejection, rejectHold } from '../../../src/store/holds/reject.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { openReader } from '../../support/reader.ts';
import { linesOf, recollected, STOPPED } from '../../support/held-lines.ts';
import { sampleTenant, withChanged } from '../../support/sample-tenant.ts';
import { collectOrg, type Rows, syncRows } from '../../support/sync-rows.ts';

describe('rejectHold', () => {
  let database: TestDatabase;
  let org = '';
  let orgs = 0;
  beforeAll(async () => void (database = await openTestDatabase()));
  beforeEach(() => void (org = `org-${(orgs += 1)}`));
  afterAll(() => database.close());

  const sync = (rows: Rows) => syncRows(database, rows, { entity: org, org });
  const collect = () => collectOrg(database, org);
  const lines = () => linesOf(database, org);
  const reject = (what: Partial<Rejection>) =>
    rejectHold(database.db, { org, reason: 'Billed twice.', by: 'ann', request: randomUUID(), ...what });

  test('keeps a stopped line out of the contracts for good, with who, why and what was before', async () => {
    await sync(sampleTenant());
    await collect();
    await sync(recollected('2'));
    expect(await reject({ lines: [STOPPED] })).toEqual({
      org,
      as: 'rejected',
      decided: '1',
      lines: [STOPPED],
    });
    expect(await lines().statuses()).toContain(`${STOPPED} rejected`);
    await collect();
    expect(await lines().statuses()).toContain(`${STOPPED} rejected`);
    expect(await lines().bookings()).toMatchObject([{ line: 'SO:orig.1@1', amount: '1200' }]);
    expect(await lines().decisions()).toMatchObject([
      {
        kind: 'reject-line',
        subject: STOPPED,
        before: { status: 'stopped', holds: ['same-version-recollection'] },
        after: { status: 'rejected', as: 'rejected' },
        reason: 'Billed twice.',
        by: 'ann',
      },
    ]);
  });

  test('rejects what breaks any rule, and what waits for a booking that never comes', async () => {
    await sync(withChanged(sampleTenant(), 'RatePlanCharge', 'rpc1', { OriginalOrderDate: null }));
    await sql`update staging.line set invoice_num = null where org = ${org} and id = 'INV:item2'`.execute(
      database.db,
    );
    await collect();
    await reject({ filter: { type: 'INV', hold: 'waits-for-booking' } });
    await reject({ lines: ['INV:item2'] });
    await collect();
    expect(await lines().statuses()).toEqual([
      'INV:item1 rejected',
      'INV:item2 rejected',
      'SO:orig.1@1 held',
    ]);
  });

  test('refuses what is not complete, what only waits and what is rejected already', async () => {
    await sync(withChanged(sampleTenant(), 'RatePlanCharge', 'rpc1', { OriginalOrderDate: null }));
    await collect();
    await expect(reject({ lines: ['SO:orig.1@1'] })).rejects.toMatchObject({
      code: 'REJECT_REFUSED',
      message: expect.stringContaining('not complete'),
    });
    await reject({ lines: ['INV:item1'] });
    await expect(reject({ lines: ['INV:item1'] })).rejects.toMatchObject({
      message: expect.stringContaining('rejected already'),
    });
  });

  test('an operator decides with nothing but an operator’s rights, and only for organisations of theirs', async () => {
    await sync(sampleTenant());
    await collect();
    await sync(recollected('2'));
    const operator = await openReader(database, [org], 'revsync_operator');
    const decision = { reason: 'Billed twice.', by: operator.name };
    try {
      await rejectHold(operator.db, { ...decision, org, lines: [STOPPED], request: randomUUID() });
      expect(await lines().statuses()).toContain(`${STOPPED} rejected`);
      const elsewhere = { ...decision, org: 'org-1', filter: { hold: 'same-version-recollection' } };
      await expect(rejectHold(operator.db, { ...elsewhere, request: randomUUID() })).rejects.toMatchObject({
        code: 'NOTHING_HELD',
      });
    } finally {
      await operator.close();
    }
  });
});
