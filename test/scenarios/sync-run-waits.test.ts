import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { SyncReport } from '../../src/cli/sync-run.ts';
import type { Digest } from '../../src/store/digest.ts';
import {
  openTerminal,
  type SandboxDocument,
  type Staying,
  tellSandbox,
  type Terminal,
  type UpDocument,
} from '../support/command-line.ts';

const PERIOD = { REVSYNC_OPEN_PERIOD: '2025-06' };

describe('`sync run` where a permission is missing', () => {
  let terminal: Terminal;
  let billing: string;
  let up: Staying<UpDocument>;
  let undisturbed: Digest;
  beforeAll(async () => {
    terminal = await openTerminal(PERIOD);
    const sandbox = await terminal.start<SandboxDocument>(['sandbox', '--generate', 'items=60,seed=7']);
    billing = sandbox.document.url;
    undisturbed = await undisturbedDigest(billing);
    up = await terminal.start<UpDocument>(['up'], { env: { ZUORA_BASE_URL: billing } });
  });
  afterAll(() => terminal.close());

  test('ends with outcome `waiting` and exit code 1; after a retry the state is as if nothing had been', async () => {
    await tellSandbox(billing, 'faults', { kind: 'permission', match: 'InvoiceItem' });
    const done = await terminal.run(['sync', 'run', '--json']);
    expect({ code: done.code, report: done.json<SyncReport>() }).toMatchObject({
      code: 1,
      report: {
        outcome: 'waiting',
        balance: null,
        message: expect.stringMatching(
          /does not let the integration user read InvoiceItem\. Give the role .+`retry`\.$/,
        ),
      },
    });
    expect(done.stderr).not.toMatch(/^\s+at .+:\d+/m);

    await fetch(new URL('/__sandbox/faults', billing), { method: 'DELETE' });
    expect(await retried(up.document.temporal)).toMatchObject({ outcome: 'completed' });
    expect(await terminal.json<Digest>(['digest'])).toEqual(undisturbed);
  });
});

/** What an operator does in the Temporal UI. */
async function retried(address: string): Promise<unknown> {
  const connection = await Connection.connect({ address });
  try {
    const handle = new Client({ connection }).workflow.getHandle('revenue-sync/demo');
    await handle.executeUpdate('retry', { args: [{ by: 'ann' }] });
    return await handle.result();
  } finally {
    await connection.close();
  }
}

async function undisturbedDigest(billing: string): Promise<Digest> {
  const nearby = await openTerminal(PERIOD);
  try {
    const env = { ZUORA_BASE_URL: billing };
    const run = await nearby.json<SyncReport>(['sync', 'run'], { env });
    expect(run).toMatchObject({ outcome: 'completed', balance: { balanced: true } });
    return await nearby.json<Digest>(['digest']);
  } finally {
    await nearby.close();
  }
}
