import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { OTHER_CALLS } from './every-call.ts';
import { type PlainClient, signInPlainly } from './plain-client.ts';
import { setStage, type Stage } from './stage.ts';

/** What the adapter does not call, but others do who meet the sandbox. Each use tells the calls that it makes. */
const USES: Readonly<Record<string, (client: PlainClient) => Promise<void>>> = {
  async 'the last job of a partner and project'(client) {
    const target = { partner: 'sandbox', project: 'others' };
    const queries = [{ name: 'Account', query: 'select Id from Account', type: 'zoqlexport' }];
    const flags = { encrypted: 'none', useQueryLabels: true, dateTimeUtc: true };
    const job = { format: 'csv', version: '1.1', name: 'others', ...flags, ...target, queries };
    await client.post('/v1/batch-query/', job);
    const path = '/v1/batch-query/jobs/partner/sandbox/project/others';
    const { batches } = await client.until<{ batches?: { fileId?: string }[] }>(
      path,
      ({ batches: some }) => some?.[0]?.fileId !== undefined,
    );
    expect(await client.get(`/v1/files/${batches?.[0]?.fileId}`)).toMatch(/^Account\.Id\n/);
  },
  async 'a list of data queries'(client) {
    await client.post('/query/jobs', query('CSV', 'NONE'));
    expect(await client.get('/query/jobs?pageSize=5')).toMatchObject({ data: [{}] });
  },
  async 'one record of the object query'(client) {
    const { data } = (await client.get('/object-query/accounts?pageSize=1')) as { data: { id: string }[] };
    const record = (await client.get(
      `/object-query/accounts/${data[0]?.id}?expand[]=subscriptions.rateplans&includeNullFields=true`,
    )) as { id: string; subscriptions: { ratePlans: unknown[] }[] };
    expect(record.id).toBe(data[0]?.id);
    expect(record.subscriptions[0]?.ratePlans.length).toBeGreaterThan(0);
  },
  async 'many settings at once'(client) {
    const requests = ['billing-rules', 'no-such-setting'].map((key) => ({
      method: 'GET',
      url: `/settings/${key}`,
    }));
    expect(await client.post('/settings/batch-requests', { requests })).toMatchObject({
      responses: [{ response: { status: '200 OK' } }, { response: { status: '404 NOT_FOUND' } }],
    });
  },
  async 'memos and their items'(client) {
    for (const kind of ['credit-memos', 'debit-memos']) {
      const list = (await client.get(`/v1/${kind}?page=1&pageSize=2&status=Posted`)) as Record<
        string,
        unknown
      >;
      const [memo] = list[kind.replace('-', '')] as { id: string }[];
      expect(await client.get(`/v1/${kind}/${memo?.id}/items`)).toMatchObject({ items: [{}] });
      const next = new URL(String(list['nextPage']));
      expect(await client.get(next.pathname + next.search)).toMatchObject({ success: true });
    }
  },
  async 'a data source export'(client) {
    const { Id } = (await client.post('/v1/object/export', {
      Format: 'csv',
      Query: 'select Id from Account',
    })) as { Id: string };
    const path = `/v1/object/export/${Id}`;
    const { FileId } = await client.until<{ Status: string; FileId?: string }>(
      path,
      ({ Status }) => Status === 'Completed',
    );
    expect(await client.get(`/v1/files/${FileId}`)).toMatch(/^Account\.Id\n/);
  },
};

const query = (outputFormat: string, compression: string) => ({
  query: 'select id, name, balance from account',
  outputFormat,
  compression,
  output: { target: 'S3' },
  sourceData: 'LIVE',
});

describe('clients that are not ours', () => {
  let stage: Stage;
  let client: PlainClient;
  beforeAll(async () => {
    stage = await setStage('items=800,settlement=on');
    client = await signInPlainly(stage.proxy.url);
  });
  afterEach(() => expect(stage.proxy.takeFaults()).toEqual([]));
  afterAll(() => stage.stop());

  test.each(Object.entries(USES))('are answered as the contract says: %s', (_name, use) => use(client));

  test.each(
    ['JSON', 'CSV', 'TSV', 'DSV'].flatMap((format) =>
      ['NONE', 'GZIP', 'ZIP'].map((compression) => [format, compression] as const),
    ),
  )('get results of data queries as %s, packed by %s', async (format, compression) => {
    const { data } = (await client.post('/query/jobs', query(format, compression))) as {
      data: { id: string };
    };
    const done = await client.until<{ data: { dataFile?: string } }>(
      `/query/jobs/${data.id}`,
      ({ data: { dataFile } }) => dataFile !== undefined,
    );
    const file = await client.download(done.data.dataFile ?? '');
    const start = { NONE: format === 'JSON' ? '{"' : 'id', GZIP: '\u001f\u008b', ZIP: 'PK' }[compression];
    expect(file.toString('latin1').replace(/^"/, '').slice(0, 2)).toBe(start);
  });
});

test('every call of the contract that the adapter does not make is made by a client here', async () => {
  const stage = await setStage('items=400,settlement=on');
  const client = await signInPlainly(stage.proxy.url);
  for (const use of Object.values(USES)) await use(client);
  expect(OTHER_CALLS.map(({ name }) => name).filter((name) => !stage.proxy.made.has(name))).toEqual([]);
  await stage.stop();
});
