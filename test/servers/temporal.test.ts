import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { Connection } from '@temporalio/client';
import { expect, onTestFinished, test } from 'vitest';

import { identify } from '../../src/servers/process-identity.ts';
import { openStateFolder } from '../../src/servers/state-folder.ts';
import { resolveTemporalCli } from '../../src/servers/temporal-cli.ts';
import { startTemporal } from '../../src/servers/temporal.ts';
import { inAnotherProcess } from './in-another-process.ts';
import { temporaryFolder } from './temporary-folder.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const ATTRIBUTES = { RevsyncTenant: 'Keyword', AwaitingAction: 'Bool' } as const;

async function setUp() {
  const lines: string[] = [];
  const report = (line: string): void => void lines.push(line);
  const env = { ...process.env, REVSYNC_STATE_DIR: await temporaryFolder() };
  const state = await openStateFolder({ env, projectRoot: ROOT, report });
  return { state, report, lines, cli: await resolveTemporalCli({ env: process.env, state, report }) };
}

async function customAttributes(address: string): Promise<Record<string, unknown>> {
  const connection = await Connection.connect({ address });
  const { customAttributes: found } = await connection.operatorService.listSearchAttributes({
    namespace: 'default',
  });
  await connection.close();
  return found;
}

test('starts with search attributes and a web interface, and again on the same file with one more', async () => {
  const { state, report, cli } = await setUp();
  const first = await startTemporal({ cli, state, report, searchAttributes: ATTRIBUTES });
  onTestFinished(() => first.stop());
  expect(await customAttributes(first.address)).toMatchObject({ RevsyncTenant: 2, AwaitingAction: 5 });
  expect((await fetch(first.ui)).status).toBe(200);
  await first.stop();
  expect(identify(first.pid)).toBeNull();

  const searchAttributes = { ...ATTRIBUTES, AddedLater: 'Keyword' } as const;
  const second = await startTemporal({ cli, state, report, searchAttributes, ports: first.ports });
  onTestFinished(() => second.stop());
  expect(second.address).toBe(first.address);
  expect(await customAttributes(second.address)).toMatchObject({
    RevsyncTenant: 2,
    AwaitingAction: 5,
    AddedLater: 2,
  });

  const taken = startTemporal({
    cli,
    state: (await setUp()).state,
    report,
    searchAttributes,
    ports: first.ports,
  });
  await expect(taken).rejects.toMatchObject({ code: 'PORT_TAKEN' });
});

test('ends what a revsync that was killed left running, and says so', async () => {
  const { state, report, lines, cli } = await setUp();
  const owner = inAnotherProcess(
    `const { startTemporal } = await load('temporal');
     const [cli, state] = args.map((arg) => JSON.parse(arg));
     const { pid } = await startTemporal({ cli, state, report: () => {}, searchAttributes: {} });
     console.log(pid);
     setInterval(() => {}, 1000);`,
    [JSON.stringify(cli), JSON.stringify(state)],
  );
  const orphan = Number(await owner.line());
  owner.child.kill('SIGKILL');
  await owner.ended();

  const second = await startTemporal({ cli, state, report, searchAttributes: ATTRIBUTES });
  onTestFinished(() => second.stop());
  expect(identify(orphan)).toBeNull();
  expect(lines).toContain(`Temporal: ending process ${orphan}, left behind by a revsync that was killed ...`);
});

test('is started again when its first start fails, whatever it says', async () => {
  const { state, report, cli } = await setUp();
  const once = join(state.dir, 'once');
  const fails = join(state.dir, 'fails-once');
  await writeFile(
    fails,
    `#!/bin/sh\n[ -e '${once}' ] && exec '${cli}' "$@"\n: > '${once}'; echo 'deadline'; exit 1\n`,
  );
  await chmod(fails, 0o700);
  const server = await startTemporal({ cli: fails, state, report, searchAttributes: ATTRIBUTES });
  onTestFinished(() => server.stop());
  expect(await customAttributes(server.address)).toMatchObject({ RevsyncTenant: expect.anything() });
});

test('says so when the program starts no server', async () => {
  const { state, report } = await setUp();
  await expect(
    startTemporal({ cli: '/bin/false', state, report, searchAttributes: ATTRIBUTES }),
  ).rejects.toMatchObject({
    code: 'TEMPORAL_START_FAILED',
    remedy: expect.stringContaining('TEMPORAL_ADDRESS'),
  });
});
