import type { Found } from './first-that-works.ts';
import { buildWithMaven, TEST_SERVER_VERSION } from './maven-test-server.ts';
import type { Environment } from './report.ts';
import { resolveProgram, type Search, type WantedProgram } from './resolve-program.ts';
import { runProgram } from './run-program.ts';
import { downloadBySdk } from './sdk-download.ts';

const START_OF_JAVA = 30_000;

/**
 * Returns the path of Temporal's time-skipping test server, fit for the SDK's
 * `createTimeSkipping({ server: { executable: { type: 'existing-path', path } } })`:
 * `REVSYNC_TEMPORAL_TEST_SERVER`, else the cache, which is filled by the SDK's download or by Maven.
 *
 * @throws RevsyncError `TEST_SERVER_NOT_FOUND` (fix-input), with every way that was tried
 */
export function resolveTestServer(search: Search): Promise<string> {
  return resolveProgram(TEST_SERVER, search);
}

const TEST_SERVER: WantedProgram = {
  what: 'time-skipping test server',
  purpose: 'test workflows with',
  variable: 'REVSYNC_TEMPORAL_TEST_SERVER',
  code: 'TEST_SERVER_NOT_FOUND',
  onPath: null,
  folder: `temporal-test-server-${TEST_SERVER_VERSION}`,
  file: 'temporal-test-server',
  check: explainsItsUse,
  fetch: [
    {
      name: "the SDK's download",
      announce: 'downloading it from temporal.download',
      into: (folder, env) => downloadBySdk('test-server', folder, env),
    },
    { name: 'Maven', announce: `fetching ${TEST_SERVER_VERSION} with Maven`, into: buildWithMaven },
  ],
  waysOut: [
    'set REVSYNC_TEMPORAL_TEST_SERVER to the path of a temporal-test-server',
    'let this machine reach https://temporal.download',
    'install Java 11 or later and Maven, with access to a Maven repository',
  ],
};

/** Without a port it only prints how it is used; a launcher whose Java is gone cannot even do that. */
async function explainsItsUse(path: string, env: Environment): Promise<Found> {
  const { output, reason } = await runProgram(path, [], { env, timeLimit: START_OF_JAVA });
  return output.includes('Usage') ? { path } : { reason: `${path} does not start: ${reason || output}` };
}
