import { randomUUID } from 'node:crypto';

import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { releaseHold } from '../../../src/store/holds/release.ts';
import { rejectHold } from '../../../src/store/holds/reject.ts';
import { listFindings } from '../../../src/store/list-findings.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { changedTemplate, rowsWith } from '../../support/dry-runs.ts';
import { linesOf } from '../../support/held-lines.ts';
import { keptDefault } from '../../support/kept-templates.ts';
import { openReader } from '../../support/reader.ts';
import { changedRow, sampleTenant } from '../../support/sample-tenant.ts';
import { collectOrg, type Rows, syncRows } from '../../support/sync-rows.ts';

const REGION = { from: 'Subscription.Region__c', to: 'ATR1', type: 'Character' } as const;
const LINE = 'SO:orig.1@1';
const FORM = 'SO:orig.1@1#2';

describe('what Billing says later of a collected line', () => {
  let database: TestDatabase;
  let org = '';
  let orgs = 0;
  beforeAll(async () => void (database = await openTestDatabase()));
  beforeEach(() => void (org = `org-${(orgs += 1)}`));
  afterAll(() => database.close());

  const sync = (rows: Rows) => syncRows(database, rows, { entity: org, org });
  const collect = () => collectOrg(database, org);
  const lines = () => linesOf(database, org);
  const region = (value: string | null, day = '06') =>
    changedRow('Subscription', 'sub1', { Region__c: value, UpdatedDate: `2024-01-${day}T00:00:00Z` });
  const updates = async (open = true) =>
    (await listFindings(database.db, { org, open })).filter(
      ({ finding }) => finding === 'custom-field-update',
    );
  const found = async () => (await updates()).map(({ line }) => line ?? '');
  const detail = async (line: string) => {
    const { rows } = await sql<{ changes: unknown }>`
      select detail -> 'changes' as changes from staging.finding
      where org = ${org} and line = ${line} and finding = 'custom-field-update'`.execute(database.db);
    return rows[0]?.changes;
  };
  /** The sample, whose bookings have a custom field of the subscription, collected. */
  const collected = async () => {
    await keptDefault(database.db, changedTemplate('SO', org, { rows: rowsWith('SO', REGION) }));
    await sync({ ...sampleTenant(), ...region('north', '05') });
    await collect();
    expect(await lines().statuses()).toEqual(
      ['INV:item1', 'INV:item2', LINE].map((line) => `${line} collected`),
    );
  };
  const decision = () => ({ org, reason: 'Agreed.', by: 'ann', request: randomUUID() });
  const attribute = async (id: string) => {
    const { rows } = await sql<{ atr1: string | null }>`
      select atr1 from staging.line where org = ${org} and id = ${id}`.execute(database.db);
    return rows[0]?.atr1;
  };

  test('in another field than the guarded ones is one finding, with where from, old and new, and the amount', async () => {
    await collected();
    const { balance } = await sync(region('south'));
    expect(balance.balanced).toBe(true);
    expect(await updates()).toEqual([
      {
        id: expect.stringMatching(/^\d+$/),
        finding: 'custom-field-update',
        entity: org,
        org,
        object: 'RatePlanCharge',
        source: 'rpc1',
        line: LINE,
        amount: '1200.00',
        currency: 'USD',
        message: `RatePlanCharge rpc1 says other things now than its collected line ${LINE}, which stays as it is: ATR1 (Subscription.Region__c) was north, is south.`,
        remedy: expect.stringContaining('hold release --line'),
        since: expect.any(String),
        resolved: null,
      },
    ]);
    expect(await detail(LINE)).toEqual([
      { field: 'ATR1', from: 'Subscription.Region__c', was: 'north', is: 'south' },
    ]);
    expect(await lines().statuses()).toHaveLength(3);
    expect(await lines().holds()).toEqual([]);
    expect(await collect()).toMatchObject({ lines: '0', stopped: '0' });
    expect(await attribute(LINE)).toBe('north');
  });

  test('of an account is found of its bookings and of its billings, one finding a line with all fields', async () => {
    await collected();
    const account = { Name: 'Renamed', AccountNumber: 'A-9', UpdatedDate: '2024-01-06T00:00:00Z' };
    await sync(changedRow('Account', 'acc', account));
    expect((await found()).toSorted()).toEqual(['INV:item1', 'INV:item2', LINE]);
    expect(await detail(LINE)).toEqual([
      { field: 'Customer Number', from: 'Account.AccountNumber', was: 'A-1', is: 'A-9' },
      { field: 'Customer Name', from: 'Account.Name', was: 'Meyer, "Söhne"', is: 'Renamed' },
      {
        field: 'Subscription Owner',
        from: 'Subscription.Account.Name',
        was: 'Meyer, "Söhne"',
        is: 'Renamed',
      },
    ]);
  });

  test('is resolved once the values are as before, and open anew when they change again', async () => {
    await collected();
    await sync(region('south'));
    await sync(region('north', '07'));
    expect(await updates()).toEqual([]);
    const [resolved] = await updates(false);
    expect(resolved?.resolved).toMatch(/Z$/);
    await sync(region('east', '08'));
    const [again, ...more] = await updates();
    expect(more).toEqual([]);
    expect(again?.message).toContain('was north, is east');
    expect(again?.since.localeCompare(resolved?.resolved ?? '')).toBe(1);
  });

  test('stays one finding, since it was found, whatever else is synced', async () => {
    await collected();
    await sync(region('south'));
    const before = await updates(false);
    await sync(region('south'));
    await sync(changedRow('RatePlanCharge', 'rpc1', { UpdatedDate: '2024-01-09T00:00:00Z' }));
    await sync(changedRow('Account', 'owner', { UpdatedDate: '2024-01-09T00:00:00Z' }));
    expect(await updates(false)).toEqual(before);
  });

  test('when only Billing’s dates and balances differ is nothing', async () => {
    await collected();
    await sync({
      ...changedRow('RatePlanCharge', 'rpc1', {
        UpdatedDate: '2024-01-09T00:00:00Z',
        ProcessedThroughDate: '2024-02-01',
      }),
      ...changedRow('Account', 'acc', { Balance: '7.00', UpdatedDate: '2024-01-09T00:00:00Z' }),
    });
    expect(await updates(false)).toEqual([]);
    expect(await lines().statuses()).toHaveLength(3);
  });

  test('is not said of a row that a new template fills otherwise, but of what both fill alike', async () => {
    await sync({ ...sampleTenant(), ...region('north', '05') });
    await collect();
    await keptDefault(database.db, changedTemplate('SO', org, { rows: rowsWith('SO', REGION) }));
    await sync(changedRow('RatePlanCharge', 'rpc1', { UpdatedDate: '2024-01-09T00:00:00Z' }));
    expect(await updates()).toEqual([]);
    await sync(changedRow('RatePlanCharge', 'rpc1', { Name: 'Fee', UpdatedDate: '2024-01-10T00:00:00Z' }));
    expect(await detail(LINE)).toEqual([
      { field: 'Rate Plan Charge Name', from: 'RatePlanCharge.Name', was: 'Monthly fee', is: 'Fee' },
    ]);
  });

  test('is told as far as it is known, and fully once a missing row comes', async () => {
    await collected();
    await sync(
      changedRow('RatePlanCharge', 'rpc1', { RatePlanId: 'rp2', UpdatedDate: '2024-01-09T00:00:00Z' }),
    );
    expect(await detail(LINE)).toEqual([
      { field: 'Rate Plan Id', from: 'RatePlan.Id', was: 'rp1', is: null },
      { field: 'Rate Plan Name', from: 'RatePlan.Name', was: 'Gold plan', is: null },
    ]);
    await sync(changedRow('RatePlan', 'rp1', { Id: 'rp2', Name: 'Silver plan' }));
    expect(await detail(LINE)).toEqual([
      { field: 'Rate Plan Id', from: 'RatePlan.Id', was: 'rp1', is: 'rp2' },
      { field: 'Rate Plan Name', from: 'RatePlan.Name', was: 'Gold plan', is: 'Silver plan' },
    ]);
  });

  describe('and a person', () => {
    test.each(['correction', 'amendment'] as const)(
      'takes over as %s: collected in a form of its own, and the contract says so',
      async (as) => {
        await collected();
        await sync(region('south'));
        expect(await releaseHold(database.db, { ...decision(), as, lines: [LINE] })).toEqual({
          org,
          as,
          decided: '1',
          lines: [FORM],
        });
        expect(await collect()).toMatchObject({ collected: '1', stopped: '0' });
        expect(await lines().bookings()).toEqual([{ so_line_id: 'orig.1', line: FORM, amount: '1200' }]);
        expect([await attribute(LINE), await attribute(FORM)]).toEqual(['north', 'south']);
        expect(await updates()).toEqual([]);
        const { rows } = await sql`
          select cause, made_by, changes -> 0 -> 'fields' as fields from revenue.contract_version
          where org = ${org} order by version desc limit 1`.execute(database.db);
        expect(rows).toEqual([
          {
            cause: as === 'correction' ? 'Correction' : 'Amendment',
            made_by: 'ann',
            fields: { ATR1: { was: 'north', is: 'south' } },
          },
        ]);
        expect(await lines().decisions()).toMatchObject([
          {
            kind: 'release-line',
            subject: FORM,
            before: { status: 'collected', line: LINE },
            after: { status: 'ready', as },
            reason: 'Agreed.',
            by: 'ann',
          },
        ]);
      },
    );

    test('takes over what came in between unchanged, and not what changed once more', async () => {
      for (const [value, collects] of [
        ['south', true],
        ['west', false],
      ] as const) {
        org = `${org}-${value}`;
        await collected();
        await sync(region('south'));
        await releaseHold(database.db, { ...decision(), as: 'correction', lines: [LINE] });
        await sync(region(value, '09'));
        await sync(changedRow('RatePlanCharge', 'rpc1', { UpdatedDate: '2024-01-10T00:00:00Z' }));
        await collect();
        expect(await lines().bookings()).toMatchObject([{ line: collects ? FORM : LINE }]);
        expect(await lines().holds()).toEqual(collects ? [] : [`${FORM} custom-field-update`]);
        expect(await updates()).toEqual([]);
      }
    });

    test('leaves as it is by a rejection, until it changes again', async () => {
      await collected();
      await sync(region('south'));
      await rejectHold(database.db, { ...decision(), lines: [LINE] });
      await collect();
      expect(await updates()).toEqual([]);
      expect(await lines().statuses()).toContain(`${FORM} rejected`);
      await sync(changedRow('RatePlanCharge', 'rpc1', { UpdatedDate: '2024-01-10T00:00:00Z' }));
      expect(await lines().statuses()).toContain(`${FORM} rejected`);
      expect(await updates()).toEqual([]);
      await sync(region('west', '11'));
      expect(await lines().holds()).toEqual([`${FORM} custom-field-update`]);
    });

    test('decides on all that were found by the name of the finding', async () => {
      await collected();
      await sync(changedRow('Account', 'acc', { Name: 'Renamed', UpdatedDate: '2024-01-06T00:00:00Z' }));
      const filter = { hold: 'custom-field-update', type: 'INV' } as const;
      const decided = await releaseHold(database.db, { ...decision(), as: 'correction', filter });
      expect(decided.lines).toEqual(['INV:item1#2', 'INV:item2#2']);
      await collect();
      expect(await found()).toEqual([LINE]);
      expect((await lines().statuses()).filter((each) => each.endsWith('collected'))).toEqual([
        'INV:item1#2 collected',
        'INV:item2#2 collected',
        `${LINE} collected`,
      ]);
    });

    test('needs nothing but an operator’s rights', async () => {
      await collected();
      await sync(region('south'));
      const operator = await openReader(database, [org], 'revsync_operator');
      try {
        await releaseHold(operator.db, { ...decision(), as: 'correction', by: operator.name, lines: [LINE] });
      } finally {
        await operator.close();
      }
      await collect();
      expect(await lines().bookings()).toMatchObject([{ line: FORM }]);
    });

    test('is told what else is possible', async () => {
      await collected();
      await sync(region('south'));
      await expect(
        releaseHold(database.db, { ...decision(), as: 'standalone', lines: [LINE] }),
      ).rejects.toMatchObject({
        code: 'RELEASE_REFUSED',
        message: expect.stringContaining('correction or amendment, or rejected'),
      });
    });
  });
});
