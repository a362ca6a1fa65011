import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { SyncReport } from '../../src/cli/sync-run.ts';
import type { DeskState } from '../../src/domain/operator/steps.ts';
import {
  openTerminal,
  type SandboxDocument,
  type Staying,
  type Terminal,
  until,
  type UpDocument,
} from '../support/command-line.ts';
import { type RevocableBilling, startRevocableBilling } from './revocable-billing.ts';

interface Metadata {
  readonly currentDetails: string;
}

/** What a person does with the Temporal UI: it speaks to the server as this client does. */
describe('operating from the Temporal UI', () => {
  let terminal: Terminal;
  let billing: RevocableBilling;
  let up: Staying<UpDocument>;
  let connection: Connection;
  let client: Client;

  const start = (workflowId: string, ...args: object[]) =>
    client.workflow.start<(input?: object) => Promise<{ outcome: string }>>('revenueSync', {
      workflowId,
      taskQueue: 'revsync',
      args: args as [object],
    });
  const details = async (handle: WorkflowHandle): Promise<string> =>
    (await handle.query<Metadata>('__temporal_workflow_metadata')).currentDetails;
  const state = (handle: WorkflowHandle) => handle.query<DeskState>('state');
  const untilWaiting = (handle: WorkflowHandle) =>
    until('the run waits for a person', async () => (await state(handle)).awaiting);
  const attributes = async (handle: WorkflowHandle) => (await handle.describe()).searchAttributes;

  beforeAll(async () => {
    terminal = await openTerminal();
    const sandbox = await terminal.start<SandboxDocument>(['sandbox', '--generate', 'items=100']);
    billing = await startRevocableBilling(sandbox.document.url);
    up = await terminal.start<UpDocument>(['up'], { env: { ZUORA_BASE_URL: billing.url } });
    connection = await Connection.connect({ address: up.document.temporal });
    client = new Client({ connection });
  });
  afterAll(async () => {
    await connection.close();
    await terminal.close();
    await billing.close();
  });

  describe('a sync started with no input at all', () => {
    let handle: WorkflowHandle;

    beforeAll(async () => {
      const started = await start('whatever the form was given');
      handle = started;
      expect(await started.result()).toMatchObject({ outcome: 'completed', entity: 'demo' });
    });

    test('has a history of less than 300 events, each activity with a summary', async () => {
      const { events = [] } = await handle.fetchHistory();
      expect(events?.length).toBeGreaterThan(10);
      expect(events?.length).toBeLessThan(300);
      const scheduled = (events ?? []).filter((event) => event.activityTaskScheduledEventAttributes != null);
      const summaries = scheduled.map((event) => textOf(event.userMetadata?.summary?.data));
      expect(summaries.length).toBeGreaterThan(5);
      expect(summaries.filter((summary) => summary.length < 5)).toEqual([]);
      expect(summaries).toContain('open a run of the tenant');
      expect(summaries.some((summary) => /^load InvoiceItem, \d+ rows$/.test(summary))).toBe(true);
    });

    test('can be found by its search attributes', async () => {
      expect(await attributes(handle)).toMatchObject({
        RevsyncTenant: ['demo'],
        RevsyncEntity: ['demo'],
        RevsyncStep: ['collect'],
        Outcome: ['completed'],
      });
      await until('the list finds it', async () => {
        const query = `RevsyncEntity = 'demo' and Outcome = 'completed' and WorkflowType = 'revenueSync'`;
        return (await client.workflow.count(query)).count === 1;
      });
    });

    test('shows a table of its steps as current details', async () => {
      const text = await details(handle);
      expect(text).toContain('| Step | Status | Note |\n| --- | --- | --- |\n');
      const steps = text.split('\n').filter((line) => /^\| .+ \| done \| .+ \|$/.test(line));
      expect(steps.length).toBe(5);
    });
  });

  test('a second one started with {} finds nothing to do', async () => {
    expect(await (await start('again', {})).result()).toMatchObject({ outcome: 'nothing-to-do' });
  });

  test('one of an entity that nobody knows fails at once and says which there are', async () => {
    const handle = await start('mistaken', { entity: 'nobody' });
    const failure = await handle.result().catch((error: Error) => error.cause as Error);
    expect(reasonsOf(failure)).toMatch(/There is no entity "nobody".*demo/);
  });

  test('input that is not understood fails at once and says what would do', async () => {
    const handle = await start('nonsense', { entty: 'demo' });
    const failure = await handle.result().catch((error: Error) => error.cause as Error);
    expect(failure).toMatchObject({ message: expect.stringContaining('It takes {} or {"entity"') });
  });

  describe('when the credentials are revoked in the middle of a run', () => {
    const revokedRun = async (call: string): Promise<WorkflowHandle> => {
      billing.revokeAt(call);
      const done = await terminal.run(['sync', 'run', '--from', '2024-01-01', '--json']);
      expect(done.code).toBe(1);
      const { outcome, message, runId } = done.json<SyncReport>();
      expect(outcome).toBe('waiting');
      expect(message).toMatch(/refused the client credentials.*Check ZUORA_CLIENT_ID/);
      expect(done.stderr).not.toContain('    at ');
      return client.workflow.getHandle('revenue-sync/demo', runId ?? '');
    };

    test('the run waits, and goes on with the update `retry` once they are restored', async () => {
      const handle = await revokedRun('GET /v1/batch-query/jobs');
      expect(await attributes(handle)).toMatchObject({ AwaitingAction: [true], RevsyncStep: ['extract'] });
      expect(await details(handle)).toMatch(/^\*\*Waiting for you at extract\.\*\*[\s\S]*\| Step \|/);
      await expect(handle.executeUpdate('retry', { args: [{ step: 'transform' }] })).rejects.toThrow();

      await handle.executeUpdate('retry', { args: [{}] });
      const again = await untilWaiting(handle);
      expect(again.step).toBe('extract');

      billing.restore();
      await handle.executeUpdate('retry', { args: [{ by: 'ann' }] });
      expect(await handle.result()).toMatchObject({ outcome: expect.stringMatching(/completed|nothing/) });
      expect(await attributes(handle)).toMatchObject({ AwaitingAction: [false] });
    });

    test('the run waits, and can be given up with `abort`', async () => {
      const handle = await revokedRun('GET /v1/batch-query/jobs');
      await expect(handle.executeUpdate('skip', { args: [{}] })).rejects.toThrow();
      await handle.executeUpdate('abort', { args: [{ reason: 'the contract with Zuora ended', by: 'ann' }] });
      billing.restore();
      expect(await handle.result()).toMatchObject({ outcome: 'aborted' });
      expect(await attributes(handle)).toMatchObject({ Outcome: ['aborted'] });
    });

    test('the run waits, notes signals it cannot use, and goes on with the signal `retry`', async () => {
      const handle = await revokedRun('GET /v1/file');
      await handle.signal('retry', { stepp: 'extract' });
      await handle.signal('skip');
      await until('both are noted', async () => (await state(handle)).refused.length === 2);
      expect(await details(handle)).toContain('refused:');

      billing.restore();
      await handle.signal('retry');
      expect(await handle.result()).toMatchObject({ outcome: expect.stringMatching(/completed|nothing/) });
    });
  });
});

/** What a person reads who opens the failure, cause by cause. */
function reasonsOf(failure: unknown): string {
  if (!(failure instanceof Error)) return '';
  return `${failure.message} ${reasonsOf(failure.cause)}`;
}

function textOf(data: Uint8Array | null | undefined): string {
  return data == null ? '' : String(JSON.parse(Buffer.from(data).toString()));
}
