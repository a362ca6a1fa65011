import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { SEARCH_ATTRIBUTES } from '../src/domain/operator/search-attributes.ts';
import { read } from './support/compose.ts';
import { type DevServer, startDevServer } from './support/dev-server.ts';

const PAGE = 'docs/saved-views.md';
const LINK = '/namespaces/default/workflows?query=';

/** Heading -> query and link, as the page has them. */
const views = new Map(
  [...read(PAGE).matchAll(/^### (.+)\n\n.+\n\n```text\n(.+)\n(.+)\n```$/gm)].map(
    ([, name = '', query = '', link = '']) => [name, { query, link }],
  ),
);

/** What each view has to show of the workflows below. */
const SHOWN: Readonly<Record<string, readonly string[]>> = {
  'Awaiting work': ['revenue-sync/demo'],
  Failures: ['revenue-sync/apac'],
  'Given up': ['revenue-sync/apac'],
  'Runs of an entity': ['revenue-sync/demo'],
  Syncs: ['revenue-sync/apac', 'revenue-sync/demo', 'revenue-sync/us'],
  'Instant On': ['instant-on/us'],
  Collections: ['data-collection/default'],
};

describe('the saved views of the documentation', () => {
  let temporal: DevServer;
  let client: Client;

  const start = (workflowId: string, type: string, attributes: object) =>
    client.workflow.start(type, { workflowId, taskQueue: 'nobody', searchAttributes: { ...attributes } });
  const shown = async (query: string): Promise<string[]> => {
    const found: string[] = [];
    for await (const { workflowId } of client.workflow.list({ query })) found.push(workflowId);
    return found.toSorted();
  };

  beforeAll(async () => {
    temporal = await startDevServer({ searchAttributes: SEARCH_ATTRIBUTES });
    client = new Client({ connection: await Connection.connect({ address: temporal.address }) });
    await start('revenue-sync/demo', 'revenueSync', {
      RevsyncEntity: ['demo'],
      AwaitingAction: [true],
      AwaitingSince: [new Date(0)],
    });
    await start('revenue-sync/us', 'revenueSync', { RevsyncEntity: ['us'], AwaitingAction: [false] });
    await start('instant-on/us', 'instantOn', { RevsyncEntity: ['us'] });
    await start('data-collection/default', 'dataCollection', { RevsyncStep: ['collect'] });
    const ended = await start('revenue-sync/apac', 'revenueSync', { Outcome: ['aborted'] });
    await ended.terminate();
  });
  afterAll(async () => {
    await client.connection.close();
    await temporal.close();
  });

  test('are the ones that there are to be', () => {
    expect([...views.keys()]).toEqual(Object.keys(SHOWN));
  });

  test.each(Object.entries(SHOWN))(
    '%s: link and query are the same, and show what they say',
    async (name, ids) => {
      const { query = '', link = '' } = views.get(name) ?? {};
      expect(link.startsWith(LINK)).toBe(true);
      expect(decodeURIComponent(link.slice(LINK.length))).toBe(query);
      expect(link).toMatch(/^[\w/?=%.-]+$/);
      await expect.poll(() => shown(query)).toEqual(ids);
    },
  );

  test('a time in a query is one that Temporal understands', async () => {
    const [timed = ''] = /^.*CloseTime.*$/m.exec(read(PAGE)) ?? [];
    expect(timed).toContain('CloseTime');
    expect(await shown(timed)).toEqual([]);
    expect(await shown(timed.replace(/"2026-[^"]+"/, '"2020-01-01T00:00:00Z"'))).toEqual([
      'revenue-sync/apac',
    ]);
  });

  test('columns are named as the attributes are', () => {
    const columns = [...read(PAGE).matchAll(/^\| `(\w+)` /gm)].map(([, name]) => name);
    expect(columns.filter((name = '') => !(name in SEARCH_ATTRIBUTES))).toEqual([]);
  });
});
