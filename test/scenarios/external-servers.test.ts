import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { SyncReport } from '../../src/cli/sync-run.ts';
import { SEARCH_ATTRIBUTES } from '../../src/domain/operator/search-attributes.ts';
import { missingSearchAttributes } from '../../src/servers/search-attributes.ts';
import { startPostgres } from '../../src/servers/postgres.ts';
import { readServerRecord } from '../../src/servers/server-record.ts';
import { openStateFolder } from '../../src/servers/state-folder.ts';
import type { Digest } from '../../src/store/digest.ts';
import { openTerminal, type Staying, type Terminal, type UpDocument } from '../support/command-line.ts';
import { type DevServer, startDevServer } from '../support/dev-server.ts';
import { rowsOf } from './database-rows.ts';

const ROOT = process.cwd();
const quiet = (): void => undefined;
/** What a password may be made of; in a URL it is escaped. */
const PASSWORD = 'not/a:simple@one?';
const PERIOD = { REVSYNC_OPEN_PERIOD: '2025-06' };

/** A PostgreSQL that is none of revsync's. */
async function startElsewhere(): Promise<{ readonly admin: string; close(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'revsync-elsewhere-'));
  await chmod(folder, 0o755);
  const env = { ...process.env, REVSYNC_STATE_DIR: join(folder, 'state') };
  const state = await openStateFolder({ env, projectRoot: ROOT, report: quiet });
  const postgres = await startPostgres({ state, report: quiet });
  return {
    admin: postgres.url,
    async close() {
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

describe('a fresh `up` against a PostgreSQL and a Temporal of others', () => {
  let postgres: Awaited<ReturnType<typeof startElsewhere>>;
  let temporal: DevServer;
  let terminal: Terminal;
  let database: URL;
  let up: Staying<UpDocument>;

  beforeAll(async () => {
    [postgres, temporal] = await Promise.all([startElsewhere(), startDevServer({ namespace: 'finance' })]);
    database = new URL(postgres.admin);
    database.username = 'revenue_app';
    database.password = encodeURIComponent(PASSWORD);
    terminal = await openTerminal({
      ...PERIOD,
      DATABASE_URL: database.href,
      TEMPORAL_ADDRESS: temporal.address,
      TEMPORAL_NAMESPACE: temporal.namespace,
    });
  });
  afterAll(async () => {
    await terminal.close();
    await temporal.close();
    await postgres.close();
  });

  test('a login that may not make the schema is told so, and nothing is started', async () => {
    await rowsOf(postgres.admin, `create role revenue_app login createrole password '${PASSWORD}'`);
    const { code, json } = await terminal.run(['up', '--json']);
    expect({ code, ...json<object>() }).toMatchObject({ code: 2, error: { code: 'DATABASE_NOT_MIGRATED' } });
  });

  test('it makes the schema as the owner of the empty database', async () => {
    const name = new URL(postgres.admin).pathname.slice(1);
    await rowsOf(postgres.admin, `alter database ${name} owner to revenue_app`);
    up = await terminal.start<UpDocument>(['up']);
    expect(up.document).toMatchObject({
      database: database.href,
      temporal: temporal.address,
      namespace: 'finance',
      ui: null,
    });
    const record = await readServerRecord({ dir: terminal.stateDir, cacheDir: '' });
    expect(record?.processes.map(({ kind }) => kind)).toEqual(['worker']);
  });

  test('a namespace that there is not is named, and nothing is started', async () => {
    const elsewhere = await openTerminal({
      DATABASE_URL: database.href,
      TEMPORAL_ADDRESS: temporal.address,
      TEMPORAL_NAMESPACE: 'elsewhere',
    });
    try {
      const { code, stderr } = await elsewhere.run(['up']);
      expect(code).toBe(1);
      expect(stderr).toContain('Temporal does not give the namespace "elsewhere"');
      expect(stderr).toContain('Make the namespace, or set TEMPORAL_NAMESPACE');
      expect(stderr).not.toContain('starting it again');
    } finally {
      await elsewhere.close();
    }
  });

  test('the search attributes are registered there', async () => {
    const connection = await Connection.connect({ address: temporal.address });
    const wanted = { namespace: 'finance', searchAttributes: SEARCH_ATTRIBUTES };
    const missing = await missingSearchAttributes(connection, wanted);
    await connection.close();
    expect(missing).toEqual({});
  });

  test('a sync completes, and brings what it brings on servers of our own', async () => {
    const there = await terminal.json<SyncReport>(['sync', 'run']);
    expect(there).toMatchObject({ outcome: 'completed', balance: { balanced: true } });

    const here = await openTerminal({ ...PERIOD, ZUORA_BASE_URL: up.document.billing });
    try {
      expect(await here.json<SyncReport>(['sync', 'run'])).toMatchObject({ outcome: 'completed' });
      expect(await terminal.json<Digest>(['digest'])).toEqual(await here.json<Digest>(['digest']));
    } finally {
      await here.close();
    }
  });

  test('a command elsewhere leaves the work to the workers there', async () => {
    const elsewhere = await openTerminal({
      ...PERIOD,
      DATABASE_URL: database.href,
      TEMPORAL_ADDRESS: temporal.address,
      TEMPORAL_NAMESPACE: temporal.namespace,
      ZUORA_BASE_URL: up.document.billing,
    });
    try {
      const { code, stderr } = await elsewhere.run(['sync', 'run', '--json']);
      expect(stderr).toContain('Workers serve this Temporal already; they do it.');
      expect(code).toBe(0);
    } finally {
      await elsewhere.close();
    }
  });

  test('the doctor has nothing to say', async () => {
    const { checks } = await terminal.json<{ checks: { check: string; ok: boolean; message: string }[] }>([
      'doctor',
    ]);
    expect(checks.filter(({ ok }) => !ok)).toEqual([]);
    expect(checks.find(({ check }) => check === 'task-queues')?.message).toMatch(/^Workers serve revsync,/);
  });

  test('when it is stopped, the servers of others go on', async () => {
    expect((await up.stop()).code).toBe(0);
    expect(await rowsOf(database.href, 'select distinct state from control.run')).toEqual([
      { state: 'completed' },
    ]);
    await (await Connection.connect({ address: temporal.address })).close();
  });
});
