import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { SyncReport } from '../../src/cli/sync-run.ts';
import type { DeskState } from '../../src/domain/operator/steps.ts';
import type { Line } from '../../src/store/lines/read-lines.ts';
import {
  openTerminal,
  type SandboxDocument,
  type Staying,
  tellSandbox,
  type Terminal,
  until,
  type UpDocument,
} from '../support/command-line.ts';
import { runCommand } from '../support/run-command.ts';
import { rowsOf } from './database-rows.ts';

describe('a sync without a default template for what it has to form', () => {
  let terminal: Terminal;
  let billing: string;
  let up: Staying<UpDocument>;
  let connection: Connection;
  let handle: WorkflowHandle;

  beforeAll(async () => {
    terminal = await openTerminal();
    const sandbox = await terminal.start<SandboxDocument>(['sandbox', '--generate', 'items=40,seed=7']);
    billing = sandbox.document.url;
    up = await terminal.start<UpDocument>(['up'], { env: { ZUORA_BASE_URL: billing } });
    connection = await Connection.connect({ address: up.document.temporal });
  });
  afterAll(async () => {
    await connection.close();
    await terminal.close();
  });

  const revsync = (...argv: string[]) => runCommand(argv, { DATABASE_URL: up.document.database });
  const awaiting = async () => (await handle.query<DeskState>('state')).awaiting;
  const untilMissing = () =>
    until('the run says what is missing', async () => {
      const waiting = await awaiting();
      return waiting?.message.includes('template') === true ? waiting : null;
    });
  const retry = () => handle.executeUpdate('retry', { args: [{ by: 'ann' }] });

  test('waits and lists what is missing', async () => {
    // Opening a run makes the pre-configured templates the defaults, so they are withdrawn while one is open.
    await tellSandbox(billing, 'faults', { kind: 'permission', match: 'InvoiceItem' });
    const first = await terminal.run(['sync', 'run', '--json']);
    const { outcome, runId } = first.json<SyncReport>();
    expect({ code: first.code, outcome }).toEqual({ code: 1, outcome: 'waiting' });
    handle = new Client({ connection }).workflow.getHandle('revenue-sync/demo', runId ?? '');
    await rowsOf(
      up.document.database,
      `update staging.transaction_template set status = 'frozen' where type in ('SO', 'INV')`,
    );
    await fetch(new URL('/__sandbox/faults', billing), { method: 'DELETE' });
    await retry();
    expect(await untilMissing()).toMatchObject({
      step: 'extract',
      message: 'demo has no default template for SO, INV.',
      remedy: expect.stringMatching(/`revsync template freeze --default`.+ send `retry`\.$/),
    });
  });

  test('waits on when nobody made one', async () => {
    await retry();
    expect((await untilMissing()).message).toContain('SO, INV');
  });

  test('goes on with `retry` once there is one, and forms its lines by it', async () => {
    for (const type of ['SO', 'INV']) await adopt(type);
    await retry();
    expect(await handle.result()).toMatchObject({ outcome: 'completed' });
    const { stdout } = await revsync('line', 'list', '--type', 'INV', '--json');
    const lines = JSON.parse(stdout) as Line[];
    expect(lines.length).toBeGreaterThan(10);
    expect(new Set(lines.map(({ lineage }) => lineage.template))).toEqual(new Set(['Our INV']));
  });

  /** What the operator does: the pre-configured one as a file, loaded as our own, frozen and made the default. */
  async function adopt(type: string): Promise<void> {
    const listed = await revsync('template', 'list', '--type', type, '--json');
    const [seeded] = listed.json() as { id: string }[];
    const { stdout } = await revsync('template', 'export', seeded?.id ?? '');
    const file = join(terminal.stateDir, `${type}.yaml`);
    await writeFile(file, stdout);
    const named = ['--name', `Our ${type}`, '--entity', 'demo'];
    expect((await revsync('template', 'load', '--file', file, ...named)).exit).toBe(0);
    expect((await revsync('template', 'freeze', `Our ${type}`, '--default')).exit).toBe(0);
  }
});
