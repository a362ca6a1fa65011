import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { listContracts } from '../../../src/store/contracts.ts';
import {
  closeContracts,
  holdContracts,
  openContracts,
  releaseContracts,
} from '../../../src/store/contracts/mass-actions.ts';
import { showContract } from '../../../src/store/contracts/show-contract.ts';
import { openCollection } from '../../../src/store/collections.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { stageBookings } from '../../support/staged-bookings.ts';
import { collectOrg } from '../../support/sync-rows.ts';

const WHY = { reason: 'Disputed.', by: 'ann' };

describe('a mass action on contracts', () => {
  let database: TestDatabase;
  let org = '';
  let orgs = 0;
  let ids: string[] = [];
  beforeAll(async () => void (database = await openTestDatabase()));
  beforeEach(async () => {
    org = `org-${(orgs += 1)}`;
    await stageBookings(database, org, [
      { soLineId: 'a.1' },
      { soLineId: 'b.1', fields: { 'Term Number': '2' } },
      { soLineId: 'c.1', fields: { 'Subscription Name': 'S-2' } },
    ]);
    await collectOrg(database, org);
    ids = (await listContracts(database.db, { org })).map(({ id }) => id);
  });
  afterAll(() => database.close());

  const show = (id = '') => showContract(database.db, { id, org });
  const decisions = async () =>
    (
      await sql`
        select kind, subject, before, after, reason, decided_by from control.decision
        where org = ${org} and kind like 'contract-%' order by decision`.execute(database.db)
    ).rows;

  test('applies a hold once, makes a version of it and keeps who and why', async () => {
    const [id = ''] = ids;
    const hold = () => holdContracts(database.db, { org, ids: [id], hold: 'revenue', ...WHY });
    expect(await hold()).toEqual({ org, action: 'hold', contracts: [{ id, version: 2, changed: true }] });
    expect(await hold()).toEqual({ org, action: 'hold', contracts: [{ id, version: 2, changed: false }] });
    expect(await show(id)).toMatchObject({
      holds: [{ hold: 'revenue', reason: 'Disputed.', by: 'ann' }],
      versions: [{}, { version: 2, cause: 'Revenue hold applied', by: 'ann', changes: [{ action: 'hold' }] }],
    });
    expect(await decisions()).toEqual([
      {
        kind: 'contract-hold',
        subject: id,
        before: null,
        after: { hold: 'revenue' },
        reason: 'Disputed.',
        decided_by: 'ann',
      },
    ]);
  });

  test('releases one hold, or all', async () => {
    const [id = ''] = ids;
    for (const hold of ['revenue', 'transfer'] as const)
      await holdContracts(database.db, { org, ids, hold, ...WHY });
    await releaseContracts(database.db, { org, ids: [id], hold: 'transfer', ...WHY });
    expect(await show(id)).toMatchObject({ holds: [{ hold: 'revenue' }] });
    await releaseContracts(database.db, { org, ids, ...WHY });
    for (const each of ids) expect(await show(each)).toMatchObject({ holds: [] });
    expect((await show(id)).versions.map(({ cause }) => cause)).toEqual([
      'New contract',
      'Revenue hold applied',
      'Transfer hold applied',
      'Transfer hold released',
      'Holds released',
    ]);
    expect(await decisions()).toContainEqual(
      expect.objectContaining({
        kind: 'contract-release',
        subject: id,
        before: [{ hold: 'revenue', reason: 'Disputed.', by: 'ann' }],
      }),
    );
  });

  test('closes and opens all contracts of a subscription', async () => {
    const closed = await closeContracts(database.db, { org, ids: [], subscription: 'S-1', ...WHY });
    expect(closed.contracts).toHaveLength(2);
    const statuses = async () =>
      (await listContracts(database.db, { org }))
        .toSorted((a, b) => (a.key < b.key ? -1 : 1))
        .map(({ key, status }) => `${key} ${status}`);
    expect(await statuses()).toEqual(['S-1|1 closed', 'S-1|2 closed', 'S-2|1 open']);
    const opened = await openContracts(database.db, { org, ids, ...WHY });
    expect(opened.contracts.filter(({ changed }) => changed)).toHaveLength(2);
    expect(await statuses()).toEqual(['S-1|1 open', 'S-1|2 open', 'S-2|1 open']);
  });

  test.each([
    ['SO:a.1@1', 'lines'],
    ['CM-C:item', 'lines'],
    ['POB-0123456789ab', 'obligations'],
  ])('is refused on %s, with the text of the known limitation', async (id, what) => {
    const asked = holdContracts(database.db, { org, ids: [...ids, id], hold: 'revenue', ...WHY });
    await expect(asked).rejects.toMatchObject({
      code: 'MASS_ACTION_REFUSED',
      message: `Mass actions can be taken on revenue contracts only; "hold" would be one on ${what}.`,
    });
    expect(await decisions()).toEqual([]);
  });

  test('is taken on all contracts or on none', async () => {
    const unknown = closeContracts(database.db, { org, ids: [...ids, 'RC-000000000000'], ...WHY });
    await expect(unknown).rejects.toMatchObject({ code: 'CONTRACT_UNKNOWN', fate: 'fix-input' });
    const nothing = closeContracts(database.db, { org, ids: [], subscription: 'S-9', ...WHY });
    await expect(nothing).rejects.toMatchObject({ code: 'CONTRACT_UNKNOWN' });
    expect((await listContracts(database.db, { org })).map(({ status }) => status)).toEqual([
      'open',
      'open',
      'open',
    ]);
  });

  test('waits for nobody: while contracts are collected it is refused', async () => {
    await openCollection(database.db, org, { workflowId: 'data-collection/x', runId: '1' });
    await expect(closeContracts(database.db, { org, ids, ...WHY })).rejects.toMatchObject({
      code: 'COLLECTION_IN_PROGRESS',
      fate: 'retry',
      message: `Contracts of ${org} are being collected by data-collection/x.`,
    });
  });

  test('does not see the contracts of another organisation', async () => {
    const other = `${org}-b`;
    await stageBookings(database, other, [{ soLineId: 'x.1' }]);
    await expect(closeContracts(database.db, { org: other, ids, ...WHY })).rejects.toMatchObject({
      code: 'CONTRACT_UNKNOWN',
    });
  });
});
