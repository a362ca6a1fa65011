import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { moveObligations } from '../../../src/store/contracts/move-obligations.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { makeContract, so } from '../../support/made-contracts.ts';
import { recordTenant } from '../../support/sync-rows.ts';

describe('moveObligations', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase();
    await recordTenant(database, 'north', 'north');
    await makeContract(database, { org: 'north', id: 'RC-a' }, [
      so('x.1', '1'),
      so('x.2', '2'),
      so('y.1', '3'),
    ]);
    await makeContract(database, { org: 'north', id: 'RC-b' }, [so('z.1', '4')]);
  });
  afterAll(() => database.close());

  const move = (...soLineIds: string[]) =>
    database.db.transaction().execute(async (trx) => {
      await trx
        .updateTable('revenue.booking')
        .set({ contract: 'RC-b' })
        .where('so_line_id', 'in', soLineIds)
        .execute();
      await moveObligations(trx, { org: 'north', soLineIds });
    });
  const obligations = async () =>
    (
      await sql<{ text: string }>`
        select o.contract || ' ' || o.charge || ': ' || coalesce(string_agg(b.so_line_id, ', ' order by b.so_line_id), '') as text
        from revenue.obligation as o
        left join revenue.booking as b on b.org = o.org and b.obligation = o.id and b.contract = o.contract
        group by o.contract, o.charge order by 1`.execute(database.db)
    ).rows.map(({ text }) => text);

  test('leaves a charge its obligation where some of its segments stay, and makes it one where others went', async () => {
    await move('x.2');
    expect(await obligations()).toEqual(['RC-a x: x.1', 'RC-a y: y.1', 'RC-b x: x.2', 'RC-b z: z.1']);
  });

  test('takes along the terms, and drops what nothing is booked on any more', async () => {
    await database.db
      .updateTable('revenue.obligation')
      .set({ template: 'Ours', assigned_by: 'item', release_event: 'Manual' })
      .where('charge', '=', 'y')
      .execute();
    await move('x.1', 'y.1');
    expect(await obligations()).toEqual(['RC-b x: x.1, x.2', 'RC-b y: y.1', 'RC-b z: z.1']);
    const [moved] = await database.db
      .selectFrom('revenue.obligation')
      .select(['id', 'template', 'assigned_by', 'release_event'])
      .where('charge', '=', 'y')
      .execute();
    expect(moved).toMatchObject({ template: 'Ours', assigned_by: 'item', release_event: 'Manual' });
    expect(moved?.id).toMatch(/^POB-[0-9a-f]{12}$/);
  });

  test('changes nothing for what stayed', async () => {
    const before = await obligations();
    await move('z.1');
    expect(await obligations()).toEqual(before);
  });
});
