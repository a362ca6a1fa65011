import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { TestWorkflowEnvironment } from '@temporalio/testing';
import { describe, expect, test } from 'vitest';

import { openStateFolder } from '../../src/servers/state-folder.ts';
import { resolveTestServer } from '../../src/servers/test-server.ts';
import { temporaryFolder } from './temporary-folder.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const NO_NETWORK = { HTTPS_PROXY: 'http://127.0.0.1:1', https_proxy: 'http://127.0.0.1:1' };
const report = (): void => {};

describe('resolveTestServer', () => {
  test('leads to a server that skips ten days in a moment', async () => {
    const state = await openStateFolder({ env: process.env, projectRoot: ROOT, report });
    const path = await resolveTestServer({ env: process.env, state, report });
    const executable = { type: 'existing-path', path } as const;
    const environment = await TestWorkflowEnvironment.createTimeSkipping({ server: { executable } });
    try {
      const before = await environment.currentTimeMs();
      await environment.sleep('10 days');
      expect((await environment.currentTimeMs()) - before).toBeGreaterThanOrEqual(10 * 24 * 3_600_000);
    } finally {
      await environment.teardown();
    }
  }, 300_000);

  test('takes what REVSYNC_TEMPORAL_TEST_SERVER names, or says at once that it does not work', async () => {
    const folder = await temporaryFolder();
    const state = { dir: folder, cacheDir: folder };
    const path = join(folder, 'mine');
    const env = { ...NO_NETWORK, PATH: '', REVSYNC_TEMPORAL_TEST_SERVER: path };
    await expect(resolveTestServer({ env, state, report })).rejects.toMatchObject({
      code: 'TEST_SERVER_NOT_FOUND',
    });

    await writeFile(path, '#!/bin/sh\necho "Usage: <command> <port>"\n');
    await chmod(path, 0o755);
    expect(await resolveTestServer({ env, state, report })).toBe(path);
  });

  test('names in one message every way it tried and every way out when all fail', async () => {
    const folder = await temporaryFolder();
    const search = { env: { ...NO_NETWORK, PATH: '' }, state: { dir: folder, cacheDir: folder }, report };
    const error: Error = await resolveTestServer(search).then(
      () => expect.unreachable(),
      (caught) => caught,
    );

    expect(error).toMatchObject({ code: 'TEST_SERVER_NOT_FOUND', fate: 'fix-input' });
    const parts = ['the cache: empty', "the SDK's download: ", 'Maven: Maven is not on PATH'];
    const waysOut = ['REVSYNC_TEMPORAL_TEST_SERVER', 'temporal.download', 'install Java'];
    for (const part of [...parts, ...waysOut]) expect(error.message).toContain(part);
  });
});
