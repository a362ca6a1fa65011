import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { explainLine } from '../../../src/store/explain/explain-line.ts';
import { rejectHold } from '../../../src/store/holds/reject.ts';
import { releaseHold } from '../../../src/store/holds/release.ts';
import { tenantOf } from '../../support/charge-stories.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { collectOrg, syncRows } from '../../support/sync-rows.ts';

const BILLED = { kind: 'invoice', amount: '10' } as const;

describe('explainLine', () => {
  let database: TestDatabase;
  const explain = (id: string) => explainLine(database.db, { id });

  beforeAll(async () => {
    database = await openTestDatabase();
    await syncRows(
      database,
      tenantOf([
        { id: 'plain', versions: [{ booked: '120' }], billings: [{ ...BILLED, id: 'p1' }] },
        {
          id: 'prepaid',
          versions: [{ booked: '120' }],
          billings: [
            { ...BILLED, id: 'w1' },
            { ...BILLED, id: 'w2' },
          ],
          charge: { IsPrepaid: 'true' },
        },
        {
          id: 'coupon',
          versions: [{ booked: '-5' }],
          charge: { ChargeModel: 'Discount-Fixed Amount' },
        },
        { id: 'later', versions: [{ booked: '120', dated: '2024-09-01' }] },
        { id: 'undated', versions: [{ booked: '120' }], charge: { OriginalOrderDate: null } },
        { id: 'twice', versions: [{ booked: '120' }, { booked: '240' }] },
        { id: 'usage', versions: [{ booked: '0' }], charge: { ChargeType: 'Usage' } },
      ]),
    );
  });
  afterAll(() => database.close());

  test('of a ready line says what takes it', async () => {
    expect(await explain('SO:plain.1@1')).toMatchObject({
      status: 'ready',
      amount: '120.00',
      currency: 'USD',
      source: { object: 'RatePlanCharge', id: 'plain-rpc1' },
      contract: null,
      standing:
        'The line is complete, and nothing holds it. The next Data Collection of default takes it (`revsync collect run`), unless a rule of validation stops it.',
      rules: [],
      waitsFor: [],
      releases: [],
    });
    expect((await explain('SO:later.1@1')).standing).toContain(
      'dated 2024-09-01, after the open period 2024-02',
    );
  });

  test('of a stopped line names the rule, and what ends the stop', async () => {
    const line = await explain('SO:prepaid.1@1');
    expect(line).toMatchObject({
      status: 'stopped',
      rules: [{ id: 'prepayment-charge', effect: 'holds' }],
      releases: [
        { by: 'itself', text: expect.stringContaining('goes on by itself when the charge is changed') },
        { by: 'a person', command: 'revsync hold reject --line SO:prepaid.1@1 --reason "..."' },
      ],
    });
  });

  test('of a stopped line says whether its billings wait', async () => {
    expect((await explain('SO:prepaid.1@1')).standing).toContain('and what was billed for it waits');
    const coupon = await explain('SO:coupon.1@1');
    expect(coupon.rules).toMatchObject([{ id: 'fixed-discount-booking-based' }]);
    expect(coupon.standing).toContain('but what is billed for it goes on');
  });

  test('of a held line names what is missing, which nobody can release', async () => {
    expect(await explain('SO:undated.1@1')).toMatchObject({
      status: 'held',
      rules: [{ id: 'missing-sales-order-date', effect: 'holds' }],
      releases: [{ by: 'itself' }],
    });
  });

  test('of a line that waits names the line before it, what holds that one, and the ways on', async () => {
    await collectOrg(database);
    const line = await explain('INV:w1');
    expect(line).toMatchObject({
      status: 'waiting',
      rules: [{ id: 'waits-for-booking', effect: 'holds' }],
      waitsFor: [{ id: 'SO:prepaid.1@1', status: 'stopped', holds: [{ limitation: 'prepayment-charge' }] }],
    });
    expect(line.releases.map(({ by, command }) => command ?? by)).toEqual([
      'itself',
      'itself',
      'revsync hold release --line INV:w1 --as standalone --reason "..."',
      'revsync hold reject --line INV:w1 --reason "..."',
    ]);
    expect(line.releases[1]?.text).toMatch(/^SO:prepaid\.1@1 is held by prepayment-charge: /);
    expect((await explain('SO:later.1@1')).rules).toMatchObject([{ id: 'waits-for-open-period' }]);
  });

  test('of a collected line names its contract, of a superseded one what took its place', async () => {
    const collected = await explain('SO:twice.1@2');
    expect(collected.standing).toMatch(
      /^The line was collected into contract RC-[0-9a-f]{12} on \d{4}-\d\d-\d\d \(collection \d+\)\. The booking stands at it\.$/,
    );
    expect(collected.standing).toContain(collected.contract);
    expect((await explain('SO:twice.1@1')).standing).toBe(
      'SO:twice.1@2 took its place: it was superseded before it was collected itself, and never will be.',
    );
    expect((await explain('INV:p1')).standing).toMatch(/^The line was collected into contract RC-[^.]*\)\.$/);
  });

  test('of a decided line says who decided what', async () => {
    const decision = { org: 'default', reason: 'Written off.', by: 'ann', request: 'r' };
    await rejectHold(database.db, { ...decision, lines: ['INV:w1'] });
    const rejected = await explain('INV:w1');
    expect(rejected.standing).toMatch(/^ann said on .* shall not be collected: Written off\.$/);
    expect(rejected.releases.map(({ command }) => command)).toContain(
      'revsync hold release --line INV:w1 --as standalone --reason "..."',
    );
    await releaseHold(database.db, { ...decision, request: 's', as: 'standalone', lines: ['INV:w2'] });
    await collectOrg(database);
    expect(await explain('INV:w2')).toMatchObject({
      status: 'collected',
      decisions: [{ as: 'standalone', by: 'ann', reason: 'Written off.' }],
    });
  });

  test('of no line says so', async () => {
    await expect(explain('SO:none@1')).rejects.toMatchObject({ code: 'LINE_UNKNOWN' });
  });
});
