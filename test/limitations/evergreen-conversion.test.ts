import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { evergreenConversion } from '../../src/limitations/evergreen-conversion.ts';
import { createContract } from '../../src/store/contracts/create-contract.ts';
import { rejectHold } from '../../src/store/holds/reject.ts';
import { releaseHold } from '../../src/store/holds/release.ts';
import { listHolds } from '../../src/store/list-holds.ts';
import { type Chapter, tenantWith } from '../support/action-stories.ts';
import { chaptersOf } from '../support/charge-stories.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { foundInBilling, foundInStaging } from '../support/limitation-tenant.ts';
import { collectOrg, type Rows, syncRows } from '../support/sync-rows.ts';

const termType = (term: string, version: string): Chapter => ({
  subscription: { TermType: term },
  charge: { Version: version },
});
const TERMED = termType('TERMED', '1');
const once = (chapter: Chapter): Chapter => ({
  ...chapter,
  charge: { ...chapter.charge, ChargeType: 'OneTime' },
});
const EVERGREEN = termType('EVERGREEN', '2');

describe('evergreen-conversion', () => {
  let database: TestDatabase;
  beforeEach(async () => void (database = await openTestDatabase()));
  afterEach(() => database.close());

  const inBilling = () => foundInBilling(database.db, evergreenConversion);
  const inStaging = () => foundInStaging(database.db, evergreenConversion);
  const statusOf = async (id: string) => {
    const state = database.db.selectFrom('staging.line_state').select('status').where('id', '=', id);
    return (await state.executeTakeFirst())?.status ?? 'collected';
  };

  test('stops bookings that a conversion either way made or changed, and those of later versions', async () => {
    await syncRows(
      database,
      tenantWith({
        freed: [TERMED, EVERGREEN],
        bound: [termType('EVERGREEN', '1'), termType('TERMED', '2')],
        returned: [TERMED, EVERGREEN, termType('TERMED', '3')],
        evergreen: [termType('EVERGREEN', '1'), EVERGREEN],
        respelled: [TERMED, termType('Termed', '2')],
      }),
    );
    expect(await inBilling()).toEqual([
      'RatePlanCharge bound-rpc2',
      'RatePlanCharge freed-rpc2',
      'RatePlanCharge returned-rpc3',
    ]);
    expect(await inStaging()).toEqual(['SO:bound.1@2', 'SO:freed.1@2', 'SO:returned.1@2', 'SO:returned.1@3']);
    expect(await listHolds(database.db, {})).toContainEqual(
      expect.objectContaining({
        line: 'SO:freed.1@2',
        limitation: 'evergreen-conversion',
        message:
          'RatePlanCharge freed-rpc2 cannot be booked by itself: version 2 made its termed subscription S-freed evergreen.',
      }),
    );
  });

  test('stops recurring charges that the conversion left alone, and no others of these', async () => {
    await syncRows(
      database,
      tenantWith({
        carried: [TERMED, { subscription: { TermType: 'EVERGREEN' } }, {}],
        oneTime: [once(TERMED), { subscription: { TermType: 'EVERGREEN' } }],
        oneTimeLater: [
          once(TERMED),
          { subscription: { TermType: 'EVERGREEN' } },
          { charge: { Version: '2' } },
        ],
        usage: [
          { ...TERMED, charge: { ...TERMED.charge, ChargeType: 'Usage' } },
          { subscription: { TermType: 'EVERGREEN' } },
        ],
      }),
    );
    expect(await inBilling()).toEqual(['RatePlanCharge carried-rpc3', 'RatePlanCharge oneTimeLater-rpc3']);
    expect(await inStaging()).toEqual(['SO:carried.1@2', 'SO:carried.1@3', 'SO:oneTimeLater.1@3']);
  });

  test('leaves what was booked before, though the conversion carried the charge over', async () => {
    const carried = { subscription: { TermType: 'EVERGREEN' } };
    await syncRows(database, tenantWith({ a: [TERMED] }));
    await collectOrg(database);
    await syncRows(database, tenantWith({ a: [TERMED, carried] }));
    await collectOrg(database);
    expect(await statusOf('SO:a.1@2')).toBe('stopped');
    const booked = database.db.selectFrom('revenue.booking').select(['so_line_id', 'amount']);
    expect(await booked.execute()).toEqual([
      { so_line_id: 'a.1', amount: expect.stringMatching(/^1200(\.0+)?$/) },
    ]);
    await createContract(database.db, {
      org: 'default',
      lines: ['SO:a.1@2'],
      reason: 'Converted',
      by: 'ann',
    });
    await collectOrg(database);
    expect(await statusOf('SO:a.1@2')).toBe('collected');
    await syncRows(database, tenantWith({ a: [TERMED, carried, {}] }));
    await collectOrg(database);
    expect(await statusOf('SO:a.1@3')).toBe('collected');
  });

  describe('with a contract made by hand', () => {
    const invoice = (id: string, version: number): Rows => {
      const rows: Record<string, Record<string, string | null>[]> = {};
      const story = { id: 'freed', versions: [{ booked: '0' }, { booked: '0' }, { booked: '0' }] };
      const billed = { id, kind: 'invoice', amount: '100', version } as const;
      for (const [object, row] of chaptersOf({ ...story, billings: [billed] }).at(-1) ?? []) {
        (rows[object] ??= []).push({ ...row });
      }
      return rows;
    };
    const released = async (...lines: string[]) => {
      const made = { org: 'default', lines, reason: 'Converted', by: 'ann' };
      await createContract(database.db, made);
      await collectOrg(database);
    };

    test('goes on with what is billed, and so do later versions of its SO line', async () => {
      await syncRows(database, { ...tenantWith({ freed: [TERMED, EVERGREEN] }), ...invoice('item', 2) });
      await collectOrg(database);
      expect(await statusOf('SO:freed.1@2')).toBe('stopped');
      expect(await statusOf('INV:item')).toBe('waiting');
      await released('SO:freed.1@2');
      expect(await statusOf('SO:freed.1@2')).toBe('collected');
      expect(await statusOf('INV:item')).toBe('collected');
      const later = tenantWith({ freed: [TERMED, EVERGREEN, termType('EVERGREEN', '3')] });
      await syncRows(database, { ...later, ...invoice('item3', 3) });
      await collectOrg(database);
      expect(await statusOf('SO:freed.1@3')).toBe('collected');
      expect(await statusOf('INV:item3')).toBe('collected');
      expect(await listHolds(database.db, {})).toEqual([]);
    });

    test('lets a version go on that was stopped meanwhile, and no other SO line', async () => {
      const rows = (...more: Chapter[]) =>
        tenantWith({ freed: [TERMED, EVERGREEN, ...more], other: [TERMED, EVERGREEN] });
      await syncRows(database, rows());
      await collectOrg(database);
      await syncRows(database, rows(termType('EVERGREEN', '3')));
      expect(await inStaging()).toEqual(['SO:freed.1@2', 'SO:freed.1@3', 'SO:other.1@2']);
      await released('SO:freed.1@2');
      expect(await statusOf('SO:freed.1@3')).toBe('stopped');
      await syncRows(database, {});
      expect(await inStaging()).toEqual(['SO:other.1@2']);
      await collectOrg(database);
      expect(await statusOf('SO:freed.1@3')).toBe('collected');
    });
  });

  test('is not released without what it lacks, not even after a rejection', async () => {
    const incomplete = { ...EVERGREEN.charge, OriginalOrderDate: null };
    await syncRows(database, tenantWith({ freed: [TERMED, { ...EVERGREEN, charge: incomplete }] }));
    const decision = { org: 'default', lines: ['SO:freed.1@2'], reason: 'Why.', by: 'ann', request: 'one' };
    const release = () => releaseHold(database.db, { ...decision, as: 'new-contract' });
    const refused = { code: 'RELEASE_REFUSED', message: expect.stringContaining('not complete') };
    await expect(release()).rejects.toMatchObject(refused);
    await rejectHold(database.db, decision);
    expect(await statusOf('SO:freed.1@2')).toBe('rejected');
    await expect(release()).rejects.toMatchObject(refused);
  });

  test('goes on by itself when Billing takes the conversion back', async () => {
    const converted = tenantWith({ freed: [TERMED, EVERGREEN] });
    await syncRows(database, converted);
    expect(await inStaging()).toEqual(['SO:freed.1@2']);
    const subscription = converted['Subscription']?.find((row) => row['Id'] === 'freed-sub2');
    await syncRows(database, {
      Subscription: [{ ...subscription, TermType: 'TERMED', UpdatedDate: '2024-03-01T00:00:00Z' }],
    });
    expect(await inBilling()).toEqual([]);
    expect(await inStaging()).toEqual([]);
  });
});
