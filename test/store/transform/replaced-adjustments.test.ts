import { randomUUID } from 'node:crypto';

import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { rejectHold } from '../../../src/store/holds/reject.ts';
import { releaseHold } from '../../../src/store/holds/release.ts';
import { switchOver } from '../../../src/store/settlement/switch-over.ts';
import { contractAmounts } from '../../support/contract-amounts.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { lineReader } from '../../support/line-reader.ts';
import { adjustment, memo } from '../../support/rich-tenant.ts';
import { sampleTenant } from '../../support/sample-tenant.ts';
import { collectOrg, type Rows, syncRows } from '../../support/sync-rows.ts';

const SWITCHED = '2024-02-01';
const LATER = '2024-02-05T00:00:00Z';
/** A memo over the same 30 of the same item as the adjustment. */
const SAME = { Amount: '30.00', AmountWithoutTax: '30.00' };
const SAME_PERIOD = { ServiceStartDate: '2024-01-11', ServiceEndDate: '2024-01-26' };

describe('a memo that Billing made in place of an adjustment', () => {
  let database: TestDatabase;
  let read: ReturnType<typeof lineReader>;
  let entity = '';
  let entities = 0;
  beforeAll(async () => {
    database = await openTestDatabase();
    read = lineReader(database);
  });
  beforeEach(() => void (entity = `entity-${(entities += 1)}`));
  afterAll(() => database.close());

  const sync = async (rows: Rows, settlement: boolean) => {
    const { balance } = await syncRows(database, rows, { entity, org: entity, settlement });
    expect(balance.unequal).toEqual([]);
    return balance.rows.filter(({ measure }) => measure === 'count');
  };
  const before = (...changes: Readonly<Record<string, string | null>>[]) =>
    sync({ ...sampleTenant(), InvoiceItemAdjustment: changes.map((change) => adjustment(change)) }, false);
  /** The first run that finds Invoice Settlement on, switched over on the first of February. */
  const after = async (rows: Rows) => {
    await switchOver(database.db, { entity, switchDate: SWITCHED, at: SWITCHED });
    return sync(rows, true);
  };
  const collect = () => collectOrg(database, entity);
  const billed = async () => (await contractAmounts(database, entity)).map(({ billings }) => billings);
  const corrections = async () => (await read.ids(entity)).filter((id) => /adj|mi\d/.test(id ?? ''));
  const counted = async () => {
    const { rows } = await sql<{ pair: string }>`
      select concat_ws(' ', item, adjustment, counts) as pair from staging.replacement
      where entity = ${entity} order by item`.execute(database.db);
    return rows.map(({ pair }) => pair);
  };

  const memos = async () =>
    (await read.lines(entity))
      .filter(({ source_object: object }) => object === 'CreditMemoItem')
      .map(({ id, status }) => `${id} ${status}`);
  const release = (line: string) =>
    releaseHold(database.db, {
      org: entity,
      lines: [line],
      reason: 'Compared.',
      by: 'ann',
      as: 'correction',
      request: randomUUID(),
    });
  const reject = (line: string) =>
    rejectHold(database.db, {
      org: entity,
      lines: [line],
      reason: 'The same.',
      by: 'ann',
      request: randomUUID(),
    });
  const findings = async () => {
    const { rows } = await sql<{ found: string }>`
      select concat_ws(' ', source_id, amount, currency) as found from staging.finding
      where entity = ${entity} and finding = 'adjustment-after-switch' and resolved_at is null`.execute(
      database.db,
    );
    return rows.map(({ found }) => found);
  };
  /** Memos cm1 and so on of the dates, with one item each over the period of the adjustment. */
  const twins = (...dates: readonly string[]): Rows => {
    const each = dates.map((date, place) =>
      memo(
        'CreditMemo',
        { Id: `cm${place + 1}`, MemoDate: date },
        { ...SAME, ...SAME_PERIOD, Id: `cmi${place + 1}`, CreditMemoId: `cm${place + 1}` },
      ),
    );
    return {
      CreditMemo: each.flatMap((rows) => rows['CreditMemo'] ?? []),
      CreditMemoItem: each.flatMap((rows) => rows['CreditMemoItem'] ?? []),
    };
  };

  test.each([
    [
      'the item by the adjustment’s id',
      {},
      { SourceItemId: 'adj1', SourceItemType: 'InvoiceItemAdjustment' },
    ],
    ['the item by its number', {}, { SourceItemId: 'IIA-1' }],
    [
      'what the credit is from',
      {},
      { CreditFromItemId: 'adj1', CreditFromItemSource: 'InvoiceItemAdjustment' },
    ],
    ['the memo', { SourceId: 'adj1', SourceType: 'InvoiceItemAdjustment' }, {}],
  ])('forms no line beside the collected adjustment, as %s tells, and says why', async (_, header, item) => {
    await before({});
    await collect();
    expect(await billed()).toEqual(['170.00']);
    const balance = await after(memo('CreditMemo', header, { ...SAME, ...item }));
    expect(balance.find(({ object }) => object === 'CreditMemoItem')).toMatchObject({
      excluded: '1',
      exclusions: { 'replaces-adjustment': '1' },
    });
    await collect();
    expect(await billed()).toEqual(['170.00']);
    expect(await corrections()).toEqual(['CM-C:adj1']);
  });

  test('forms none either where the adjustment was not collected, and comes with the same run', async () => {
    await before();
    const named = memo('CreditMemo', {}, { ...SAME, SourceItemId: 'adj1' });
    await after({ ...named, InvoiceItemAdjustment: [adjustment()] });
    expect(await corrections()).toEqual(['CM-C:adj1']);
    await collect();
    expect(await billed()).toEqual(['170.00']);
  });

  test('counts instead of one dated from the switch on, whose line goes', async () => {
    await before({ AdjustmentDate: SWITCHED });
    expect(await corrections()).toEqual(['CM-C:adj1']);
    await after(memo('CreditMemo', { MemoDate: SWITCHED }, { ...SAME, SourceItemId: 'adj1' }));
    expect(await corrections()).toEqual(['CM:cmi1']);
    expect(await counted()).toEqual(['cmi1 adj1 memo']);
  });

  test('does not count where such an adjustment was collected before', async () => {
    await before({ AdjustmentDate: SWITCHED });
    await collect();
    await after(memo('CreditMemo', { MemoDate: SWITCHED }, { ...SAME, SourceItemId: 'adj1' }));
    await collect();
    expect(await corrections()).toEqual(['CM-C:adj1']);
    expect(await billed()).toEqual(['170.00']);
  });

  test('stays the one that counts when it was collected before the adjustment came', async () => {
    await before();
    await after(memo('CreditMemo', { MemoDate: SWITCHED }, { ...SAME, SourceItemId: 'adj1' }));
    await collect();
    const balance = await sync({ InvoiceItemAdjustment: [adjustment()] }, true);
    expect(balance.find(({ object }) => object === 'InvoiceItemAdjustment')).toMatchObject({
      exclusions: { 'replaced-by-memo': '1' },
    });
    expect(await corrections()).toEqual(['CM:cmi1']);
  });

  test('counts after all when the adjustment is cancelled in Billing and not collected', async () => {
    await before({});
    await after(memo('CreditMemo', {}, { ...SAME, SourceItemId: 'adj1' }));
    expect(await corrections()).toEqual(['CM-C:adj1']);
    await sync({ InvoiceItemAdjustment: [adjustment({ Status: 'Canceled' })] }, true);
    expect(await corrections()).toEqual(['CM:cmi1']);
  });

  test('is a debit memo where the adjustment charged', async () => {
    await before({ Type: 'Charge' });
    await collect();
    await after(memo('DebitMemo', {}, { ...SAME, SourceItemId: 'adj1' }));
    await collect();
    expect(await billed()).toEqual(['230.00']);
    expect(await counted()).toEqual(['dmi1 adj1 adjustment']);
  });

  test('may be shared between items that come to its amount', async () => {
    await before({});
    const half = (id: string) => ({
      ...memo('CreditMemo', {}, { Id: id, AmountWithoutTax: '15.00', SourceItemId: 'adj1' }),
    });
    const items = ['cmi1', 'cmi2'].flatMap((id) => half(id)['CreditMemoItem'] ?? []);
    await after({ ...half('cmi1'), CreditMemoItem: items });
    expect(await counted()).toEqual(['cmi1 adj1 adjustment', 'cmi2 adj1 adjustment']);
  });

  test.each([
    ['has the same period', {}, SAME_PERIOD],
    ['has the same date', { MemoDate: '2024-01-20' }, {}],
    ['names it but corrects by another amount', {}, { AmountWithoutTax: '29.00', SourceItemId: 'adj1' }],
  ])('is held for a person when it only %s, with the line it resembles', async (_, header, item) => {
    await before({});
    await collect();
    await after(memo('CreditMemo', header, { ...SAME, ...item }));
    expect(await read.holds(entity)).toEqual([
      expect.stringMatching(
        /^CM:cmi1 possible-replacement: CreditMemoItem cmi1 looks like .*IIA-1 of 2024-01-20 \(line CM-C:adj1\)\.$/,
      ),
    ]);
    await collect();
    expect(await billed()).toEqual(['170.00']);
    const decision = { org: entity, lines: ['CM:cmi1'], reason: 'Compared.', by: 'ann' };
    await releaseHold(database.db, { ...decision, as: 'correction', request: randomUUID() });
    await collect();
    expect(await billed()).toEqual(['AmountWithoutTax' in item ? '141.00' : '140.00']);
  });

  test('that a person rejected stays rejected', async () => {
    await before({});
    const memos = memo('CreditMemo', {}, { ...SAME, ...SAME_PERIOD });
    await after(memos);
    const request = randomUUID();
    await rejectHold(database.db, {
      org: entity,
      lines: ['CM:cmi1'],
      reason: 'The same.',
      by: 'ann',
      request,
    });
    const { CreditMemo: [header] = [] } = memos;
    await sync({ CreditMemo: [{ ...header, Comments: 'again', UpdatedDate: '2024-02-05T00:00:00Z' }] }, true);
    expect(await read.line(entity, 'CM:cmi1')).toMatchObject({ status: 'rejected' });
    await collect();
    expect(await billed()).toEqual(['170.00']);
  });

  test('is held whatever its date, and so is each other that looks like the adjustment', async () => {
    await before({});
    await after(twins('2024-01-22', '2024-01-22', SWITCHED));
    expect(await memos()).toEqual(['CM:cmi1 stopped', 'CM:cmi2 stopped', 'CM:cmi3 stopped']);
  });

  test('of the same date is held only where it is dated before the switch', async () => {
    await before(
      { AdjustmentDate: '2024-01-31' },
      { Id: 'adj2', AdjustmentNumber: 'IIA-2', AdjustmentDate: SWITCHED },
    );
    await collect();
    await after(memo('CreditMemo', { MemoDate: SWITCHED }, SAME));
    expect(await memos()).toEqual(['CM:cmi1 ready']);
  });

  test.each([
    ['has the same period', {}, SAME_PERIOD],
    ['names it with another amount', {}, { AmountWithoutTax: '29.00', SourceItemId: 'adj1' }],
  ])('that was collected before the adjustment it %s came holds that one', async (_, header, item) => {
    await before();
    await after(memo('CreditMemo', header, { ...SAME, ...item }));
    await collect();
    await sync({ InvoiceItemAdjustment: [adjustment()] }, true);
    expect(await read.holds(entity)).toEqual([
      expect.stringMatching(/^CM-C:adj1 possible-replacement: .*CreditMemoItem cmi1 \(line CM:cmi1\)\.$/),
    ]);
    await collect();
    expect(await corrections()).toEqual(['CM-C:adj1', 'CM:cmi1']);
    expect(await read.line(entity, 'CM-C:adj1')).toMatchObject({ status: 'stopped' });
    await release('CM-C:adj1');
    await collect();
    expect(await read.line(entity, 'CM-C:adj1')).toMatchObject({ status: 'collected' });
    await sync({ InvoiceItemAdjustment: [adjustment({ Comment: 'again', UpdatedDate: LATER })] }, true);
    expect(await counted()).toEqual(['cmi1 adj1 both']);
  });

  test.each([
    ['another invoice item', { InvoiceItemId: 'item2' }],
    ['another amount', { AmountWithoutTax: '31.00' }],
    ['another period and date', { ServiceStartDate: '2024-01-12' }],
  ])('is none with %s', async (_, change) => {
    await before({});
    await after(memo('CreditMemo', {}, { ...SAME, ...SAME_PERIOD, ...change }));
    expect(await counted()).toEqual([]);
    expect(await read.line(entity, 'CM:cmi1')).toMatchObject({ status: 'ready' });
  });

  describe('once one of the two is collected', () => {
    const NAMED = memo('CreditMemo', { MemoDate: SWITCHED }, { ...SAME, SourceItemId: 'adj1' });
    /** The memo is collected, the adjustment comes after it. */
    const memoFirst = async () => {
      await before();
      await after(NAMED);
      await collect();
      await sync({ InvoiceItemAdjustment: [adjustment()] }, true);
      expect(await counted()).toEqual(['cmi1 adj1 memo']);
    };
    const [header] = NAMED['CreditMemo'] ?? [];
    const [item] = NAMED['CreditMemoItem'] ?? [];

    test('keeps the memo when a second item names the adjustment, which is held', async () => {
      await memoFirst();
      await sync(
        { CreditMemoItem: [{ ...item, Id: 'cmi2', AmountWithoutTax: '5.00', UpdatedDate: LATER }] },
        true,
      );
      expect(await counted()).toEqual(['cmi1 adj1 memo', 'cmi2 adj1 undecided']);
      await collect();
      expect(await billed()).toEqual(['170.00']);
      expect(await memos()).toEqual(['CM:cmi1 collected', 'CM:cmi2 stopped']);
    });

    test.each([
      ['cancelled', { CreditMemo: [{ ...header, Status: 'Canceled', UpdatedDate: LATER }] }],
      ['deleted', { CreditMemo: [{ ...header, Deleted: 'true', UpdatedDate: LATER }] }],
      ['deleted, its item', { CreditMemoItem: [{ ...item, Deleted: 'true', UpdatedDate: LATER }] }],
      [
        'changed so that it names nothing',
        { CreditMemoItem: [{ ...item, SourceItemId: null, UpdatedDate: LATER }] },
      ],
    ])('keeps the memo when it is %s', async (_, rows) => {
      await memoFirst();
      await sync(rows, true);
      expect(await counted()).toEqual(['cmi1 adj1 memo']);
      await collect();
      expect(await corrections()).toEqual(['CM:cmi1']);
      expect(await billed()).toEqual(['170.00']);
    });

    test.each([
      ['cancelled', { Status: 'Canceled' }],
      ['deleted', { Deleted: 'true' }],
    ])('keeps the adjustment when it is %s', async (_, change) => {
      await before({});
      await collect();
      await after(NAMED);
      await sync({ InvoiceItemAdjustment: [adjustment({ ...change, UpdatedDate: LATER })] }, true);
      expect(await counted()).toEqual(['cmi1 adj1 adjustment']);
      await collect();
      expect(await billed()).toEqual(['170.00']);
      expect(await corrections()).toEqual(['CM-C:adj1']);
    });

    test('holds a memo that names the collected adjustment no more', async () => {
      await before({});
      await collect();
      await after(NAMED);
      await sync({ CreditMemoItem: [{ ...item, SourceItemId: null, UpdatedDate: LATER }] }, true);
      expect(await counted()).toEqual(['cmi1 adj1 undecided']);
      expect(await memos()).toEqual(['CM:cmi1 stopped']);
    });
  });

  test('that a person rejected is held again when its adjustment goes uncollected', async () => {
    await before({});
    await after(memo('CreditMemo', {}, { ...SAME, ...SAME_PERIOD }));
    await reject('CM:cmi1');
    await sync({ InvoiceItemAdjustment: [adjustment({ Status: 'Canceled', UpdatedDate: LATER })] }, true);
    expect(await read.holds(entity)).toEqual([
      expect.stringMatching(
        /^CM:cmi1 possible-replacement: .*IIA-1 of 2024-01-20 \(which counts no more\)\.$/,
      ),
    ]);
    await sync({ InvoiceItemAdjustment: [adjustment({ Id: 'adj9', Status: 'Canceled' })] }, true);
    expect(await memos()).toEqual(['CM:cmi1 stopped']);
    await release('CM:cmi1');
    await collect();
    expect(await billed()).toEqual(['170.00']);
  });

  test('is asked for where an adjustment is dated from the switch on, until it is there or that goes', async () => {
    await before(
      { AdjustmentDate: SWITCHED },
      { Id: 'adj2', AdjustmentNumber: 'IIA-2', AdjustmentDate: SWITCHED },
    );
    await after({});
    expect(await findings()).toEqual(['adj1 -30 USD', 'adj2 -30 USD']);
    await sync(memo('CreditMemo', { MemoDate: SWITCHED }, { ...SAME, SourceItemId: 'adj1' }), true);
    expect(await findings()).toEqual(['adj2 -30 USD']);
    await sync(
      { InvoiceItemAdjustment: [adjustment({ Id: 'adj2', Status: 'Canceled', UpdatedDate: LATER })] },
      true,
    );
    expect(await findings()).toEqual([]);
  });

  test('concerns no adjustments of an entity that had memos from its first run on', async () => {
    const rows = { ...sampleTenant(), InvoiceItemAdjustment: [adjustment()] };
    await sync({ ...rows, ...memo('CreditMemo', {}, { ...SAME, SourceItemId: 'adj1' }) }, true);
    expect(await corrections()).toEqual(['CM:cmi1']);
    expect(await counted()).toEqual([]);
  });
});
