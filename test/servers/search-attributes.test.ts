import { Client, Connection, type ConnectionLike } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { SEARCH_ATTRIBUTES } from '../../src/domain/operator/search-attributes.ts';
import { ensureSearchAttributes, missingSearchAttributes } from '../../src/servers/search-attributes.ts';
import { type DevServer, startDevServer } from '../support/dev-server.ts';

type Services = Pick<ConnectionLike, 'operatorService' | 'workflowService'>;

/** As Temporal Cloud: the operator's calls are refused, all others answer. */
const refusing = ({ workflowService }: Services): Services => ({
  workflowService,
  operatorService: {
    listSearchAttributes: refuse,
    addSearchAttributes: refuse,
  } as unknown as Services['operatorService'],
});

async function refuse(): Promise<never> {
  const refused = { code: 7, details: 'Request unauthorized.', metadata: {} };
  throw Object.assign(new Error('7 PERMISSION_DENIED: Request unauthorized.'), refused);
}

describe('search attributes at the start of a worker', () => {
  let temporal: DevServer;
  let connection: Connection;
  const of = (searchAttributes: Parameters<typeof ensureSearchAttributes>[1]['searchAttributes']) => ({
    namespace: 'default',
    searchAttributes,
  });

  beforeAll(async () => {
    temporal = await startDevServer();
    connection = await Connection.connect({ address: temporal.address });
  });
  afterAll(async () => {
    await connection.close();
    await temporal.close();
  });

  test('where they may not be added, the message names each with its type and what to type', async () => {
    const attributes = { NotThere: 'Keyword', NorThis: 'Datetime' } as const;
    const refused = ensureSearchAttributes(refusing(connection), of(attributes));
    await expect(refused).rejects.toMatchObject({
      code: 'SEARCH_ATTRIBUTES_MISSING',
      fate: 'fix-input',
      message: expect.stringContaining('NotThere (Keyword), NorThis (Datetime)') as string,
      remedy: expect.stringMatching(
        /search-attribute create --namespace default --name NotThere --type Keyword --name NorThis --type Datetime.*tcld .*"NorThis=Datetime"/,
      ) as string,
    });
  });

  test('added, they can be set by a workflow at once; those of an earlier version get what is new', async () => {
    const { AwaitingSince, ...earlier } = SEARCH_ATTRIBUTES;
    await ensureSearchAttributes(connection, of(earlier));
    expect(await missingSearchAttributes(connection, of(SEARCH_ATTRIBUTES))).toEqual({ AwaitingSince });
    const native = await NativeConnection.connect({ address: temporal.address });
    try {
      await ensureSearchAttributes(native, of(SEARCH_ATTRIBUTES));
    } finally {
      await native.close();
    }
    const { workflow } = new Client({ connection });
    const handle = await workflow.start('nobodyRunsIt', {
      workflowId: 'flagged',
      taskQueue: 'nobody',
      searchAttributes: {
        RevsyncTenant: ['demo'],
        AwaitingAction: [true],
        AwaitingSince: [new Date(0)],
      },
    });
    expect((await handle.describe()).searchAttributes).toMatchObject({ AwaitingSince: [new Date(0)] });
  });

  test('where the list is kept from us, queries tell which there are', async () => {
    await ensureSearchAttributes(connection, of(SEARCH_ATTRIBUTES));
    const cloud = refusing(connection);
    await ensureSearchAttributes(cloud, of(SEARCH_ATTRIBUTES));
    const more = of({ ...SEARCH_ATTRIBUTES, NotThere: 'Bool' });
    expect(await missingSearchAttributes(cloud, more)).toEqual({ NotThere: 'Bool' });
  });

  test('two workers that start at once do not hinder each other', async () => {
    const attributes = of({ OfBoth: 'Keyword' });
    await Promise.all([
      ensureSearchAttributes(connection, attributes),
      ensureSearchAttributes(connection, attributes),
    ]);
    expect(await missingSearchAttributes(connection, attributes)).toEqual({});
  });

  test('a name that is taken with another type is refused', async () => {
    await ensureSearchAttributes(connection, of({ Taken: 'Keyword' }));
    await expect(ensureSearchAttributes(connection, of({ Taken: 'Bool' }))).rejects.toMatchObject({
      code: 'SEARCH_ATTRIBUTES_MISTYPED',
      message: expect.stringContaining('Taken has to be Bool') as string,
    });
  });

  test.each(['list', 'queries'])('a namespace that there is not is named, asked by %s', async (way) => {
    const native = await NativeConnection.connect({ address: temporal.address });
    const services = way === 'list' ? native : refusing(native);
    try {
      const refused = ensureSearchAttributes(services, { ...of(SEARCH_ATTRIBUTES), namespace: 'elsewhere' });
      await expect(refused).rejects.toMatchObject({ code: 'TEMPORAL_NAMESPACE_MISSING' });
    } finally {
      await native.close();
    }
  });
});
