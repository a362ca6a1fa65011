import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { listLines } from '../../../src/store/list-lines.ts';
import { showLine, type ShownLine } from '../../../src/store/show-line.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { collectTenant, LINEAGE_TENANTS, syncTenant } from '../../support/lineage-tenants.ts';
import { openReader } from '../../support/reader.ts';
import { richTenant } from '../../support/rich-tenant.ts';
import { withChanged } from '../../support/sample-tenant.ts';
import { collectOrg, type Rows, syncRows } from '../../support/sync-rows.ts';

/** Fields that hold keys of other objects; what no row has as its key leads nowhere. */
const isKey = (field: string): boolean => /(^i|I)d$/.test(field);
const isNumber = (value: string): boolean => /^-?\d+(\.\d+)?$/.test(value);
const isDay = (value: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(value);

/** What changes nothing about which rows belong together, or whether they form lines. */
const KEPT =
  /^(Id|OriginalId|Segment|Status|Source|SourceType|ChargeModel|ChargeType|Type|Tier|CreatedDate)$/;

/** Another value of the same type. */
function otherwise(value: string, times: number): string {
  if (isDay(value)) return value.replace(/\d\d$/, String(10 + times));
  return isNumber(value) ? `${value.split('.')[0]}${times}` : `${value} ${'again '.repeat(times)}`.trim();
}

/** Every row with other values in every field, as Billing may have it after so many changes. */
function changed(rows: Rows, times: number): Rows {
  const day = `2024-02-0${times}T00:00:00Z`;
  const change = (row: Rows[string][number]) =>
    Object.fromEntries(
      Object.entries(row).map(([field, value]) => {
        const keep = value === null || KEPT.test(field) || isKey(field);
        return [field, keep ? value : otherwise(value, times)];
      }),
    );
  return Object.fromEntries(
    Object.entries(rows).map(([object, list]) => [
      object,
      list.map((row) => ({
        ...change(row),
        ...('updateddate' in row ? { updateddate: day } : { UpdatedDate: day }),
      })),
    ]),
  );
}

/** References that lead to another row of the same object. */
function moved(rows: Rows): Rows {
  const [account = {}] = rows['Account'] ?? [];
  const codes = (rows['AccountingCode'] ?? []).map(({ Id }) => Id ?? null);
  const turned = (row: Rows[string][number]) =>
    Object.fromEntries(
      Object.entries(row).map(([field, value]) => {
        const at = codes.indexOf(value);
        return [field, at < 0 ? value : (codes[(at + 1) % codes.length] ?? null)];
      }),
    );
  const map = (object: string, change: Rows[string][number]) =>
    (rows[object] ?? []).map((row) => ({ ...row, ...change }));
  return {
    ...rows,
    Account: [...(rows['Account'] ?? []), { ...account, Id: 'stranger', AccountNumber: 'A-9' }],
    Subscription: map('Subscription', {
      InvoiceOwnerId: 'stranger',
      CreatorAccountId: 'stranger',
      CreatorInvoiceOwnerId: 'stranger',
    }),
    ProductRatePlan: map('ProductRatePlan', { ProductId: 'nothing' }),
    ProductRatePlanCharge: (rows['ProductRatePlanCharge'] ?? []).map(turned),
    RatePlanCharge: map('RatePlanCharge', { AmendmentId: 'nothing' }),
  };
}

/** A row with a field that history does not keep for its own sake. */
const TOTAL = { from: 'RatePlanCharge.TCV', to: 'ATR1', type: 'Number' } as const;

describe('the rows that a line was formed from', () => {
  let database: TestDatabase;
  let entities = 0;
  beforeAll(async () => void (database = await openTestDatabase()));
  afterAll(() => database.close());

  const newEntity = (): string => `entity-${(entities += 1)}`;
  const shown = async (entity: string, ids: readonly string[]): Promise<ShownLine[]> => {
    const lines: ShownLine[] = [];
    for (const id of ids) lines.push(await showLine(database.db, { entity, id }));
    return lines;
  };
  const collectedIn = async (entity: string) =>
    (await listLines(database.db, { entity, status: 'collected' })).map(({ id }) => id);
  const withoutChange = ({ lineage, ...line }: ShownLine) => ({
    ...line,
    lineage: { ...lineage, sources: lineage.sources.map(({ changedSince: _, ...source }) => source) },
  });

  test.each(Object.entries(LINEAGE_TENANTS))(
    'of %s are told as they were, however often everything changes',
    async (name, tenant) => {
      const own = newEntity();
      await collectTenant(database, own, tenant);
      const ids = await collectedIn(own);
      const before = await shown(own, ids);
      expect(before.length, name).toBeGreaterThan(1);
      expect(before.flatMap(({ lineage }) => lineage.sources).some(({ changedSince }) => changedSince)).toBe(
        false,
      );

      for (const times of [1, 2]) {
        const rows = times === 1 ? changed(tenant.rows, times) : moved(changed(tenant.rows, times));
        await syncTenant(database, own, { rows, records: changed(tenant.records ?? {}, times) });
        const after = await shown(own, ids);
        expect(after.map(withoutChange)).toEqual(before.map(withoutChange));
        expect(after.flatMap(({ lineage }) => lineage.sources).filter((each) => !each.changedSince)).toEqual(
          [],
        );
      }
    },
  );

  const collected = async (rows: Rows): Promise<{ entity: string; before: ShownLine }> => {
    const entity = newEntity();
    await syncRows(database, rows, { entity, org: entity });
    await collectOrg(database, entity);
    return { entity, before: await showLine(database.db, { entity, id: 'SO:orig.2@4' }) };
  };
  const sync = (entity: string, rows: Rows) => syncRows(database, rows, { entity, org: entity });
  const now = (entity: string) => showLine(database.db, { entity, id: 'SO:orig.2@4' });
  const sourceOf = ({ lineage }: ShownLine, path: string) =>
    lineage.sources.find(({ paths }) => paths.includes(path));

  test('are told in their version when only what history does not keep has changed', async () => {
    const { entity, before } = await collected(richTenant());
    const change = { TCV: '7.00', UpdatedDate: '2024-02-01T00:00:00Z' };
    await sync(entity, withChanged(richTenant(), 'RatePlanCharge', 'rpc1', change));
    const after = await now(entity);
    expect(sourceOf(after, 'RatePlanCharge')).toMatchObject({
      id: 'rpc1',
      updatedDate: '2024-01-05T10:00:00.000000Z',
      changedSince: true,
    });
    expect(after.lineage.fields['Rate Plan Charge Name']).toEqual(
      before.lineage.fields['Rate Plan Charge Name'],
    );
  });

  test('are told in full where a template maps what history does not keep otherwise', async () => {
    const own = newEntity();
    const tenant = { rows: richTenant(), templates: { SO: { rows: [TOTAL] } } };
    await collectTenant(database, own, tenant);
    const before = await now(own);
    expect(before.fields).toMatchObject({ ATR1: '1200', 'Charge Last Update Date': '2024-01-05' });
    const later = { TCV: '7.00', UpdatedDate: '2024-02-01T00:00:00Z' };
    await sync(own, withChanged(richTenant(), 'RatePlanCharge', 'rpc1', later));
    const after = await now(own);
    expect(after.fields).toEqual(before.fields);
    expect(after.lineage.fields).toEqual(before.lineage.fields);
  });

  test('are contradicted where what has no versions has changed', async () => {
    const { entity, before } = await collected(richTenant());
    expect(before.lineage.fields['Business Unit']?.differs).toBe(false);
    await sql`update control.entity set display_name = 'Renamed' where entity = ${entity}`.execute(
      database.db,
    );
    const { fields, lineage } = await now(entity);
    expect(fields['Business Unit']).toBe('Acme');
    expect(lineage.fields['Business Unit']).toMatchObject({ object: 'Entity', id: entity, differs: true });
    expect(lineage.fields['Company Code']?.differs).toBe(false);
  });

  test('are not taken for versions that were late when they came', async () => {
    const { entity, before } = await collected(richTenant());
    const late = { Name: 'Long ago', UpdatedDate: '2024-01-01T00:00:00Z' };
    await sync(entity, withChanged(richTenant(), 'Subscription', 'sub1', { ...late, TermType: 'EVERGREEN' }));
    const change = { Name: 'S-9', UpdatedDate: '2024-02-02T00:00:00Z' };
    await sync(entity, withChanged(richTenant(), 'Subscription', 'sub1', change));
    const after = await now(entity);
    expect(after.lineage.fields).toEqual(before.lineage.fields);
    expect(sourceOf(after, 'Subscription')?.changedSince).toBe(true);
  });

  test('are told to a reader of the organisation alike', async () => {
    const { entity } = await collected(richTenant());
    await sync(entity, changed(richTenant(), 1));
    const reader = await openReader(database, [entity]);
    try {
      expect(await showLine(reader.db, { entity, id: 'SO:orig.2@4' })).toEqual(await now(entity));
    } finally {
      await reader.close();
    }
  });

  test('stay when Billing deletes them', async () => {
    const { entity, before } = await collected(LINEAGE_TENANTS['discounted']?.rows ?? {});
    const id = 'SO:other.2.disc.2@4';
    const discount = await showLine(database.db, { entity, id });
    const rows = LINEAGE_TENANTS['discounted']?.rows ?? {};
    await sync(
      entity,
      Object.fromEntries(
        Object.entries(rows).map(([object, list]) => [
          object,
          list.map((row) => ({ ...row, Deleted: 'true' })),
        ]),
      ),
    );
    expect((await now(entity)).lineage.fields).toEqual(before.lineage.fields);
    expect((await showLine(database.db, { entity, id })).lineage.fields).toEqual(discount.lineage.fields);
  });

  test('do not grow by rows that came later', async () => {
    const { Ramp: ramps = [], Amendment: amendments = [], ...rows } = richTenant();
    const { entity, before } = await collected(rows);
    expect(sourceOf(before, 'Ramp')).toBeUndefined();
    const [charge = {}] = rows['RatePlanCharge'] ?? [];
    const previous = { ...charge, Id: 'rpc0', SubscriptionId: 'sub0' };
    await sync(entity, { ...rows, Ramp: ramps, Amendment: amendments, RatePlanCharge: [charge, previous] });
    const after = await now(entity);
    expect(after.lineage).toEqual(before.lineage);
  });
});
