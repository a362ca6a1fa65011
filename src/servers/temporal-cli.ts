import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import type { Found } from './first-that-works.ts';
import type { Environment } from './report.ts';
import { resolveProgram, type Search, type WantedProgram } from './resolve-program.ts';
import { findOnPath, runProgram } from './run-program.ts';
import { downloadBySdk } from './sdk-download.ts';

/** The newest release that `go install` can build. */
const VERSION = 'v1.5.1';
const MINUTE = 60_000;

/**
 * Returns the path of a Temporal CLI that works: `REVSYNC_TEMPORAL_CLI`, else `temporal` on PATH, else the
 * cache, which is filled by the SDK's download or, failing that, by Go.
 *
 * @throws RevsyncError `TEMPORAL_CLI_NOT_FOUND` (fix-input), with every way that was tried
 */
export function resolveTemporalCli(search: Search): Promise<string> {
  return resolveProgram(TEMPORAL_CLI, search);
}

const TEMPORAL_CLI: WantedProgram = {
  what: 'Temporal CLI',
  purpose: 'run a Temporal server with',
  variable: 'REVSYNC_TEMPORAL_CLI',
  code: 'TEMPORAL_CLI_NOT_FOUND',
  onPath: 'temporal',
  folder: `temporal-cli-${VERSION}`,
  file: 'temporal',
  check: saysItsVersion,
  fetch: [
    {
      name: "the SDK's download",
      announce: 'downloading it from temporal.download',
      into: (folder, env) => downloadBySdk('temporal-cli', folder, env),
    },
    {
      name: 'go install',
      announce: 'building it with Go, about 3 minutes the first time',
      into: buildWithGo,
    },
  ],
  waysOut: [
    'install the Temporal CLI (https://docs.temporal.io/cli) so that `temporal` is on PATH',
    'set REVSYNC_TEMPORAL_CLI to the path of a Temporal CLI',
    'set TEMPORAL_ADDRESS to a Temporal server that runs already',
    'let this machine reach https://temporal.download',
    'install Go (https://go.dev/dl), with access to a Go module proxy',
  ],
};

async function saysItsVersion(path: string, env: Environment): Promise<Found> {
  const { ok, reason } = await runProgram(path, ['--version'], { env, timeLimit: MINUTE / 2 });
  return ok ? { path } : { reason: `${path} --version does not work: ${reason}` };
}

async function buildWithGo(folder: string, env: Environment): Promise<Found> {
  const go = await findOnPath('go', env);
  if (go === null) return { reason: 'Go is not on PATH' };
  await mkdir(folder, { recursive: true });
  const built = await runProgram(go, ['install', `github.com/temporalio/cli/cmd/temporal@${VERSION}`], {
    env: { ...env, CGO_ENABLED: '0', GOBIN: folder },
    timeLimit: 20 * MINUTE,
  });
  return built.ok ? { path: join(folder, 'temporal') } : { reason: built.reason };
}
