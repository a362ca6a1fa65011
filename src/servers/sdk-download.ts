import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import type { Found } from './first-that-works.ts';
import type { Environment } from './report.ts';
import { runProgram } from './run-program.ts';

export type Downloadable = 'temporal-cli' | 'test-server';

/** The SDK downloads only as part of starting a server, so the child starts one and stops it at once. */
const DOWNLOAD = `
const [sdk, kind, downloadDir] = process.argv.slice(1);
const { Runtime, DefaultLogger } = require(require.resolve('@temporalio/worker', { paths: [sdk] }));
const { TestWorkflowEnvironment } = require(sdk);
Runtime.install({ logger: new DefaultLogger('ERROR') });
const server = { executable: { type: 'cached-download', downloadDir } };
const create = kind === 'temporal-cli' ? 'createLocal' : 'createTimeSkipping';
TestWorkflowEnvironment[create]({ server })
  .then((environment) => environment.teardown())
  .then(() => process.exit(0), (error) => {
    const wordy = /^Failed to start ephemeral server: |error sending request for url \\([^)]*\\): /g;
    console.error(String(error.message).replace(wordy, '').split('\\n')[0]);
    process.exit(1);
  });
`;

const WITHOUT_PROGRESS = 60_000;

/**
 * Lets Temporal's SDK download a program into `folder` and returns its path. This happens in a process of
 * its own: it can be ended when the network swallows everything, and what it prints stays out of ours.
 */
export async function downloadBySdk(kind: Downloadable, folder: string, env: Environment): Promise<Found> {
  const sdk = testingSdk();
  if (sdk === null) return { reason: 'the package @temporalio/testing is not installed' };

  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const result = await runProgram(process.execPath, ['-e', DOWNLOAD, '--', sdk, kind, folder], {
    env,
    timeLimit: WITHOUT_PROGRESS,
    progress: () => bytesIn(folder),
  });
  // A server that was too slow to start is downloaded all the same.
  const file = (await readdir(folder)).find((name) => !name.endsWith('.downloading'));
  return file === undefined ? { reason: result.reason || 'no file arrived' } : { path: join(folder, file) };
}

/** It is a development dependency: an installation for production may lack it. */
function testingSdk(): string | null {
  try {
    return createRequire(import.meta.url).resolve('@temporalio/testing');
  } catch {
    return null;
  }
}

async function bytesIn(folder: string): Promise<number> {
  const files = await readdir(folder);
  const sizes = await Promise.all(files.map(async (file) => (await stat(join(folder, file))).size));
  return sizes.reduce((total, size) => total + size, 0);
}
