import { randomUUID } from 'node:crypto';

import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { type Release, releaseHold } from '../../../src/store/holds/release.ts';
import { rejectHold } from '../../../src/store/holds/reject.ts';
import { contractAmounts } from '../../support/contract-amounts.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { linesOf, recollected, STOPPED } from '../../support/held-lines.ts';
import { changedRow, sampleTenant, withChanged } from '../../support/sample-tenant.ts';
import { collectOrg, type Rows, syncRows } from '../../support/sync-rows.ts';

describe('releaseHold', () => {
  let database: TestDatabase;
  let org = '';
  let orgs = 0;
  beforeAll(async () => void (database = await openTestDatabase()));
  beforeEach(() => void (org = `org-${(orgs += 1)}`));
  afterAll(() => database.close());

  const sync = (rows: Rows) => syncRows(database, rows, { entity: org, org });
  const collect = () => collectOrg(database, org);
  const lines = () => linesOf(database, org);
  const release = (what: Partial<Release>) =>
    releaseHold(database.db, {
      org,
      lines: [STOPPED],
      as: 'correction',
      reason: 'Agreed with sales.',
      by: 'ann',
      request: randomUUID(),
      ...what,
    });
  const stoppedRecollection = async () => {
    await sync(sampleTenant());
    await collect();
    await sync(recollected('2'));
    await collect();
    expect(await lines().holds()).toEqual([`${STOPPED} same-version-recollection`]);
  };

  test.each(['correction', 'amendment'] as const)(
    'as %s lets the booking stand at the form that was stopped, and says who did it in the contract',
    async (as) => {
      await stoppedRecollection();
      expect(await release({ as })).toEqual({ org, as, decided: '1', lines: [STOPPED] });
      expect(await lines().holds()).toEqual([]);
      expect(await lines().bookings(), 'collection alone writes bookings').toMatchObject([
        { amount: '1200' },
      ]);

      expect(await collect()).toMatchObject({ collected: '1', stopped: '0' });
      expect(await lines().bookings()).toEqual([{ so_line_id: 'orig.1', line: STOPPED, amount: '1800' }]);
      expect(await contractAmounts(database, org)).toMatchObject([{ bookings: '1800.00' }]);
      const { rows } = await sql<{ cause: string; made_by: string }>`
        select cause, made_by from revenue.contract_version where org = ${org} order by version desc limit 1`.execute(
        database.db,
      );
      expect(rows).toEqual([{ cause: as === 'correction' ? 'Correction' : 'Amendment', made_by: 'ann' }]);
    },
  );

  test('keeps who decided what and why, with what was before', async () => {
    await stoppedRecollection();
    await release({});
    expect(await lines().decisions()).toEqual([
      {
        kind: 'release-line',
        subject: STOPPED,
        before: { status: 'stopped', holds: ['same-version-recollection'] },
        after: { status: 'ready', as: 'correction', entity: org, content: expect.any(String) },
        reason: 'Agreed with sales.',
        by: 'ann',
      },
    ]);
  });

  test('decides once, however often a request is repeated', async () => {
    await stoppedRecollection();
    const request = randomUUID();
    const first = await release({ request });
    expect(await release({ request })).toEqual(first);
    await collect();
    expect(await release({ request })).toEqual(first);
    expect(await lines().decisions()).toHaveLength(1);
  });

  test('takes another decision of the same request for another decision', async () => {
    await stoppedRecollection();
    const request = randomUUID();
    await release({ request });
    await sync(recollected('2', '2400.00', '2024-02-02T00:00:00Z'));
    expect(await release({ request, as: 'amendment' })).toMatchObject({ as: 'amendment', decided: '1' });
    expect((await lines().decisions()).map(({ after }) => after)).toMatchObject([
      { as: 'correction' },
      { as: 'amendment' },
    ]);
  });

  test('counts for what the line said: formed anew with other content, it stops again', async () => {
    await stoppedRecollection();
    await release({});
    await sync(recollected('2', '2400.00', '2024-02-02T00:00:00Z'));
    await collect();
    expect(await lines().holds()).toEqual([`${STOPPED} same-version-recollection`]);
    expect(await lines().bookings()).toMatchObject([{ amount: '1200' }]);
  });

  test('counts still when the line is formed anew and says the same', async () => {
    await stoppedRecollection();
    await release({});
    await sync(recollected('2', '1800.00', '2024-02-02T00:00:00Z'));
    expect(await lines().holds()).toEqual([`${STOPPED} same-version-recollection`]);
    await collect();
    expect(await lines().holds()).toEqual([]);
    expect(await lines().bookings()).toMatchObject([{ line: STOPPED, amount: '1800' }]);
  });

  test('takes all that a filter names, or nothing', async () => {
    const waiting = withChanged(sampleTenant(), 'RatePlanCharge', 'rpc1', { OriginalOrderDate: null });
    await sync(waiting);
    await collect();
    const all = { lines: undefined, as: 'standalone' } as const;
    await expect(release({ ...all, filter: { subscription: 'S-1' } })).rejects.toMatchObject({
      code: 'NOTHING_HELD',
    });
    await expect(
      release({ ...all, as: 'amendment', filter: { hold: 'waits-for-booking' } }),
    ).rejects.toMatchObject({
      code: 'RELEASE_REFUSED',
      message: expect.stringMatching(/INV:item1 .* 2 of 2 lines/),
    });
    expect(await lines().decisions()).toEqual([]);
    expect(await release({ ...all, filter: { hold: 'waits-for-booking', type: 'INV' } })).toMatchObject({
      decided: '2',
      lines: ['INV:item1', 'INV:item2'],
    });
  });

  test('as standalone gives a billing a booking of its own, and its credits follow it', async () => {
    const memo = {
      CreditMemo: [
        {
          Id: 'memo',
          MemoNumber: 'CM-1',
          MemoDate: '2024-01-20',
          Status: 'Posted',
          AccountId: 'acc',
          SourceType: 'Invoice',
          UpdatedDate: '2024-01-20T10:00:00Z',
        },
      ],
      CreditMemoItem: [
        {
          Id: 'credit',
          CreditMemoId: 'memo',
          InvoiceItemId: 'item1',
          AmountWithoutTax: '40.00',
          Quantity: '1',
          SubscriptionId: 'sub1',
          RatePlanChargeId: 'rpc1',
          ProductRatePlanChargeId: 'prpc',
          ServiceStartDate: '2024-01-01',
          ServiceEndDate: '2024-02-01',
          UpdatedDate: '2024-01-20T10:00:00Z',
        },
      ],
    };
    const rows = withChanged(sampleTenant(), 'RatePlanCharge', 'rpc1', { OriginalOrderDate: null });
    await sync({ ...rows, ...memo });
    await collect();
    await release({ lines: ['INV:item1'], as: 'standalone' });
    expect(await collect()).toMatchObject({ collected: '3', waiting: '1' });
    expect(await lines().bookings()).toEqual([
      { so_line_id: 'REVSYNC-item1', line: 'SO:REVSYNC-item1@1', amount: '100' },
    ]);
    expect(await lines().statuses()).toEqual([
      'CM:credit collected',
      'INV:item1 collected',
      'INV:item2 waiting',
      'SO:REVSYNC-item1@1 collected',
      'SO:orig.1@1 held',
    ]);
    const { rows: made } = await sql`
      select so_number, to_char(so_book_date, 'YYYY-MM-DD') as booked, term_number::text as term,
        trim_scale(ext_list_price)::text as list, invoice_line_id, amendment_reason, skip_ct_mod
      from staging.line where org = ${org} and id = 'SO:REVSYNC-item1@1'`.execute(database.db);
    expect(made).toEqual([
      {
        so_number: 'INV-1',
        booked: '2024-01-10',
        term: '1',
        list: '100',
        invoice_line_id: null,
        amendment_reason: '',
        skip_ct_mod: 'No',
      },
    ]);
  });

  test('a standalone billing waits for the period of its date, as others do', async () => {
    await sync(
      withChanged(
        withChanged(sampleTenant(), 'RatePlanCharge', 'rpc1', { OriginalOrderDate: null }),
        'Invoice',
        'inv1',
        { InvoiceDate: '2024-03-10' },
      ),
    );
    await collect();
    await release({ lines: ['INV:item1'], as: 'standalone' });
    await collect();
    expect(await lines().holds()).toEqual([
      'INV:item1 waits-for-booking',
      'INV:item2 waits-for-booking',
      'SO:REVSYNC-item1@1 waits-for-open-period',
      'SO:orig.1@1 missing-sales-order-date',
    ]);
  });

  test('lets a line pass a rule that may be overridden, and no other', async () => {
    await sync(sampleTenant());
    await sql`update staging.line set subscription_end_date = '2023-01-01' where org = ${org} and id = 'INV:item1'`.execute(
      database.db,
    );
    await sql`update staging.line set invoice_num = null where org = ${org} and id = 'INV:item2'`.execute(
      database.db,
    );
    await collect();
    await expect(release({ lines: ['INV:item2'] })).rejects.toMatchObject({
      code: 'RELEASE_REFUSED',
      message: expect.stringContaining('for missing-invoice-num it can only be rejected'),
    });
    await release({ lines: ['INV:item1'] });
    expect(await collect()).toMatchObject({ collected: '1', stopped: '1' });
    expect(await lines().statuses()).toContain('INV:item1 collected');
  });

  test('counts a corrected billing instead of the form that was collected', async () => {
    await sync(sampleTenant());
    await collect();
    await sync(
      changedRow('InvoiceItem', 'item1', { ChargeAmount: '130.00', UpdatedDate: '2024-02-01T00:00:00Z' }),
    );
    expect(await lines().holds()).toEqual(['INV:item1#2 same-version-recollection']);
    await release({ lines: ['INV:item1#2'] });
    await collect();
    expect(await contractAmounts(database, org)).toMatchObject([{ billings: '230.00' }]);
    expect(await lines().statuses()).toEqual([
      'INV:item1 superseded',
      'INV:item1#2 collected',
      'INV:item2 collected',
      'SO:orig.1@1 collected',
    ]);
  });

  test.each([
    [{ lines: ['INV:gone'] }, 'LINE_UNKNOWN', /no line "INV:gone"/],
    [{ lines: ['SO:orig.1@1'] }, 'LINE_COLLECTED', /is collected/],
    [{ as: 'standalone' }, 'RELEASE_REFUSED', /as correction or amendment, or rejected/],
    [{ as: 'new-contract' }, 'RELEASE_REFUSED', /as correction or amendment/],
    [{ lines: undefined, filter: { hold: 'orphan-account' } }, 'NOTHING_HELD', /No held line/],
  ] as const)('refuses %o with %s, and changes nothing', async (what, code, message) => {
    await stoppedRecollection();
    await expect(release(what as Partial<Release>)).rejects.toMatchObject({
      code,
      fate: 'fix-input',
      message: expect.stringMatching(message),
    });
    expect(await lines().holds()).toEqual([`${STOPPED} same-version-recollection`]);
    expect(await lines().decisions()).toEqual([]);
  });

  test('narrows named lines by the hold of a filter', async () => {
    await stoppedRecollection();
    const hold = 'contract-closed';
    await expect(release({ lines: [STOPPED], filter: { hold } })).rejects.toMatchObject({
      code: 'LINE_UNMATCHED',
      message: `The line "${STOPPED}" is not what the filter says.`,
    });
    expect(await lines().decisions()).toEqual([]);
    await release({ lines: [STOPPED], filter: { hold: 'same-version-recollection' } });
    expect(await lines().decisions()).toHaveLength(1);
  });

  test('refuses what is not complete and what only waits, and says so', async () => {
    await sync({ ...withChanged(sampleTenant(), 'RatePlanCharge', 'rpc1', { OriginalOrderDate: null }) });
    await collect();
    await expect(release({ lines: ['SO:orig.1@1'] })).rejects.toMatchObject({
      code: 'RELEASE_REFUSED',
      message: expect.stringContaining('not complete (missing-sales-order-date)'),
    });
    org = `${org}-later`;
    await sync(withChanged(sampleTenant(), 'RatePlanCharge', 'rpc1', { OriginalOrderDate: '2024-05-01' }));
    await collect();
    await expect(release({ lines: ['SO:orig.1@1'] })).rejects.toMatchObject({
      message: expect.stringContaining('only waits (waits-for-open-period)'),
    });
  });

  test('takes a rejection back', async () => {
    await stoppedRecollection();
    await rejectHold(database.db, { org, lines: [STOPPED], reason: 'No.', by: 'bob', request: randomUUID() });
    await collect();
    expect(await lines().statuses()).toContain(`${STOPPED} rejected`);
    await release({});
    await collect();
    expect(await lines().bookings()).toMatchObject([{ line: STOPPED, amount: '1800' }]);
    expect((await lines().decisions()).map(({ kind, by }) => [kind, by])).toEqual([
      ['reject-line', 'bob'],
      ['release-line', 'ann'],
    ]);
  });

  test('tells lines of several entities apart', async () => {
    for (const entity of [`${org}-a`, `${org}-b`]) {
      await syncRows(
        database,
        withChanged(sampleTenant(), 'RatePlanCharge', 'rpc1', { OriginalOrderDate: null }),
        {
          entity,
          org,
        },
      );
    }
    await collect();
    const one = { lines: ['INV:item1'], as: 'standalone' } as const;
    await expect(release(one)).rejects.toMatchObject({ code: 'LINE_AMBIGUOUS' });
    await release({ ...one, filter: { entity: `${org}-a` } });
    const { rows } = await sql`select entity, line from staging.release where org = ${org}`.execute(
      database.db,
    );
    expect(rows).toEqual([{ entity: `${org}-a`, line: 'INV:item1' }]);
  });
});
