import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { completeRun } from '../../src/store/runs.ts';
import {
  closeSide,
  forgetSideJob,
  knownDeletes,
  moveSideMarks,
  openSide,
  openSides,
  planSideJobs,
  rememberDeletes,
  rememberSideJob,
  replaceSideJob,
  sideJobs,
  sideMark,
} from '../../src/store/sides.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { type Opened, opened } from './load/load-ground.ts';

describe('sides of a run', () => {
  let database: TestDatabase;
  let run: Opened;
  let entities = 0;
  beforeAll(async () => void (database = await openTestDatabase()));
  beforeEach(async () => void (run = await opened(database, `entity-${(entities += 1)}`)));
  afterAll(() => database.close());

  const open = (side: string, from: string | null, to: string, of = run) =>
    openSide(database.db, { ...of, side, from, to });
  const jobs = (side: string) => sideJobs(database.db, run.run, side);
  const part = (name: string) => ({ part: name, object: 'Account', query: `select ${name}` });

  test('a side is opened once, with the span of the first time', async () => {
    const first = await open('prices', null, '2024-02-01T00:00:00Z');
    expect(first).toEqual({ state: 'open', note: '', from: null, to: '2024-02-01T00:00:00Z' });
    expect(await open('prices', '2024-01-01T00:00:00Z', '2024-03-01T00:00:00Z')).toEqual(first);
    expect(await open('keys', '2024-01-01T08:00:00.5+01:00', '2024-03-01T00:00:00Z')).toMatchObject({
      from: '2024-01-01T07:00:00.500000Z',
    });
  });

  test('ends once, and is open no more', async () => {
    for (const side of ['prices', 'keys', 'deletes']) await open(side, null, '2024-02-01T00:00:00Z');
    await closeSide(database.db, run.run, 'keys', { state: 'done', note: '3 rows' });
    await closeSide(database.db, run.run, 'keys', { state: 'skipped', note: 'too late' });
    await closeSide(database.db, run.run, 'deletes', { state: 'skipped', note: 'by ann' });
    expect(await openSides(database.db, run.run)).toEqual(['prices']);
    expect(await open('keys', null, '2024-02-01T00:00:00Z')).toMatchObject({ state: 'done', note: '3 rows' });
    expect(await open('deletes', null, '2024-02-01T00:00:00Z')).toMatchObject({ state: 'skipped' });
  });

  describe('jobs', () => {
    beforeEach(async () => void (await open('prices', null, '2024-02-01T00:00:00Z')));
    const blank = { job: null, tries: 0, rows: null, loaded: false };

    test('are planned once, whatever a retry would plan', async () => {
      await planSideJobs(database.db, run, 'prices', [part('b'), part('a')]);
      await planSideJobs(database.db, run, 'prices', [part('c')]);
      expect(await jobs('prices')).toEqual([
        { ...part('a'), ...blank },
        { ...part('b'), ...blank },
      ]);
    });

    test('a side may have none', async () => {
      await planSideJobs(database.db, run, 'prices', []);
      expect(await jobs('prices')).toEqual([]);
    });

    test('are remembered bit by bit, each for itself', async () => {
      await planSideJobs(database.db, run, 'prices', [part('a'), part('b')]);
      const remember = (known: Parameters<typeof rememberSideJob>[4]) =>
        rememberSideJob(database.db, run.run, 'prices', 'a', known);
      await remember({ job: 'job-1' });
      await remember({ rows: '12345678901' });
      await remember({ loaded: true });
      expect(await jobs('prices')).toEqual([
        { ...part('a'), job: 'job-1', tries: 1, rows: '12345678901', loaded: true },
        { ...part('b'), ...blank },
      ]);
      await forgetSideJob(database.db, run.run, 'prices', 'a');
      expect(await jobs('prices')).toMatchObject([{ ...blank, tries: 1 }, blank]);
    });

    test('make way for smaller parts, which may have their name', async () => {
      await planSideJobs(database.db, run, 'prices', [part('a'), part('b')]);
      await rememberSideJob(database.db, run.run, 'prices', 'a', { job: 'job-1' });
      await replaceSideJob(database.db, run, 'prices', 'a', [part('a'), part('a2')]);
      expect(await jobs('prices')).toEqual(['a', 'a2', 'b'].map((name) => ({ ...part(name), ...blank })));
      for (const name of ['a', 'a2', 'b']) await replaceSideJob(database.db, run, 'prices', name, []);
      expect(await jobs('prices')).toEqual([]);
    });
  });

  describe('marks', () => {
    const mark = (side: string) => sideMark(database.db, run.entity, side);

    test('move to the end of what is done, when the run is completed', async () => {
      for (const side of ['prices', 'keys', 'deletes']) await open(side, null, '2024-02-01T00:00:00Z');
      await closeSide(database.db, run.run, 'prices', { state: 'done', note: '' });
      await closeSide(database.db, run.run, 'deletes', { state: 'skipped', note: '' });
      expect(await mark('prices')).toBeNull();
      await completeRun(database.db, run.run, 'completed');
      expect(await mark('prices')).toBe('2024-02-01T00:00:00.000000Z');
      expect([await mark('keys'), await mark('deletes')]).toEqual([null, null]);
    });

    test('never move back', async () => {
      for (const to of ['2024-03-01T00:00:00Z', '2024-02-01T00:00:00Z']) {
        await open('prices', null, to);
        await closeSide(database.db, run.run, 'prices', { state: 'done', note: '' });
        await moveSideMarks(database.db, run.run);
        await completeRun(database.db, run.run, 'completed');
        run = await opened(database, run.entity);
      }
      expect(await mark('prices')).toBe('2024-03-01T00:00:00.000000Z');
    });
  });

  test('what Billing can tell of deleted rows is remembered by object, the newest answer standing', async () => {
    expect(await knownDeletes(database.db, run.entity)).toEqual(new Map());
    await rememberDeletes(database.db, run, new Map([['Account', true]]));
    await rememberDeletes(database.db, run, new Map());
    await rememberDeletes(
      database.db,
      run,
      new Map([
        ['Account', false],
        ['Invoice', true],
      ]),
    );
    expect(await knownDeletes(database.db, run.entity)).toEqual(
      new Map([
        ['Account', false],
        ['Invoice', true],
      ]),
    );
  });
});
