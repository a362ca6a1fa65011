import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { generateTenant } from '../../src/billing/sandbox/generate-tenant.ts';
import type { Tenant } from '../../src/billing/sandbox/tenant.ts';
import { parseTenantSpec } from '../../src/billing/sandbox/tenant-spec.ts';
import { digest } from '../../src/store/digest.ts';
import { mapEntities } from '../../src/store/tenancy/map-entities.ts';
import { type ActivityGround, newOwner, openActivityGround, runFor, synced } from '../support/activities.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { recollected } from '../support/held-lines.ts';
import { sampleTenant } from '../support/sample-tenant.ts';
import { collectOrg, syncRows } from '../support/sync-rows.ts';

const ENTITIES = {
  'Sandbox-Entity-1': 'west',
  'Sandbox-Entity-2': 'west',
  'Sandbox-Entity-3': 'east',
} as const;
const ORGS = ['west', 'east'] as const;

const tenant = generateTenant(parseTenantSpec('items=600,entities=3,currencies=JPY,KWD,USD,EUR,GBP'));
const keyOf = (displayName: string): string => displayName.replaceAll(' ', '-');

/** The same tenant without the entities of other organisations; the parent, which has no accounts, is everybody's. */
const of = (org: string): Tenant => ({
  ...tenant,
  entities: tenant.entities.filter(({ displayName, parentId }) => {
    const at = Object.entries(ENTITIES).find(([entity]) => entity === keyOf(displayName));
    return parentId === null || at?.[1] === org;
  }),
});

/** Maps, syncs and collects everything that a tenant has, all at once. */
async function run(some: Tenant): Promise<ActivityGround> {
  const ground = await openActivityGround(some);
  const { db } = ground.database;
  await runFor(ground, newOwner())('readEntities');
  const mapping = Object.entries(ENTITIES)
    .filter(([entity]) => some.entities.some(({ displayName }) => keyOf(displayName) === entity))
    .map(([entity, org]) => ({ entity, org, name: `The ${org}` }));
  await mapEntities(db, mapping, { by: 'ann', reason: 'Step 2' });
  for (let round = 0; round < 2; round += 1) {
    await Promise.all(
      mapping.map(({ entity }) => synced(ground, newOwner(`revenue-sync/${entity}`), { entity })),
    );
    await Promise.all(
      [...new Set(mapping.map(({ org }) => org))].map((org) => collectOrg(ground.database, org)),
    );
  }
  return ground;
}

describe('a tenant with three entities in two organisations, and five currencies', () => {
  let together: ActivityGround;
  beforeAll(async () => void (together = await run(tenant)));
  afterAll(() => together.close());

  test.each(ORGS)('has in organisation %s what that has alone', async (org) => {
    const alone = await run(of(org));
    try {
      expect((await digest(together.database.db, org)).tables).toEqual(
        (await digest(alone.database.db, org)).tables,
      );
    } finally {
      await alone.close();
    }
  });

  test('has lines in every currency, in the home currency of their entity', async () => {
    const { rows } = await sql<{
      org: string;
      entity: string;
      currencies: string;
      home: string;
      collected: string;
    }>`
      select l.org, l.entity, string_agg(distinct l.transaction_currency, ' ') as currencies,
        string_agg(distinct l.functional_currency, ' ') as home, count(r.line)::text as collected
      from staging.line as l left join revenue.line as r on r.entity = l.entity and r.line = l.id
      group by 1, 2 order by 2`.execute(together.database.db);
    const all = 'EUR GBP JPY KWD USD';
    expect(rows.map(({ collected: _, ...each }) => each)).toEqual([
      { org: 'west', entity: 'Sandbox-Entity-1', currencies: all, home: 'JPY' },
      { org: 'west', entity: 'Sandbox-Entity-2', currencies: all, home: 'KWD' },
      { org: 'east', entity: 'Sandbox-Entity-3', currencies: all, home: 'USD' },
    ]);
    for (const { collected } of rows) expect(Number(collected)).toBeGreaterThan(100);
  });

  test('converts each line into the home currency of its entity, to the last unit that this has', async () => {
    const { rows } = await sql`
      select entity, max(scale(trim_scale(functional_ext_sell_price))) as digits,
        bool_or(transaction_currency <> functional_currency and func_ex_rate is not null) as converted,
        bool_and(transaction_currency <> functional_currency or func_ex_rate = 1) as "one to one",
        count(*) filter (where functional_ext_sell_price is null and ext_sell_price is not null
          and not exists (select from staging.hold as h
            where h.entity = l.entity and h.line = l.id and h.limitation = 'missing-exchange-rate'))::text as missing
      from staging.line as l group by 1 order by 1`.execute(together.database.db);
    const whole = { converted: true, 'one to one': true, missing: '0' };
    expect(rows).toEqual([
      { entity: 'Sandbox-Entity-1', digits: 0, ...whole },
      { entity: 'Sandbox-Entity-2', digits: 3, ...whole },
      { entity: 'Sandbox-Entity-3', digits: 2, ...whole },
    ]);
  });

  test('takes Business Unit and Company Code, time zone and templates from the entity, and collects once an organisation', async () => {
    const { db } = together.database;
    const { rows } = await sql<object>`
      select e.org, l.entity, e.timezone, string_agg(distinct l.business_unit, '|') as "businessUnit",
        string_agg(distinct l.company_code, '|') as "companyCode"
      from staging.line as l join control.entity as e using (entity) group by 1, 2, 3 order by 2`.execute(db);
    const expected = tenant.entities.slice(1).map(({ displayName, name, timezone }) => ({
      org: Object.entries(ENTITIES).find(([entity]) => entity === keyOf(displayName))?.[1],
      entity: keyOf(displayName),
      timezone,
      businessUnit: displayName,
      companyCode: name,
    }));
    expect(rows).toEqual(expected);
    const collections = await db
      .selectFrom('control.collection')
      .select(['org', 'state'])
      .orderBy('collection')
      .execute();
    expect(collections.map(({ org }) => org).toSorted()).toEqual(['east', 'east', 'west', 'west']);
  });
});

describe('organisations with rows of equal ids', () => {
  const opened: TestDatabase[] = [];
  afterEach(async () => {
    for (const each of opened.splice(0)) await each.close();
  });

  async function story(
    ...entities: readonly (readonly [entity: string, org: string])[]
  ): Promise<TestDatabase> {
    const database = await openTestDatabase();
    opened.push(database);
    for (const rows of [sampleTenant(), recollected()]) {
      for (const [entity, org] of entities) await syncRows(database, rows, { entity, org });
      for (const org of new Set(entities.map(([, each]) => each))) await collectOrg(database, org);
    }
    return database;
  }

  test('never meet: each is as it is alone', async () => {
    const both = await story(['one', 'north'], ['two', 'south']);
    for (const [entity, org] of [
      ['one', 'north'],
      ['two', 'south'],
    ] as const) {
      const alone = await story([entity, org]);
      expect((await digest(both.db, org)).tables).toEqual((await digest(alone.db, org)).tables);
    }
    const { rows } = await sql`
      select 1 from revenue.line as r join revenue.contract as c on c.id = r.contract
      join staging.line as l on l.entity = r.entity and l.id = r.line
      where c.org = r.org and (l.org <> r.org)`.execute(both.db);
    expect(rows).toEqual([]);
    expect((await digest(both.db, 'north')).total).not.toBe((await digest(both.db, 'south')).total);
  });
});
