import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { OpenedRun } from '../../activities/open-run.ts';
import {
  type ActivityGround,
  extractedAndTransformed,
  failureOf,
  newOwner,
  openActivityGround,
  runFor,
  smallTenant,
  transformAll,
} from '../support/activities.ts';
import { run } from '../support/server-database.ts';
import { ensureSeededTemplates } from '../../src/store/templates.ts';

describe('transform', () => {
  let ground: ActivityGround;
  const owner = newOwner();
  let opened: OpenedRun;
  beforeAll(async () => {
    ground = await openActivityGround(smallTenant('items=200,seed=7,trip=undated-pending-charges'));
    opened = await extractedAndTransformed(ground, owner);
  });
  afterAll(() => ground.close());

  const everything = async () => {
    const { rows } = await sql<{ state: string }>`
      select row(l.*)::text || coalesce(row(s.*)::text, '') || coalesce(h.holds, '') as state
      from staging.line as l
      left join staging.line_state as s on s.entity = l.entity and s.id = l.id
      left join lateral (
        select string_agg(row(h.limitation, h.message, h.remedy, h.since)::text, ' ' order by h.limitation) as holds
        from staging.hold as h where h.entity = l.entity and h.line = l.id
      ) as h on true
      order by l.entity, l.id`.execute(ground.database.db);
    return rows.map(({ state }) => state);
  };

  test('forms bookings before billings', async () => {
    expect(await runFor(ground, owner)('templateTypes', { entity: 'demo' })).toEqual([
      'SO',
      'INV',
      'IIA',
      'CM',
      'DM',
    ]);
  });

  test('forms the same lines when it is repeated, and holds keep their date', async () => {
    const before = await everything();
    expect(before.length).toBeGreaterThan(200);
    await transformAll(ground, owner, opened);
    expect(await everything()).toEqual(before);
  });

  test('keeps the date of a hold when its line is formed anew', async () => {
    const { rows: held } = await sql<{ line: string; since: string }>`
      select line, since from staging.hold order by line`.execute(ground.database.db);
    expect(held.length).toBeGreaterThan(0);
    await transformAll(ground, owner, opened);
    const { rows } = await sql<{ line: string; since: string }>`
      select line, since from staging.hold order by line`.execute(ground.database.db);
    expect(rows).toEqual(held);
  });

  test('refuses to go on without the templates it needs, and lists them', async () => {
    await run(
      ground.database.url,
      `update staging.transaction_template set status = 'frozen' where status = 'default'`,
    );
    const failure = await failureOf(runFor(ground, owner)('templateTypes', { entity: 'demo' }));
    expect(failure).toMatchObject({
      type: 'TEMPLATE_MISSING',
      nonRetryable: true,
      message: 'demo has no default template for SO, INV, IIA.',
    });
    await ensureSeededTemplates(ground.database.db);
    expect(await runFor(ground, owner)('templateTypes', { entity: 'demo' })).toContain('IIA');
  });

  test('names the type that has no template', async () => {
    await sql`update staging.transaction_template set status = 'frozen' where type = 'CM'`.execute(
      ground.database.db,
    );
    const failure = await failureOf(runFor(ground, owner)('transform', opened, 'CM'));
    expect(failure).toMatchObject({ type: 'TEMPLATE_MISSING', nonRetryable: true });
  });

  test('writes nothing for a late attempt of a run that is over', async () => {
    await runFor(ground, owner)('abandonRun', { run: opened.run, reason: 'test' });
    const before = await everything();
    const failure = await failureOf(runFor(ground, owner)('transform', opened, 'INV'));
    expect(failure).toMatchObject({ type: 'RUN_IS_OVER', nonRetryable: true });
    expect(await everything()).toEqual(before);
  });
});
