import { text } from 'node:stream/consumers';

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import type { ConnectedBilling } from '../../../src/billing/rest/billing.ts';
import { DRIVES, ended, exported, type Views } from './drive-port.ts';
import { ADAPTER_CALLS } from './every-call.ts';
import { setStage, type Stage } from './stage.ts';

const METHODS = Object.keys(DRIVES) as (keyof typeof DRIVES)[];

/** Drives every method of the port through the proxy; the tests tell what it found. */
describe.each([
  ['a tenant without entities', 'items=2100,currencies=USD,EUR'],
  ['a tenant with Multi-entity', 'items=4400,currencies=USD,EUR,entities=2'],
])('%s', (_tenant, spec) => {
  let stage: Stage;
  const faults = new Map<string, unknown>();
  beforeAll(async () => {
    stage = await setStage(spec);
    const views = await viewsOf(stage.connect());
    for (const method of METHODS) {
      const thrown: unknown = await DRIVES[method](views).then(
        () => [],
        (error: unknown) => [error],
      );
      faults.set(method, [...stage.proxy.takeFaults(), ...(thrown as unknown[])]);
    }
  });
  afterAll(() => stage.stop());

  test.each(METHODS)('%s is called and answered as the contract says', (method) => {
    expect(faults.get(method)).toEqual([]);
  });

  test('every call of the contract is made, and no other', () => {
    expect([...stage.proxy.made].toSorted()).toEqual(ADAPTER_CALLS.map(({ name }) => name).toSorted());
  });
});

describe('exports keep to the contract', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await setStage('items=200,settlement=on', { segmentRows: 60 });
  });
  afterEach(() => expect(stage.proxy.takeFaults()).toEqual([]));
  afterAll(() => stage.stop());

  test.each(['gzip', 'zip', 'csv'] as const)('packed as %s', async (exportFormat) => {
    const billing = stage.connect({ exportFormat });
    const { fileIds, recordCount } = await exported(billing, 'select Id, ChargeAmount from InvoiceItem');
    const csv = await text(await billing.openFile(fileIds[0] ?? ''));
    expect(csv.trim().split('\n')).toHaveLength(Number(recordCount) + 1);
  });

  test('statefully: everything in segments first, then what changed since', async () => {
    const billing = stage.connect();
    const queries = [
      { name: 'InvoiceItem', query: 'select Id from InvoiceItem', deletedColumn: 'Gone' },
      { name: 'Ramp', query: 'select Id from Ramp' },
    ];
    const job = async (since: string | null) => {
      const stateful = { partner: 'sandbox', project: 'contract', since };
      const status = await ended(
        billing,
        await billing.submitExport({ name: 'stateful', queries, stateful }),
      );
      return status.state === 'completed' ? status.files : [];
    };
    const [everything] = await job(null);
    expect(everything).toMatchObject({ full: true, recordCount: '200' });
    expect(everything?.fileIds).toHaveLength(4);
    const since = new Date().toISOString();
    await stage.change({ object: 'InvoiceItem', rows: [{ Id: '0'.repeat(32), ChargeAmount: '1.00' }] });
    expect((await job(since))[0]).toMatchObject({ full: false, recordCount: '1' });
  });
});

/** An entity below the root has the rows; the tenant as a whole names none. */
async function viewsOf(tenant: ConnectedBilling): Promise<Views> {
  const entities = await tenant.entities();
  const entity = entities.find(({ parentId }) => parentId !== null);
  return { tenant, entity: entity === undefined ? tenant : tenant.forEntity(entity.id) };
}
