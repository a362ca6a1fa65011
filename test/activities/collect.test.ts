import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import {
  type ActivityGround,
  failureOf,
  newOwner,
  openActivityGround,
  runFor,
  synced,
} from '../support/activities.ts';

const newCollector = (workflowId = 'data-collection/default') => newOwner(workflowId);

describe('the collection', () => {
  let ground: ActivityGround;
  beforeAll(async () => void (ground = await openActivityGround()));
  afterAll(() => ground.close());

  const open = (owner = newCollector(), org?: string) => runFor(ground, owner)('openDataCollection', { org });

  test('of a tenant that never synced says so', async () => {
    const failure = await failureOf(open());
    expect(failure).toMatchObject({ type: 'ORGANIZATION_NEEDED', nonRetryable: true });
  });

  test('is of the only organisation, and the same one for its owner however often it is tried', async () => {
    await synced(ground);
    const owner = newCollector();
    const opened = await open(owner);
    expect(opened.org).toBe('default');
    expect(await open(owner, 'default')).toEqual(opened);
    await runFor(ground, owner)('abandonCollection', { ...opened, reason: 'test' });
  });

  test('names the organisations there are', async () => {
    const failure = await failureOf(open(newCollector(), 'nobody'));
    expect(failure).toMatchObject({ type: 'ORGANIZATION_UNKNOWN', nonRetryable: true });
    expect(failure.message).toContain('known: default');
  });

  test('waits for another one, and says for whose', async () => {
    const first = newCollector('data-collection/by-ann');
    const opened = await open(first);
    const failure = await failureOf(open());
    expect(failure).toMatchObject({
      type: 'COLLECTION_IN_PROGRESS',
      nonRetryable: false,
      category: 'BENIGN',
    });
    expect(failure.message).toContain('data-collection/by-ann');
    await runFor(ground, first)('abandonCollection', { ...opened, reason: 'test' });
  });

  test('takes over at once from a workflow that is over', async () => {
    await open(newCollector('data-collection/dead'));
    ground.world.isOver = async ({ workflowId }) => workflowId === 'data-collection/dead';
    const heir = newCollector();
    const opened = await open(heir);
    await runFor(ground, heir)('abandonCollection', { ...opened, reason: 'test' });
    const { rows } = await sql<{ outcome: string }>`
      select outcome from control.collection where owner_workflow = 'data-collection/dead'`.execute(
      ground.database.db,
    );
    expect(rows).toEqual([{ outcome: 'its workflow is over' }]);
  });

  test('groups lines into contracts, and answers the same counts when it is asked again', async () => {
    const owner = newCollector();
    const opened = await open(owner);
    const first = await runFor(ground, owner)('collectLines', opened);
    expect(Number(first.collected)).toBeGreaterThan(0);
    expect(await runFor(ground, owner, 2)('collectLines', opened)).toEqual(first);
  });

  test('finds nothing more to do afterwards', async () => {
    const owner = newCollector();
    const opened = await open(owner);
    expect(await runFor(ground, owner)('collectLines', opened)).toMatchObject({
      contracts: '0',
      collected: '0',
    });
  });

  test('writes nothing for a late attempt of a collection that was given up', async () => {
    const owner = newCollector();
    const opened = await open(owner);
    await runFor(ground, owner)('abandonCollection', { ...opened, reason: 'test' });
    const failure = await failureOf(runFor(ground, owner)('collectLines', opened));
    expect(failure).toMatchObject({ type: 'COLLECTION_IS_OVER', nonRetryable: true });
  });

  test('is not made while the period is being closed', async () => {
    await sql`update control.period set status = 'pending-close'`.execute(ground.database.db);
    const owner = newCollector();
    const opened = await open(owner);
    const failure = await failureOf(runFor(ground, owner)('collectLines', opened));
    expect(failure).toMatchObject({ type: 'PERIOD_PENDING_CLOSE', nonRetryable: true });
  });
});
