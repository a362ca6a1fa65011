import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { rowsOf, undisturbed } from './disturbed-runs.ts';
import type { Left } from './scene.ts';
import { openStage, type PlayedScene, type Stage } from './stage.ts';

const options = { spec: 'items=60,seed=7,entities=2' };
const FIRST = { entity: 'Sandbox-Entity-1' };
const SECOND = { entity: 'Sandbox-Entity-2' };

describe('a tenant of several entities', () => {
  let stage: Stage;
  let expected: Left;
  beforeAll(async () => {
    stage = await openStage();
    expected = await undisturbed(stage, options, async (scene) => {
      await scene.sync(FIRST);
      await scene.sync(SECOND);
    });
  });
  afterAll(() => stage.close());

  /** Invoice items in pre-staging, by entity. */
  const loaded = async ({ database }: PlayedScene): Promise<Record<string, string[]>> => {
    const { rows } = await sql<{ entity: string; id: string }>`
      select entity, id from prestaging.invoice_item order by id`.execute(database.db);
    const ids: Record<string, string[]> = {};
    for (const { entity, id } of rows) (ids[entity] ??= []).push(id);
    return ids;
  };
  const owned = async ({ tenant }: PlayedScene, name: string): Promise<string[]> => {
    const id = tenant.entities.find((entity) => entity.name === name)?.id;
    const rows = (await rowsOf(tenant, 'InvoiceItem')).filter((row) => row['EntityId'] === id);
    return rows.map((row) => row['Id'] ?? '').toSorted();
  };

  test('gives a run the rows of its own entity, and none of another', async () => {
    await stage.play(options, async (scene) => {
      const [first, second] = [await owned(scene, 'Entity 1'), await owned(scene, 'Entity 2')];
      expect(first.length * second.length).toBeGreaterThan(0);
      await scene.sync(SECOND);
      expect(await loaded(scene)).toEqual({ [SECOND.entity]: second });
      await scene.sync(FIRST);
      expect(await loaded(scene)).toEqual({ [FIRST.entity]: first, [SECOND.entity]: second });
      expect((await scene.left()).digest).toEqual(expected.digest);
    });
  });

  test('waits where the credentials reach another entity only, and goes on once they reach this one', async () => {
    await stage.play(options, async (scene) => {
      await scene.grant(['Entity 1']);
      await scene.sync(FIRST);
      const run = await scene.begin(SECOND);
      const { awaiting, flagged } = await run.waits();
      expect(awaiting).toMatchObject({
        step: 'open',
        message: 'The credentials may not read the entity Sandbox-Entity-2, or not its settings.',
        remedy: expect.stringContaining('`retry`'),
      });
      expect(flagged).toBe(true);
      expect(Object.keys(await loaded(scene))).toEqual([FIRST.entity]);

      await scene.grant(null);
      scene.pass(1); // the token knows nothing of it
      await run.tell('retry');
      await run.ends();
      expect(await scene.left()).toEqual(expected);
    });
  });

  test('that Billing broke before it could name is not taken for one without entities', async () => {
    await stage.play(options, async (scene) => {
      await scene.fault({ kind: 'internal', match: 'POST /oauth/token' });
      const run = await scene.begin(FIRST);
      expect((await run.waits()).awaiting.step).toBe('open');
      await run.tell('retry');
      await run.ends();
      await scene.sync(SECOND);
      expect(await scene.left()).toEqual(expected);
    });
  });

  test('that Billing once named goes on where the list of them is kept from us', async () => {
    await stage.play(options, async (scene) => {
      await scene.sync(FIRST);
      await scene.grant(['Entity 2']);
      await scene.fault({ kind: 'permission', match: 'GET /v1/entities' });
      scene.pass(60); // until then the token names all of them
      await scene.sync(SECOND);
      expect(await scene.left()).toEqual(expected);
    });
  });
});
