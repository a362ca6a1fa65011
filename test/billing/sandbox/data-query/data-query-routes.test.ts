import { gunzipSync } from 'node:zlib';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { type Client, sandboxOf } from '../sandbox-client.ts';

interface JobReply {
  readonly data: {
    readonly id: string;
    readonly queryStatus: string;
    readonly dataFile?: string;
    readonly outputRows?: number;
    readonly processingTime?: number;
    readonly remainingRetries: number;
    readonly errorMessage?: string;
  };
}

const REQUEST = { outputFormat: 'JSON', compression: 'NONE', output: { target: 'S3' } };

const replied = async (reply: Response): Promise<JobReply['data']> => ((await reply.json()) as JobReply).data;

async function ended(client: Client, id: string): Promise<JobReply['data']> {
  for (;;) {
    const job = await replied(await client.call(`/query/jobs/${id}`));
    if (!['submitted', 'accepted', 'in_progress'].includes(job.queryStatus)) return job;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

async function run(client: Client, query: string, more: object = {}): Promise<JobReply['data']> {
  const { id } = await replied(await client.post('/query/jobs', { ...REQUEST, query, ...more }));
  return ended(client, id);
}

async function fileOf({ dataFile = '' }: JobReply['data']): Promise<Buffer> {
  return Buffer.from(await (await fetch(dataFile)).arrayBuffer());
}

describe('data queries over HTTP', () => {
  let clock = Date.now();
  let client: Client;
  beforeAll(async () => {
    client = await sandboxOf('items=60,ccv=data-query', { now: () => clock, dataQueryRows: 40 });
  });
  afterAll(() => client.stop());

  test('go from submitted to completed, with a link that needs no token', async () => {
    const submitted = await replied(
      await client.post('/query/jobs/', { ...REQUEST, query: 'select id, balance from account' }),
    );
    expect(submitted).toMatchObject({ queryStatus: 'submitted', remainingRetries: 3, sourceData: 'LIVE' });
    const job = await ended(client, submitted.id);
    expect(job).toMatchObject({
      queryStatus: 'completed',
      outputRows: 2,
      processingTime: expect.any(Number),
    });
    const lines = (await fileOf(job)).toString('utf8').trimEnd().split('\n');
    expect(lines).toHaveLength(2);
    expect(JSON.parse(lines[0] ?? '')).toEqual({ id: expect.any(String), balance: expect.any(Number) });
    expect(await (await client.call('/query/jobs?queryStatus=completed')).json()).toMatchObject({
      data: [{ id: submitted.id }],
    });
  });

  test('refuse a link with the token, with another signature, or too late; a new status has a new link', async () => {
    const job = await run(client, 'select id from account');
    const link = job.dataFile ?? '';
    const refusal = async (reply: Promise<Response>): Promise<string> => {
      const { status, headers } = await reply;
      expect([status, headers.get('content-type')]).toEqual([403, 'application/xml']);
      return (await reply).text();
    };
    const path = link.slice(client.url.length);
    expect(await refusal(client.call(path))).toContain('Only one auth mechanism allowed');
    expect(await refusal(fetch(`${link}0`))).toContain('<Code>SignatureDoesNotMatch</Code>');
    clock += 3_601_000;
    expect(await refusal(fetch(link))).toContain('Request has expired');
    clock -= 3_601_000;
    clock += 1000;
    const again = await replied(await client.call(`/query/jobs/${job.id}`));
    expect(again.dataFile).not.toBe(link);
    expect(await fileOf(again)).toEqual(await fileOf(job));
  });

  test('ask for all four fields, a known format and JSON', async () => {
    const post = async (body: object): Promise<unknown> => {
      const reply = await client.post('/query/jobs', body);
      expect(reply.status).toBe(400);
      return reply.json();
    };
    expect(await post({})).toEqual({
      code: 400,
      message: expect.stringMatching(/query.*outputFormat.*compression.*output/),
    });
    expect(await post({ ...REQUEST, query: 'select 1', outputFormat: 'XML' })).toMatchObject({ code: 400 });
    expect(await post({ ...REQUEST, query: 'select 1', output: { target: 'FTP' } })).toMatchObject({
      code: 400,
    });
    const body = JSON.stringify({ ...REQUEST, query: 'select 1' });
    const untyped = await client.call('/query/jobs', { method: 'POST', body: Buffer.from(body) });
    expect(untyped.status).toBe(415);
    expect(await untyped.json()).toEqual({ code: 415, message: expect.any(String) });
    const broken = await client.call('/query/jobs', {
      method: 'POST',
      body: '{',
      headers: { 'content-type': 'application/json' },
    });
    expect(await broken.json()).toEqual({ code: 400, message: 'The body is not JSON.' });
    expect((await client.call('/query/jobs/nothing')).status).toBe(404);
  });

  test('fail with the message of what is wrong', async () => {
    expect(await run(client, 'select id from nothing')).toMatchObject({
      queryStatus: 'failed',
      errorMessage: "line 1:16: Table 'owl.data.nothing' does not exist",
    });
    const job = await run(client, 'select id from invoiceitem');
    expect(job.errorMessage).toBe('Query exceeded the maximum number of output rows of 40');
    expect(job.dataFile).toBeUndefined();
  });

  test('can be cancelled while they run', async () => {
    const slow = await sandboxOf('items=5', { jobDelay: 60_000 });
    const { id } = await replied(await slow.post('/query/jobs', { ...REQUEST, query: 'select 1' }));
    const cancelled = await slow.call(`/query/jobs/${id}`, { method: 'DELETE' });
    expect(await replied(cancelled)).toMatchObject({ queryStatus: 'cancelled' });
    expect(await ended(slow, id)).toMatchObject({ queryStatus: 'cancelled' });
    expect((await slow.call(`/query/jobs/${id}`, { method: 'DELETE' })).status).toBe(400);
    await slow.stop();
  });

  test('pack their files', async () => {
    const gzip = await fileOf(await run(client, 'show tables', { compression: 'GZIP', outputFormat: 'CSV' }));
    expect(gunzipSync(gzip).toString('utf8')).toMatch(/^Table\naccount\n/);
    const zip = await fileOf(await run(client, 'show tables', { compression: 'ZIP' }));
    expect(zip.subarray(0, 4).toString('latin1')).toBe('PK\u0003\u0004');
  });

  test('can be asked to have a wrong count, a file that breaks off, and one that is gone', async () => {
    const fault = (kind: string) => client.post('/__sandbox/faults', { kind, match: 'Account' });
    await fault('record-count');
    const job = await run(client, 'select id, name from account');
    const whole = await fileOf(job);
    expect(job.outputRows).toBe(whole.toString('utf8').trimEnd().split('\n').length + 1);
    await fault('truncate');
    expect(await fileOf(job)).toEqual(whole.subarray(0, Math.floor(whole.length / 2)));
    await fault('gone');
    const gone = await fetch(job.dataFile ?? '');
    expect([gone.status, await gone.text()]).toEqual([404, expect.stringContaining('NoSuchKey')]);
    expect(await fileOf(job)).toEqual(whole);
  });

  test('see what was changed and deleted before they were submitted', async () => {
    const first = async (query: string, more: object = {}): Promise<string> =>
      (await fileOf(await run(client, query, more))).toString('utf8');
    const { id } = JSON.parse(await first('select id from account order by id limit 1')) as { id: string };
    const change = { object: 'Account', rows: [{ Id: 'new', Name: 'Late' }], deletedIds: [id] };
    expect((await client.post('/__sandbox/changes', change)).status).toBe(200);
    expect(await first("select name from account where id = 'new'")).toBe('{"name":"Late"}\n');
    expect(await first(`select id from account where id = '${id}'`)).toBe('');
    expect(await first('select id from account', { readDeleted: true })).toBe(`{"id":"${id}"}\n`);
  });

  test('know contractual values where AQuA does not', async () => {
    const columns = (await fileOf(await run(client, 'describe chargecontractualvalue'))).toString('utf8');
    for (const name of ['id', 'amount', 'elp', 'rateplanchargeid', 'subscriptionid', 'updatedon']) {
      expect(columns).toContain(`{"Column":"${name}"`);
    }
    const job = await run(
      client,
      "select sum(amount) total from chargecontractualvalue where updatedon > timestamp '2024-01-01 00:00:00'",
    );
    expect((await fileOf(job)).toString('utf8')).toMatch(/^\{"total":\d+\.\d\d\}\n$/);
    const rows = [{ Id: 'v', RatePlanChargeId: 'c', Amount: '7.25' }];
    await client.post('/__sandbox/changes', { object: 'ChargeContractualValueAllCharges', rows });
    const changed = await run(
      client,
      "select rateplanchargeid, amount from chargecontractualvalue where id = 'v'",
    );
    expect((await fileOf(changed)).toString('utf8')).toBe('{"rateplanchargeid":"c","amount":7.25}\n');
    expect((await client.call('/v1/describe/ChargeContractualValueAllCharges')).status).toBe(404);
    const refused = await client.run('select Id from ChargeContractualValueAllCharges');
    expect(refused.errorCode).toBe('90005');
  });
});

test('data queries of an entity see its rows alone', async () => {
  const client = await sandboxOf('items=80,entities=2');
  const { entities } = (await (await client.call('/v1/entities')).json()) as { entities: { id: string }[] };
  const count = async (entity: string): Promise<number> => {
    const headers = { 'zuora-entity-ids': entity, 'content-type': 'application/json' };
    const body = JSON.stringify({ ...REQUEST, query: 'select count(*) n from invoiceitem' });
    const { id } = await replied(await client.call('/query/jobs', { method: 'POST', headers, body }));
    const asOther = {
      ...client,
      call: (path: string) => client.call(path, { headers: { 'zuora-entity-ids': entity } }),
    };
    return (JSON.parse((await fileOf(await ended(asOther, id))).toString('utf8')) as { n: number }).n;
  };
  const [parent = { id: '' }, one = { id: '' }, other = { id: '' }] = entities;
  const counts = [await count(parent.id), await count(one.id), await count(other.id)];
  expect(counts[0]).toBe(0);
  expect(counts[1]).toBeGreaterThan(0);
  expect((counts[1] ?? 0) + (counts[2] ?? 0)).toBe(80);
  await client.stop();
});
