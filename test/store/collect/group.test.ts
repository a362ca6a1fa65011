import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { releaseHold } from '../../../src/store/holds/release.ts';
import { contractGroups, contractKeys } from '../../support/contract-groups.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { usedSetup } from '../../support/setups.ts';
import { stageBookings, type StagedBooking } from '../../support/staged-bookings.ts';
import { collectOrg, recordTenant } from '../../support/sync-rows.ts';

describe('placeInContracts', () => {
  let database: TestDatabase;
  let org = '';
  let orgs = 0;
  beforeAll(async () => void (database = await openTestDatabase()));
  beforeEach(async () => {
    org = `org-${(orgs += 1)}`;
    await recordTenant(database, org, org);
  });
  afterAll(() => database.close());

  const booking = (
    soLineId: string,
    fields: StagedBooking['fields'] = {},
    more: Partial<StagedBooking> = {},
  ): StagedBooking => ({ soLineId, fields, ...more });
  const stage = (...bookings: StagedBooking[]) => stageBookings(database, org, bookings);
  const collect = () => collectOrg(database, org);
  const arrive = async (...bookings: StagedBooking[]) => {
    await stage(...bookings);
    await collect();
  };
  const use = (template: object) => usedSetup(database.db, 'grouping', { name: org, org, ...template });
  const groups = () => contractGroups(database, org);
  const keys = () => contractKeys(database, org);
  const holds = async () =>
    (
      await sql<{ line: string; limitation: string; kind: string; message: string }>`
        select line, limitation, kind, message from staging.hold where org = ${org} order by line`.execute(
        database.db,
      )
    ).rows;

  describe('by the pre-configured template', () => {
    test('groups by subscription and term, and by customer where there is no subscription', async () => {
      await arrive(
        booking('a.1'),
        booking('b.1'),
        booking('c.1', { 'Term Number': '2' }),
        booking('d.1', { 'Subscription Name': null }),
        booking('e.1', { 'Subscription Name': ' ' }),
      );
      expect(await groups()).toEqual([['a.1', 'b.1'], ['c.1'], ['d.1', 'e.1']]);
      expect(await keys()).toEqual(['A-1|1', 'S-1|1', 'S-1|2']);
    });

    test('spells the id of a contract from its organisation and its key', async () => {
      await arrive(booking('a.1'));
      const { rows } = await sql<{ id: string; spelled: string }>`
        select id, 'RC-' || left(encode(sha256(convert_to(org || '|S-1|1', 'UTF8')), 'hex'), 12) as spelled
        from revenue.contract where org = ${org}`.execute(database.db);
      expect(rows[0]?.id).toBe(rows[0]?.spelled);
    });

    test('says what made the contract, and what it is of', async () => {
      await arrive(booking('a.1'), booking('d.1', { 'Subscription Name': null }));
      const { rows } = await sql`
        select template, rule, subscription, customer, term, origin, status from revenue.contract
        where org = ${org} order by key`.execute(database.db);
      const made = { template: 'Subscription and Term', origin: 'collection', status: 'open', term: 1 };
      expect(rows).toEqual([
        { ...made, rule: 2, subscription: null, customer: 'A-1' },
        { ...made, rule: 1, subscription: 'S-1', customer: null },
      ]);
    });
  });

  describe('stops a line', () => {
    const blank = { 'Subscription Name': null, 'Customer Number': null };

    test('without a key, and says what each rule needs', async () => {
      await arrive(booking('a.1', blank), booking('b.1'));
      expect(await groups()).toEqual([['b.1']]);
      expect(await holds()).toEqual([
        {
          line: 'SO:a.1@1',
          limitation: 'blank-grouping-key',
          kind: 'validation',
          message:
            'No rule of grouping template "Subscription and Term@1" gives the line a contract: rule 1 needs Subscription Name, Term Number; rule 2 needs Customer Number, Term Number.',
        },
      ]);
    });

    test('until the template has a rule for it', async () => {
      await arrive(booking('a.1', { ...blank, ATR1: 'O-1' }));
      await use({ rules: [{ seq: 1, keys: ['ATR1'] }] });
      await collect();
      expect(await groups()).toEqual([['a.1']]);
      expect(await holds()).toEqual([]);
    });

    test.each([
      ['that the template is not for', { filter: "[Transaction Currency] = 'EUR'" }],
      ['booked before the template is in force', { validFrom: '2024-01-03' }],
      ['booked after the template was in force', { validTo: '2024-01-02' }],
    ])('%s', async (_what, limit) => {
      await use({ rules: [{ seq: 1, keys: ['Customer Number'] }], ...limit });
      await arrive(booking('a.1'));
      expect(await groups()).toEqual([]);
      expect((await holds()).map(({ limitation }) => limitation)).toEqual(['blank-grouping-key']);
    });

    test('of a closed contract, new or known, and lets it go on once the contract is open', async () => {
      const turn = (status: string) =>
        sql`update revenue.contract set status = ${status} where org = ${org}`.execute(database.db);
      await arrive(booking('a.1'));
      await turn('closed');
      await arrive(booking('a.1', {}, { version: 2, amount: '50' }), booking('b.1'));
      expect((await holds()).map(({ line, limitation }) => [line, limitation])).toEqual([
        ['SO:a.1@2', 'contract-closed'],
        ['SO:b.1@1', 'contract-closed'],
      ]);
      expect(await groups()).toEqual([['a.1']]);
      await turn('open');
      await collect();
      expect(await groups()).toEqual([['a.1', 'b.1']]);
      expect(await holds()).toEqual([]);
    });
  });

  test('gives each line that a person released as new-contract one of its own', async () => {
    const blank = { 'Subscription Name': null, 'Customer Number': null };
    await arrive(booking('a.1', blank), booking('b.1', blank), booking('c.1'));
    const lines = ['SO:a.1@1', 'SO:b.1@1'];
    const why = { reason: 'No customer yet.', by: 'ann', request: 'test' };
    await releaseHold(database.db, { org, lines, as: 'new-contract', ...why });
    await collect();
    expect(await groups()).toEqual([['a.1'], ['b.1'], ['c.1']]);
    expect(await keys()).toEqual(['S-1|1', 'a.1', 'b.1']);
    await arrive(booking('a.1', { 'Customer Number': 'A-9' }, { version: 2 }));
    expect(await keys()).toEqual(['S-1|1', 'a.1', 'b.1']);
  });

  describe('tries the rules', () => {
    test('in the order of their numbers, for the lines of their filter, and not when they are off', async () => {
      await use({
        rules: [
          { seq: 30, keys: ['Customer Number'] },
          { seq: 20, keys: ['ATR2'], filter: '[Ext Sell Price] > 100' },
          { seq: 10, keys: ['ATR1'], enabled: false },
        ],
      });
      const attributes = { ATR1: 'x', ATR2: 'y' };
      await arrive(booking('a.1', attributes), booking('b.1', attributes, { amount: '100.01' }));
      expect(await keys()).toEqual(['A-1', 'ATR2=y']);
    });

    test('of the organisation’s own template, not of the one for all', async () => {
      await use({ rules: [{ seq: 1, keys: ['Customer Number'] }] });
      const other = `${org}-b`;
      await arrive(booking('a.1'));
      await stageBookings(database, other, [booking('a.1')]);
      await collectOrg(database, other);
      expect([await keys(), await contractKeys(database, other)]).toEqual([['A-1'], ['S-1|1']]);
    });

    test('without two keys reading the same', async () => {
      await use({ rules: [{ seq: 1, keys: ['Customer Number', 'Subscription Name'] }] });
      await arrive(
        booking('a.1', { 'Customer Number': 'x|y', 'Subscription Name': 'z' }),
        booking('b.1', { 'Customer Number': 'x', 'Subscription Name': 'y|z' }),
        booking('c.1', { 'Customer Number': 'x\\', 'Subscription Name': 'y|z' }),
      );
      expect(await groups()).toEqual([['a.1'], ['b.1'], ['c.1']]);
    });

    test('with numbers and dates as they are read', async () => {
      await use({ rules: [{ seq: 1, keys: ['Ordered Qty', 'Revenue Start Date'] }] });
      await arrive(booking('a.1', { 'Ordered Qty': '2.50' }), booking('b.1', { 'Ordered Qty': '2.5' }));
      expect(await keys()).toEqual(['Ordered Qty=2.5|Revenue Start Date=2024-01-01']);
    });
  });

  describe('lets a later line of a known SO line follow it', () => {
    const moved = booking('a.1', { 'Customer Number': 'A-2' }, { version: 2 });

    test('whatever the rules say', async () => {
      await use({ rules: [{ seq: 1, keys: ['Customer Number'] }] });
      await arrive(booking('a.1'));
      await arrive(moved, booking('b.1', { 'Customer Number': 'A-2' }));
      expect(await groups()).toEqual([['a.1'], ['b.1']]);
      expect(await keys()).toEqual(['A-1', 'A-2']);
    });

    test('also when its versions come together', async () => {
      await use({ rules: [{ seq: 1, keys: ['Customer Number'] }] });
      await arrive(moved, booking('a.1'), booking('b.1', { 'Customer Number': 'A-2' }));
      expect(await groups()).toEqual([['a.1'], ['b.1']]);
      expect(await keys()).toEqual(['A-1', 'A-2']);
    });

    test('and the first version that has a key speaks for it', async () => {
      await use({ rules: [{ seq: 1, keys: ['ATR1'] }] });
      await arrive(booking('a.1'), booking('a.1', { ATR1: 'x' }, { version: 2 }));
      expect(await keys()).toEqual(['ATR1=x']);
    });

    test('when the template has changed, which moves nothing', async () => {
      await arrive(booking('a.1'), booking('b.1', { 'Term Number': '2' }));
      await use({ rules: [{ seq: 1, keys: ['Customer Number'] }] });
      await arrive(booking('a.1', {}, { version: 2 }), booking('c.1'));
      expect(await groups()).toEqual([['a.1'], ['b.1'], ['c.1']]);
      expect(await keys()).toEqual(['A-1', 'S-1|1', 'S-1|2']);
    });
  });

  describe('by a window of days', () => {
    const rules = [{ seq: 1, keys: ['Customer Number'], window: { days: 30, field: 'SO Book Date' } }];
    const dated = (soLineId: string, day: string) => booking(soLineId, { 'SO Book Date': day });
    beforeEach(() => use({ rules }));

    test('counts it from the first document, its first day included', async () => {
      await arrive(dated('a.1', '2024-01-30'), dated('b.1', '2024-01-31'), dated('c.1', '2024-01-01'));
      expect(await groups()).toEqual([['a.1', 'c.1'], ['b.1']]);
      expect(await keys()).toEqual(['A-1|2024-01-01', 'A-1|2024-01-31']);
    });

    test('fills the window of a contract that is there, and opens the next after it', async () => {
      await arrive(dated('a.1', '2024-01-10'));
      await arrive(dated('b.1', '2024-02-08'), dated('c.1', '2024-02-09'), dated('d.1', '2024-03-10'));
      expect(await groups()).toEqual([['a.1', 'b.1'], ['c.1'], ['d.1']]);
    });

    test('joins a late earlier document to the contract whose first day it would have reached', async () => {
      await arrive(dated('a.1', '2024-01-31'));
      await arrive(dated('b.1', '2024-01-02'));
      await arrive(dated('c.1', '2024-01-01'));
      expect(await groups()).toEqual([['a.1', 'b.1'], ['c.1']]);
      expect(await keys()).toEqual(['A-1|2024-01-01', 'A-1|2024-01-31']);
    });

    test('leaves it in the window of a document before it, if there is one', async () => {
      await arrive(dated('a.1', '2024-01-31'));
      await arrive(dated('b.1', '2024-01-02'), dated('c.1', '2024-01-01'));
      expect(await groups()).toEqual([['a.1'], ['b.1', 'c.1']]);
    });

    test('stops a line without the date', async () => {
      await use({ rules: [{ ...rules[0], window: { days: 30, field: 'CT Mod Date' } }] });
      await arrive(booking('a.1'));
      expect((await holds())[0]?.message).toContain('rule 1 needs Customer Number, CT Mod Date.');
    });
  });

  describe('by the reference to an associated contract', () => {
    const term = (soLineId: string, number: string, more = {}) =>
      booking(soLineId, { 'Term Number': number, ...more });
    const secondary = (onSeveral: string) =>
      use({
        rules: [{ seq: 1, keys: ['Subscription Name', 'Term Number'] }],
        secondary: { label: 'SO Number', onSeveral },
      });

    test('joins a line that would make a new contract to the one with its reference', async () => {
      await secondary('own');
      await arrive(term('a.1', '1'));
      await arrive(
        term('a.2', '2'),
        term('b.1', '2', { 'SO Number': 'C-2' }),
        term('c.1', '3', { 'SO Number': null }),
      );
      expect(await groups()).toEqual([['a.1', 'a.2'], ['b.1'], ['c.1']]);
    });

    test('joins the lines of one collection to the first of them', async () => {
      await secondary('own');
      await arrive(term('a.3', '3'), term('a.2', '2', { 'SO Book Date': '2024-01-01' }), term('a.1', '1'));
      expect(await groups()).toEqual([['a.1', 'a.2', 'a.3']]);
      expect(await keys()).toEqual(['S-1|2']);
    });

    test.each([
      ['own', [['a.1'], ['b.1', 'c.1'], ['d.1']]],
      ['earliest', [['a.1', 'c.1', 'd.1'], ['b.1']]],
    ])('where several match keeps a line with the %s', async (onSeveral, expected) => {
      await use({ rules: [{ seq: 1, keys: ['Subscription Name', 'Term Number'] }] });
      await arrive(term('a.1', '1'), term('b.1', '2', { 'SO Book Date': '2024-01-03' }));
      await secondary(onSeveral);
      await arrive(term('c.1', '2', { 'SO Book Date': '2024-01-04' }), term('d.1', '3'));
      expect(await groups()).toEqual(expected);
    });
  });
});
