import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import {
  type ActivityGround,
  extractedAndTransformed,
  failureOf,
  newOwner,
  NOW,
  openActivityGround,
  runFor,
  synced,
  transformAll,
} from '../support/activities.ts';
import { run as asSuperuser } from '../support/server-database.ts';

const mark = async ({ database }: ActivityGround): Promise<string | null> => {
  const { rows } = await sql<{ mark: string }>`
    select to_char(high_water at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS') as mark from control.mark`.execute(
    database.db,
  );
  return rows[0]?.mark ?? null;
};
const stateOf = async ({ database }: ActivityGround, run: string): Promise<string | undefined> => {
  const { rows } = await sql<{ state: string }>`select state from control.run where run = ${run}`.execute(
    database.db,
  );
  return rows[0]?.state;
};

describe('finishRun', () => {
  let ground: ActivityGround;
  beforeAll(async () => void (ground = await openActivityGround()));
  afterAll(() => ground.close());
  afterEach(() => void (ground.world.now = NOW));

  test('moves the mark to the end of the window of a full first run; done twice, it is harmless', async () => {
    const owner = newOwner();
    const { run, window, finished, ...rest } = await synced(ground, owner);
    const again = await runFor(ground, owner)('finishRun', { run, window, ...rest });
    expect(again).toEqual(finished);
    expect(window.from).toBeNull();
    expect(finished).toMatchObject({ outcome: 'completed', autoCollect: true });
    expect(Number(finished.lines['INV'])).toBeGreaterThan(0);
    expect(await mark(ground)).toBe('2025-08-01 12:00:00');
    expect(await stateOf(ground, run)).toBe('completed');
  });

  test('opens the month of the window’s end as the first accounting period, once', async () => {
    const { rows } = await sql`select org, period, status from control.period`.execute(ground.database.db);
    expect(rows).toEqual([{ org: 'default', period: '2025-08', status: 'open' }]);
  });

  test('starts the second window where the first one ended, less the overlap', async () => {
    ground.world.now = NOW + 86_400_000;
    const { window, finished } = await synced(ground);
    expect(Date.parse(window.from ?? '')).toBe(NOW - 300_000);
    expect(Date.parse(window.to)).toBe(NOW + 86_400_000);
    expect(finished).toMatchObject({ outcome: 'nothing-to-do', lines: {} });
    expect(await mark(ground)).toBe('2025-08-02 12:00:00');
  });

  test('answers for a run of a loop that is folded by now, as the attempt did whose answer was lost', async () => {
    ground.world.now = NOW + 2 * 86_400_000;
    const owner = newOwner();
    const { finished, ...opened } = await synced(ground, owner, { light: true });
    await synced(ground, newOwner(), { light: true });
    expect(await stateOf(ground, opened.run)).toBeUndefined();
    expect(await runFor(ground, owner)('finishRun', opened)).toEqual(finished);
    expect(finished.outcome).toBe('nothing-to-do');
  });

  test.each([
    ['window', { from: '2024-02-01T00:00:00.000Z', to: '2024-03-01T00:00:00.000Z' }],
    ['subscription', { subscription: 'nothing of that name' }],
  ])('leaves the mark alone after a run with a chosen %s', async (_what, request) => {
    ground.world.now = NOW + 9 * 86_400_000;
    const before = await mark(ground);
    const { run } = await synced(ground, newOwner(), request);
    expect(await stateOf(ground, run)).toBe('completed');
    expect(await mark(ground)).toBe(before);
  });

  test('forms what Billing changed, and only that; tells whether it is collected by itself', async () => {
    const { rows } = await sql<{ id: string }>`
      select id from prestaging.invoice_item where id not in (
        select applied_to_invoice_item_id from prestaging.invoice_item where applied_to_invoice_item_id is not null
      ) limit 1`.execute(ground.database.db);
    await sql`update control.lookup set value = 'N' where code = 'Auto_Collect'`.execute(ground.database.db);
    ground.world.now = NOW + 10 * 86_400_000;
    await ground.sandbox('changes', {
      object: 'InvoiceItem',
      rows: [{ Id: rows[0]?.id, ChargeAmount: '7.77' }],
    });
    ground.world.now += 1_000;
    const { finished } = await synced(ground);
    expect(finished).toEqual({ outcome: 'completed', lines: { INV: '1' }, autoCollect: false });
  });
});

describe('finishRun of a run that only a chosen window preceded', () => {
  test('still reads everything: the first standing run is full', async () => {
    const ground = await openActivityGround();
    try {
      await synced(ground, newOwner(), { to: '2024-03-01T00:00:00.000Z' });
      expect((await synced(ground)).window.from).toBeNull();
    } finally {
      await ground.close();
    }
  });
});

describe('finishRun of an unequal balance', () => {
  let ground: ActivityGround;
  beforeAll(async () => void (ground = await openActivityGround()));
  afterAll(() => ground.close());

  test('refuses it, names the object, keeps the mark and the run open; goes on once the cause is gone', async () => {
    const { url } = ground.database;
    await asSuperuser(
      url,
      `create function pg_temp_lose() returns trigger language plpgsql as $$ begin return null; end $$`,
    );
    await asSuperuser(
      url,
      `create trigger lose before insert on staging.line for each row
       when (new.type = 'INV' and new.ext_sell_price > 0) execute function pg_temp_lose()`,
    );
    const owner = newOwner();
    const opened = await extractedAndTransformed(ground, owner);
    const failure = await failureOf(runFor(ground, owner)('finishRun', opened));
    expect(failure).toMatchObject({ type: 'BALANCE_UNEQUAL', nonRetryable: true });
    expect(failure.message).toContain('InvoiceItem');
    expect(await mark(ground)).toBeNull();
    expect(await stateOf(ground, opened.run)).toBe('open');

    await asSuperuser(url, 'drop trigger lose on staging.line');
    await transformAll(ground, owner, opened);
    const finished = await runFor(ground, owner)('finishRun', opened);
    expect(finished.outcome).toBe('completed');
    expect(await mark(ground)).toBe('2025-08-01 12:00:00');
  });

  test('looks at the lines as they are: one lost after it was formed is missed', async () => {
    const other = await openActivityGround();
    try {
      const owner = newOwner();
      const opened = await extractedAndTransformed(other, owner);
      await asSuperuser(
        other.database.url,
        `delete from staging.line where id = (select min(id) from staging.line where type = 'SO')`,
      );
      expect(await failureOf(runFor(other, owner)('finishRun', opened))).toMatchObject({
        type: 'BALANCE_UNEQUAL',
        message: expect.stringContaining('RatePlanCharge'),
      });
    } finally {
      await other.close();
    }
  });
});

describe('abandonRun', () => {
  test('closes the run with its reason and keeps the mark; a late finish moves nothing', async () => {
    const ground = await openActivityGround();
    try {
      const owner = newOwner();
      const opened = await extractedAndTransformed(ground, owner);
      const run = runFor(ground, owner);
      await run('abandonRun', { run: opened.run, reason: 'aborted: wrong tenant' });
      await run('abandonRun', { run: opened.run, reason: 'once more' });
      expect(await failureOf(run('finishRun', opened))).toMatchObject({
        type: 'RUN_IS_OVER',
        nonRetryable: true,
      });
      const { rows } = await sql`select state, outcome from control.run`.execute(ground.database.db);
      expect(rows).toEqual([{ state: 'aborted', outcome: 'aborted: wrong tenant' }]);
      expect(await mark(ground)).toBeNull();
      const { rows: periods } = await sql`select from control.period`.execute(ground.database.db);
      expect(periods).toEqual([]);
    } finally {
      await ground.close();
    }
  });
});
