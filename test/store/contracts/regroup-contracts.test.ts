import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { listContracts } from '../../../src/store/contracts.ts';
import { closeContracts, holdContracts } from '../../../src/store/contracts/mass-actions.ts';
import { regroupContracts } from '../../../src/store/contracts/regroup-contracts.ts';
import { showContract } from '../../../src/store/contracts/show-contract.ts';
import { tenantOf } from '../../support/charge-stories.ts';
import { contractAmounts } from '../../support/contract-amounts.ts';
import { contractGroups, contractKeys } from '../../support/contract-groups.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { usedSetup } from '../../support/setups.ts';
import { stageBookings } from '../../support/staged-bookings.ts';
import { collectOrg, syncRows } from '../../support/sync-rows.ts';

const WHY = { reason: 'One deal.', by: 'ann' };

describe('regroupContracts', () => {
  let database: TestDatabase;
  let org = '';
  let orgs = 0;
  beforeAll(async () => void (database = await openTestDatabase()));
  beforeEach(async () => {
    org = `org-${(orgs += 1)}`;
    const invoice = (id: string, amount: string) => ({ id, kind: 'invoice' as const, amount });
    await syncRows(
      database,
      tenantOf([
        { id: 'a', versions: [{ booked: '100' }], billings: [invoice('i1', '40'), invoice('i2', '90')] },
        { id: 'b', versions: [{ booked: '200' }], billings: [invoice('i3', '50')] },
      ]),
      { entity: org, org },
    );
    await collectOrg(database, org);
  });
  afterAll(() => database.close());

  const byCustomer = () =>
    usedSetup(database.db, 'grouping', { name: org, org, rules: [{ seq: 1, keys: ['Customer Number'] }] });
  const ids = async () => (await listContracts(database.db, { org })).map(({ id }) => id);
  const keyed = async (key: string) =>
    (await listContracts(database.db, { org })).find((each) => each.key === key)?.id ?? '';
  const regroup = async (chosen?: readonly string[]) =>
    regroupContracts(database.db, { org, ids: chosen ?? (await ids()), ...WHY });

  test('moves all that was collected of the lines to where the template of today has them', async () => {
    const before = await contractAmounts(database, org);
    expect(before).toEqual([
      { key: 'S-a|1', bookings: '130.00', billings: '130.00', lines: 3, obligations: 1 },
      { key: 'S-b|1', bookings: '200.00', billings: '50.00', lines: 2, obligations: 1 },
    ]);
    await byCustomer();
    await regroup();
    expect(await contractAmounts(database, org)).toEqual([
      { key: 'A-1', bookings: '330.00', billings: '180.00', lines: 5, obligations: 2 },
      { key: 'S-a|1', bookings: '0', billings: '0', lines: 0, obligations: 0 },
      { key: 'S-b|1', bookings: '0', billings: '0', lines: 0, obligations: 0 },
    ]);
  });

  test('leaves a version in both contracts, and a decision with who and why', async () => {
    const was = await keyed('S-a|1');
    await byCustomer();
    const { contracts } = await regroup([was]);
    const into = await keyed('A-1');
    expect(contracts.toSorted((a, b) => a.version - b.version)).toEqual([
      { id: into, version: 1, changed: true },
      { id: was, version: 2, changed: true },
    ]);
    const show = (id: string) => showContract(database.db, { id, org });
    const moved = { soLineId: 'a.1', currency: 'USD' };
    expect((await show(was)).versions.at(-1)).toMatchObject({
      cause: 'Grouped anew',
      by: 'ann',
      changes: [{ ...moved, action: 'moved-out', was: 'SO:a.1@1', wasAmount: '130.00' }],
    });
    expect((await show(into)).versions).toMatchObject([
      { by: 'ann', changes: [{ ...moved, action: 'moved-in', line: 'SO:a.1@1', amount: '130.00' }] },
    ]);
    const { rows } = await sql`
      select subject, after, reason, decided_by from control.decision
      where org = ${org} and kind = 'contract-regroup'`.execute(database.db);
    expect(rows).toEqual([
      {
        subject: was,
        after: { template: `${org}@1`, moved: { 'a.1': into } },
        reason: 'One deal.',
        decided_by: 'ann',
      },
    ]);
  });

  test('changes nothing where the template has the lines already', async () => {
    const before = await contractAmounts(database, org);
    expect((await regroup()).contracts.map(({ changed, version }) => [changed, version])).toEqual([
      [false, 1],
      [false, 1],
    ]);
    expect(await contractAmounts(database, org)).toEqual(before);
  });

  test('leaves a line that the template gives no key where it is', async () => {
    await usedSetup(database.db, 'grouping', { name: org, org, rules: [{ seq: 1, keys: ['ATR9'] }] });
    await regroup();
    expect(await contractGroups(database, org)).toEqual([['a.1'], ['b.1']]);
  });

  test('lets later lines follow to the contract that their SO line is in now', async () => {
    await byCustomer();
    await regroup([await keyed('S-a|1')]);
    await stageBookings(database, org, [
      { soLineId: 'a.1', version: 2, amount: '150', fields: { 'Subscription Name': 'S-a' } },
    ]);
    await collectOrg(database, org);
    expect(await contractGroups(database, org)).toEqual([['a.1'], ['b.1']]);
    expect(await contractAmounts(database, org)).toContainEqual(
      expect.objectContaining({ key: 'A-1', bookings: '150.00' }),
    );
  });

  test('counts windows anew, without those of the contracts that are taken apart', async () => {
    const dated = (soLineId: string, day: string) => ({ soLineId, fields: { 'SO Book Date': day } });
    const rules = [
      { seq: 1, keys: ['Customer Number'], window: { days: 30 }, filter: "[Subscription Name] = 'S-1'" },
    ];
    const template = { name: org, org, rules: [...rules, { seq: 2, keys: ['Subscription Name'] }] };
    await usedSetup(database.db, 'grouping', template);
    const arrive = async (soLineId: string, day: string) => {
      await stageBookings(database, org, [dated(soLineId, day)]);
      await collectOrg(database, org);
    };
    const keys = async () => (await contractKeys(database, org)).filter((key) => key.startsWith('A-1'));
    await arrive('x.1', '2024-01-31');
    await arrive('y.1', '2024-01-20');
    expect(await keys()).toEqual(['A-1|2024-01-31']);
    await regroup();
    expect(await keys()).toEqual(['A-1|2024-01-20', 'A-1|2024-01-31']);
    await arrive('z.1', '2024-02-10');
    expect((await contractGroups(database, org)).slice(2)).toEqual([['x.1', 'y.1', 'z.1']]);
  });

  test.each([
    ['is closed', closeContracts],
    [
      'is on hold',
      (db: typeof database.db, asked: Parameters<typeof closeContracts>[1]) =>
        holdContracts(db, { ...asked, hold: 'transfer' }),
    ],
  ])('refuses a contract that %s', async (why, act) => {
    await byCustomer();
    const [id = ''] = await ids();
    await act(database.db, { org, ids: [id], ...WHY });
    await expect(regroup()).rejects.toMatchObject({
      code: 'CONTRACT_NOT_REGROUPED',
      message: `Nothing was grouped anew: contract ${id} ${why}.`,
    });
    expect(await contractGroups(database, org)).toEqual([['a.1'], ['b.1']]);
  });

  test('refuses to put lines into a closed contract', async () => {
    await byCustomer();
    await regroup([await keyed('S-a|1')]);
    const into = await keyed('A-1');
    await closeContracts(database.db, { org, ids: [into], ...WHY });
    await expect(regroup([await keyed('S-b|1')])).rejects.toMatchObject({
      message: `Nothing was grouped anew: lines would go into contract ${into}, which is closed.`,
    });
  });
});
