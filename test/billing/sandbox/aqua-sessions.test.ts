import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { type Client, type JobReply, parsed, sandboxOf } from './sandbox-client.ts';

const DELETED = { deleted: { column: 'Deleted', format: 'Boolean' } };
const TARGET = { partner: 'sandbox', project: 'test' };
const QUERY = 'select Id, ChargeName from InvoiceItem';

describe('AQuA in stateful mode', () => {
  let clock: number;
  let client: Client;
  let ids: string[];
  beforeEach(async () => {
    clock = Date.parse('2025-08-01T12:00:00Z');
    client = await sandboxOf('items=60', { now: () => clock });
    ids = (await client.rows('select Id from InvoiceItem')).map((row) => row['InvoiceItem.Id'] ?? '');
  });
  afterEach(() => client.stop());

  const later = (minutes: number): void => void (clock += minutes * 60_000);
  const change = async (body: unknown) =>
    expect((await client.post('/__sandbox/changes', body)).status).toBe(200);
  const rename = (id: string | undefined, more = {}) =>
    change({ object: 'InvoiceItem', rows: [{ Id: id, ChargeName: 'changed', ...more }] });
  const remove = (id: string | undefined) => change({ object: 'InvoiceItem', deletedIds: [id] });
  /** One stateful job: whether it was full, and its rows. */
  const load = async (more = {}, query = QUERY, ofQuery: Record<string, unknown> = DELETED) => {
    const job = await client.run(query, { ...TARGET, ...more }, ofQuery);
    expect(job.status).toBe('completed');
    const [batch] = job.batches;
    const file = await client.call(`/v1/file/${batch?.fileId}`);
    const rows = await parsed(Buffer.from(await file.arrayBuffer()));
    expect(batch?.recordCount).toBe(rows.length);
    const named = rows.map((row) => [row['InvoiceItem.Id'], row['InvoiceItem.Deleted'] ?? 'none']);
    return {
      full: batch?.full,
      rows: named.toSorted(([one = ''], [other = '']) => one.localeCompare(other)),
    };
  };
  const sorted = (rows: (readonly [string | undefined, string])[]) =>
    rows.toSorted(([one = ''], [other = '']) => one.localeCompare(other));

  test('is full at first, without deleted rows, and then tells what changed', async () => {
    await remove(ids[0]);
    const first = await load();
    expect(first).toMatchObject({ full: true });
    expect(first.rows).toHaveLength(59);
    expect(new Set(first.rows.map(([, deleted]) => deleted))).toEqual(new Set(['false']));

    later(1);
    await rename(ids[1]);
    await remove(ids[2]);
    later(1);
    expect(await load()).toEqual({
      full: false,
      rows: sorted([
        [ids[1], 'false'],
        [ids[2], 'true'],
      ]),
    });
    later(1);
    expect(await load()).toEqual({ full: false, rows: [] });
  });

  test('tells a row that was changed since, whatever its UpdatedDate says', async () => {
    await load();
    later(20);
    await rename(ids[3], { UpdatedDate: '2025-03-01T00:00:00Z' });
    expect((await load()).rows).toEqual([[ids[3], 'false']]);
    expect((await load()).rows).toEqual([]);
  });

  test('tells deletes only where the query has a column for them', async () => {
    await load({}, QUERY, {});
    later(1);
    await remove(ids[0]);
    expect(await load({}, QUERY, {})).toEqual({ full: false, rows: [] });
  });

  test('never tells what was created and deleted in between', async () => {
    await load();
    later(1);
    await rename('brief');
    await rename('dated', { CreatedDate: '2025-08-01T12:01:00Z' });
    await rename('lasting', { CreatedDate: '2025-08-01T12:01:00Z' });
    await remove('brief');
    await remove('dated');
    expect((await load()).rows).toEqual([['lasting', 'false']]);
    await remove('lasting');
    expect((await load()).rows).toEqual([['lasting', 'true']]);
  });

  test('is full again for a query whose text or deleted column is another', async () => {
    await load();
    expect((await load()).full).toBe(false);
    expect((await load({}, 'select Id from InvoiceItem')).full).toBe(true);
    expect((await load()).full).toBe(true);
    expect((await load({}, QUERY, { deleted: { column: 'Gone', format: 'Boolean' } })).full).toBe(true);
    expect((await load({}, QUERY, {})).full).toBe(true);
    expect((await load({}, QUERY, {})).full).toBe(false);
  });

  test('keeps partners and projects, and stateless jobs, apart', async () => {
    await load();
    expect((await load({ project: 'other' })).full).toBe(true);
    expect((await load()).full).toBe(false);
    for (const stateless of [{ project: null }, { partner: '' }, { version: '1.0' }]) {
      expect((await load(stateless)).full).toBe(true);
    }
  });

  test('begins where incrementalTime says, in Pacific time', async () => {
    await load();
    later(20);
    await rename(ids[0]);
    later(20);
    await rename(ids[1]);
    expect((await load({ incrementalTime: '2025-08-01 05:30:00' })).rows).toEqual([[ids[1], 'false']]);
    expect((await load({ incrementalTime: '2025-08-01 05:10:00' })).rows).toHaveLength(2);
    for (const incrementalTime of ['2025-08-01T06:30:00Z', 'yesterday', '2025-13-01 00:00:00']) {
      expect(await client.run(QUERY, { ...TARGET, incrementalTime })).toMatchObject({ errorCode: '90015' });
    }
  });

  test('leaves the newest changes to the next call when an offset says so', async () => {
    await load();
    later(20);
    await rename(ids[0]);
    later(5);
    await rename(ids[1]);
    later(5);
    expect((await load({ offset: 600 })).rows).toEqual([]);
    later(4);
    expect((await load({ offset: 600 })).rows).toEqual([[ids[0], 'false']]);
    expect((await load()).rows).toEqual([[ids[1], 'false']]);
    expect(await client.run(QUERY, { ...TARGET, offset: 3601 })).toMatchObject({ errorCode: '90005' });
  });

  test('goes on from the last job that was completed, not from one that failed or was cancelled', async () => {
    await load();
    later(1);
    await rename(ids[0]);
    await client.post('/__sandbox/faults', { kind: 'job-failed', match: 'InvoiceItem' });
    expect((await client.run(QUERY, TARGET, DELETED)).status).toBe('aborted');
    later(1);
    expect((await load()).rows).toEqual([[ids[0], 'false']]);
  });

  test('finds the last completed job of a partner and project', async () => {
    const last = async (project: string) =>
      (await client.call(`/v1/batch-query/jobs/partner/sandbox/project/${project}`)).json();
    expect(await last('test')).toMatchObject({ errorCode: '90002' });
    const job = await client.run(QUERY, TARGET, DELETED);
    expect(await last('test')).toEqual(job);
    expect(await last('other')).toMatchObject({ errorCode: '90002' });
  });

  test('repeats the queries of the last job when it is given none', async () => {
    const empty = { ...TARGET, version: '1.1', queries: [] };
    const submit = async (body: unknown) =>
      (await (await client.post('/v1/batch-query/', body)).json()) as JobReply;
    expect(await submit(empty)).toMatchObject({ errorCode: '90016' });
    await load();
    expect((await submit(empty)).batches).toEqual([expect.objectContaining({ query: QUERY, full: false })]);
  });

  test('wants a partner id that was granted', async () => {
    const unknown = { ...TARGET, partner: 'me' };
    expect(await client.run(QUERY, unknown)).toMatchObject({ errorCode: '90019' });
    const granted = await sandboxOf('items=5', { partners: ['me'] });
    expect(await granted.run(QUERY, unknown)).toMatchObject({ status: 'completed' });
    await granted.stop();
  });

  test('runs jobs of one partner and project one after the other', async () => {
    const busy = await sandboxOf('items=60', { jobDelay: 100 });
    const submit = async (more = {}) => {
      const queries = [{ name: 'a', query: QUERY }];
      const body = { ...TARGET, version: '1.1', queries, ...more };
      return (await (await busy.post('/v1/batch-query/', body)).json()) as JobReply;
    };
    const status = async ({ id }: JobReply) =>
      (await (await busy.call(`/v1/batch-query/jobs/${id}`)).json()) as JobReply;
    const jobs = [await submit(), await submit(), await submit()];
    const [first, second, third] = jobs;
    if (first === undefined || second === undefined || third === undefined) throw new Error('no jobs');
    await busy.call(`/v1/batch-query/jobs/${second.id}`, { method: 'DELETE' });
    let seen: JobReply[];
    do {
      seen = await Promise.all(jobs.map(status));
      if (seen[0]?.status !== 'completed') expect(seen[2]?.status).toBe('submitted');
    } while (seen[2]?.status !== 'completed');
    expect(seen.map((job) => [job.status, job.batches[0]?.full])).toEqual([
      ['completed', true],
      ['cancelled', true],
      ['completed', false],
    ]);
    await busy.stop();
  });
});

