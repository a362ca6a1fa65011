import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { listContracts } from '../../src/store/contracts.ts';
import { ensureSeededSetups } from '../../src/store/setups/seeded-setups.ts';
import { ensureSeededTemplates } from '../../src/store/templates.ts';
import { recordEntities } from '../../src/store/tenancy.ts';
import { mapEntities } from '../../src/store/tenancy/map-entities.ts';
import { apart } from '../support/apart.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { keptDefault } from '../support/kept-templates.ts';
import { sampleTenant, withChanged } from '../support/sample-tenant.ts';
import { collectOrg, type Rows, syncRows } from '../support/sync-rows.ts';
import { orderTemplate } from '../support/templates.ts';

/** Entities of organisation `west` and one of `east`; all have a subscription `S-1`. */
const ENTITIES = [
  { entity: 'us', org: 'west', timezone: 'America/Los_Angeles' },
  { entity: 'japan', org: 'west', timezone: 'Asia/Tokyo' },
  { entity: 'uk', org: 'east', timezone: 'Europe/London' },
] as const;

/** The sample with ids of the entity's own, and besides a subscription that no other has. */
function rowsOf(entity: string): Rows {
  const shared = withChanged(sampleTenant(), 'RatePlanCharge', 'rpc1', {
    CreatedDate: '2024-01-03T02:00:00Z',
  });
  const own = apart(shared, `-${entity}-own`);
  const together = apart(shared, `-${entity}`);
  const named: Rows = {
    ...together,
    Subscription: (together['Subscription'] ?? []).map((row) => ({ ...row, Name: 'S-1' })),
  };
  return Object.fromEntries(
    Object.keys(named).map((object) => [object, [...(named[object] ?? []), ...(own[object] ?? [])]]),
  );
}

describe('several entities of one organisation', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase();
    const { db } = database;
    await ensureSeededTemplates(db);
    await ensureSeededSetups(db);
    await recordEntities(
      db,
      ENTITIES.map(({ entity, timezone }) => ({
        entity,
        org: entity,
        billingId: `id-${entity}`,
        entityName: `${entity} Inc.`,
        displayName: `Acme ${entity}`,
        parent: null,
        timezone,
        homeCurrency: 'USD',
      })),
    );
    await mapEntities(
      db,
      ENTITIES.map(({ entity, org }) => ({ entity, org, name: null })),
      { by: 'ann', reason: 'Step 2' },
    );
    await keptDefault(
      db,
      orderTemplate({
        name: 'Japanese bookings',
        entity: 'japan',
        constants: [
          ...orderTemplate().constants,
          { to: 'ATR60', type: 'Character', value: 'by the Japanese template' },
        ],
      }),
    );
    for (const { entity, org } of ENTITIES)
      await syncRows(database, rowsOf(entity), { entity, org, record: false });
    await collectOrg(database, 'west');
    await collectOrg(database, 'east');
  });
  afterAll(() => database.close());

  test('have their own names, dates and templates', async () => {
    const { rows } = await sql`
      select entity, org, business_unit as unit, company_code as code, min(charge_created_date)::text as created,
        string_agg(distinct atr60, ', ') as template
      from staging.line where type = 'SO' group by 1, 2, 3, 4 order by 1`.execute(database.db);
    expect(rows).toEqual([
      {
        entity: 'japan',
        org: 'west',
        unit: 'Acme japan',
        code: 'japan Inc.',
        created: '2024-01-03',
        template: 'by the Japanese template',
      },
      { entity: 'uk', org: 'east', unit: 'Acme uk', code: 'uk Inc.', created: '2024-01-03', template: null },
      { entity: 'us', org: 'west', unit: 'Acme us', code: 'us Inc.', created: '2024-01-02', template: null },
    ]);
  });

  test('meet in the contracts whose key they share, and nowhere else', async () => {
    const { rows } = await sql<{ org: string; key: string; entities: string }>`
      select c.org, c.key, string_agg(distinct l.entity, ' ') as entities
      from revenue.contract as c join revenue.line as l on l.org = c.org and l.contract = c.id
      group by 1, 2 order by 1, 2`.execute(database.db);
    expect(rows).toEqual([
      { org: 'east', key: 'S-1-uk-own|1', entities: 'uk' },
      { org: 'east', key: 'S-1|1', entities: 'uk' },
      { org: 'west', key: 'S-1-japan-own|1', entities: 'japan' },
      { org: 'west', key: 'S-1-us-own|1', entities: 'us' },
      { org: 'west', key: 'S-1|1', entities: 'japan us' },
    ]);
    const contracts = await listContracts(database.db, { subscription: 'S-1' });
    expect(new Set(contracts.map(({ org, key, bookings }) => `${org} ${key} ${bookings}`))).toEqual(
      new Set(['east S-1|1 1200.00', 'west S-1|1 2400.00']),
    );
  });

  test('are collected once, together', async () => {
    const { rows } =
      await sql`select org, count(*)::text as collections from control.collection group by 1 order by 1`.execute(
        database.db,
      );
    expect(rows).toEqual([
      { org: 'east', collections: '1' },
      { org: 'west', collections: '1' },
    ]);
  });
});
