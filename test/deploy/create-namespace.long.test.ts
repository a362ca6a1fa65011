import { execFile } from 'node:child_process';
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { Connection } from '@temporalio/client';
import { expect, onTestFinished, test } from 'vitest';

import { SEARCH_ATTRIBUTES } from '../../src/domain/operator/search-attributes.ts';
import { openStateFolder } from '../../src/servers/state-folder.ts';
import { missingSearchAttributes } from '../../src/servers/search-attributes.ts';
import { resolveTemporalCli } from '../../src/servers/temporal-cli.ts';
import { startTemporal } from '../../src/servers/temporal.ts';
import { temporaryFolder } from '../servers/temporary-folder.ts';
import { ROOT } from '../support/compose.ts';

const report = (): void => undefined;

/** A server, and a folder that has its command line under the name that the script uses. */
async function setUp() {
  const folder = await temporaryFolder();
  const env = { ...process.env, REVSYNC_STATE_DIR: folder };
  const state = await openStateFolder({ env, projectRoot: ROOT, report });
  const cli = await resolveTemporalCli({ env: process.env, state, report });
  await symlink(cli, join(folder, 'temporal'));
  const server = await startTemporal({ cli, state, report, searchAttributes: {} });
  onTestFinished(() => server.stop());
  return { address: server.address, folder };
}

test('create-namespace.sh makes the namespace with all that a worker needs, and leaves one alone that has it', async () => {
  const { address, folder } = await setUp();
  const script = async () => {
    const { stdout } = await promisify(execFile)('sh', ['deploy/temporal/create-namespace.sh'], {
      cwd: ROOT,
      env: {
        PATH: `${folder}:${process.env['PATH'] ?? ''}`,
        HOME: folder,
        TEMPORAL_ADDRESS: address,
        TEMPORAL_NAMESPACE: 'revsync',
      },
    });
    return stdout;
  };
  expect(await script()).toContain('Search attributes have been added');
  const connection = await Connection.connect({ address });
  onTestFinished(() => connection.close());
  const missing = await missingSearchAttributes(connection, {
    namespace: 'revsync',
    searchAttributes: SEARCH_ATTRIBUTES,
  });
  expect(missing).toEqual({});
  expect(await script()).toBe('Namespace revsync is registered, with its search attributes.\n');
});