describe('segments', () => {
  const read = async (client: Client, { batches }: JobReply) => {
    const files = batches[0]?.segments ?? [];
    return Promise.all(
      files.map(async (id) => {
        const file = await client.call(`/v1/file/${id}`);
        return parsed(Buffer.from(await file.arrayBuffer()));
      }),
    );
  };

  test('come instead of one file where a full load has more rows than fit', async () => {
    const client = await sandboxOf('items=60', { segmentRows: 25 });
    const job = await client.run(QUERY, TARGET);
    expect(job.batches[0]).toMatchObject({ recordCount: 60, full: true });
    expect(job.batches[0]).not.toHaveProperty('fileId');
    const parts = await read(client, job);
    expect(parts.map((rows) => rows.length)).toEqual([25, 25, 10]);
    const whole = await client.rows(QUERY);
    expect(parts.flat()).toEqual(whole);
    await client.stop();
  });

  test('come neither in stateless mode, nor when the rows fit, nor in incremental loads', async () => {
    const client = await sandboxOf('items=60', { segmentRows: 60 });
    const files = async (more: Record<string, unknown>) => (await client.run(QUERY, more)).batches[0];
    expect(await files(TARGET)).not.toHaveProperty('segments');
    await client.stop();
    const small = await sandboxOf('items=60', { segmentRows: 1 });
    expect((await small.run(QUERY)).batches[0]).not.toHaveProperty('segments');
    await small.run(QUERY, TARGET);
    const again = await small.run(QUERY, { ...TARGET, incrementalTime: '2000-01-01 00:00:00' });
    expect(again.batches[0]).toMatchObject({ full: false, recordCount: 60, fileId: expect.any(String) });
    await small.stop();
  });
});
