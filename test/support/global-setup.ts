import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { TestProject } from 'vitest/node';

import { migrateToLatest } from '../../schema/migrator.ts';
import { startPostgres } from '../../src/servers/postgres.ts';
import { openStateFolder } from '../../src/servers/state-folder.ts';
import { openDatabase, openPool } from '../../src/store/database.ts';
import { databaseUrl, run } from './server-database.ts';
import './provided.ts';

const TEMPLATE = 'revsync_template';

/** Nothing here has to survive a crash. */
const FAST = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '200' };

/** One embedded PostgreSQL for the whole run, with a migrated database that each test file copies. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'revsync-tests-'));
  const state = await openStateFolder({
    env: { ...process.env, REVSYNC_STATE_DIR: folder },
    projectRoot: join(import.meta.dirname, '..', '..'),
    report: () => undefined,
  });
  const postgres = await startPostgres({ state, report: () => undefined, settings: FAST });
  const stop = async (): Promise<void> => {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const admin = databaseUrl(postgres.url, 'postgres');
    await run(admin, `create database ${TEMPLATE}`);
    await migrateTemplate(databaseUrl(admin, TEMPLATE));
    project.provide('testPostgres', { admin, template: TEMPLATE });
    return stop;
  } catch (error) {
    await stop();
    throw error;
  }
}

async function migrateTemplate(url: string): Promise<void> {
  const db = openDatabase(openPool(url, { connections: 1 }));
  try {
    await migrateToLatest(db);
  } finally {
    await db.destroy();
  }
}
