import { writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { SyncReport } from '../../src/cli/sync-run.ts';
import { freePort } from '../../src/servers/ports.ts';
import {
  type Ended,
  openTerminal,
  type SandboxDocument,
  type Staying,
  tellSandbox,
  type Terminal,
  type UpDocument,
} from '../support/command-line.ts';

interface Failure {
  readonly error: { readonly code: string; readonly message: string; readonly remedy: string };
}

/** A sentence and what to do about it, in one JSON document, and never a stack trace. */
function failure({ code, stdout, stderr, json }: Ended): Failure['error'] & { exit: number | null } {
  expect(`${stdout}\n${stderr}`).not.toMatch(/^\s+at .+:\d+/m);
  const document = json<Failure>();
  expect(document).toEqual({
    error: {
      code: expect.stringMatching(/^[A-Z][A-Z_]+$/),
      message: expect.stringMatching(/^\S.*\S$/),
      remedy: expect.stringMatching(/^\S.*[.)]$/),
    },
  });
  return { exit: code, ...document.error };
}

describe('what goes wrong is said in one sentence, with what to do', () => {
  let terminal: Terminal;

  const fails = async (args: readonly string[], env: Record<string, string> = {}) =>
    failure(await terminal.run([...args, '--json'], { env }));

  beforeAll(async () => {
    terminal = await openTerminal();
  });
  afterAll(() => terminal.close());

  describe('the environment', () => {
    test.each([
      ['REVSYNC_LAG_SECONDS', 'abc'],
      ['ZUORA_BASE_URL', 'nonsense'],
      ['REVSYNC_OPEN_PERIOD', '2024-13'],
      ['TEMPORAL_TLS_CERT', join('no', 'such', 'file')],
    ])('%s=%s is named', async (name, value) => {
      expect(await fails(['sync', 'run'], { [name]: value })).toMatchObject({
        exit: 2,
        code: 'CONFIGURATION_INVALID',
        message: expect.stringContaining(name),
      });
    });

    test('several mistakes are all named at once, and a secret is not repeated', async () => {
      const env = {
        REVSYNC_LAG_SECONDS: 'abc',
        ZUORA_BASE_URL: 'nonsense',
        REVSYNC_OPEN_PERIOD: '2024-13',
        ZUORA_CLIENT_SECRET: 'hush-hush-123',
      };
      const done = await terminal.run(['up', '--json'], { env });
      const { exit, message } = failure(done);
      expect(exit).toBe(2);
      for (const name of ['REVSYNC_LAG_SECONDS', 'ZUORA_BASE_URL', 'REVSYNC_OPEN_PERIOD']) {
        expect(message).toContain(name);
      }
      expect(done.stdout + done.stderr).not.toContain('hush-hush-123');
    });

    test('without --json a person reads the sentence and the remedy', async () => {
      const { code, stdout, stderr } = await terminal.run(['demo'], { env: { REVSYNC_LAG_SECONDS: 'abc' } });
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr.trim().split('\n')).toEqual([
        expect.stringContaining('REVSYNC_LAG_SECONDS'),
        expect.stringContaining('revsync doctor'),
      ]);
    });
  });

  describe('the machine', () => {
    let taken: Server;

    beforeAll(async () => {
      taken = createServer();
      await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    });
    afterAll(() => void taken.close());

    test('a port that is taken', async () => {
      const { port } = taken.address() as AddressInfo;
      expect(await fails(['sandbox', '--port', String(port)])).toMatchObject({
        exit: 2,
        code: 'PORT_TAKEN',
        message: expect.stringContaining(String(port)),
      });
    });

    test.each([['demo'], ['up']])('a state folder that cannot be made (%s)', async (command) => {
      const file = join(terminal.stateDir, 'a-file');
      await writeFile(file, '');
      expect(await fails([command], { REVSYNC_STATE_DIR: join(file, 'state') })).toMatchObject({
        exit: 2,
        code: 'STATE_FOLDER_UNUSABLE',
        message: expect.stringContaining(file),
        remedy: expect.stringContaining('REVSYNC_STATE_DIR'),
      });
    });

    test('a folder of rows that is not there', async () => {
      expect(await fails(['sandbox', '--data', join(terminal.stateDir, 'nothing')])).toMatchObject({
        exit: 2,
      });
    });
  });

  describe('the command line', () => {
    test.each([
      [['no-such-command']],
      [['sync', 'run', '--no-such-flag']],
      [['line', 'list', '--status', 'nonsense']],
      [['line', 'show']],
      [['sandbox', '--port', '70000']],
      [['sandbox', '--generate', 'items=many,color=red']],
    ])('%j', async (args) => {
      expect(await fails(args)).toMatchObject({ exit: 2 });
    });

    test('a command without its verb shows how it is used', async () => {
      const { code, stdout, stderr } = await terminal.run(['sync']);
      expect(code).toBe(2);
      expect(stdout + stderr).toContain('Usage: revsync sync');
    });
  });

  describe('servers of one’s own', () => {
    test('a database that does not answer', async () => {
      const url = `postgres://nobody:pass-word-1@127.0.0.1:${await freePort()}/revsync`;
      for (const command of [['contract', 'list'], ['migrate']]) {
        const done = await terminal.run([...command, '--json'], { env: { DATABASE_URL: url } });
        expect(failure(done)).toMatchObject({
          exit: 1,
          code: 'DATABASE_UNUSABLE',
          remedy: expect.stringContaining('DATABASE_URL'),
        });
        expect(done.stdout + done.stderr).not.toContain('pass-word-1');
      }
    });

    test('a Temporal that does not answer', async () => {
      const address = `127.0.0.1:${await freePort()}`;
      expect(await fails(['sync', 'run'], { TEMPORAL_ADDRESS: address })).toMatchObject({
        exit: 1,
        code: 'TEMPORAL_UNREACHABLE',
        message: expect.stringContaining(address),
      });
    });

    test('a worker with nothing to work for', async () => {
      expect(await fails(['worker'])).toMatchObject({ exit: 2, code: 'BILLING_UNKNOWN' });
    });
  });

  test('a run that waits for a person, started by a command with servers of its own', async () => {
    const apart = await openTerminal();
    try {
      const { document } = await apart.start<SandboxDocument>(['sandbox', '--generate', 'items=10']);
      await tellSandbox(document.url, 'faults', {
        kind: 'error-code',
        code: '90019',
        match: 'POST /v1/batch-query',
        times: 10,
      });
      const env = { ZUORA_BASE_URL: document.url };
      expect(failure(await apart.run(['sync', 'run', '--no-wait', '--json'], { env }))).toEqual({
        exit: 2,
        code: 'USAGE',
        message: expect.any(String),
        remedy: expect.stringContaining('revsync up'),
      });
      const { code, stderr, json } = await apart.run(['sync', 'run', '--json'], { env });
      expect(stderr).not.toMatch(/^\s+at .+:\d+|Warning/m);
      expect({ code, ...json<SyncReport>() }).toMatchObject({ code: 1, outcome: 'waiting' });
    } finally {
      await apart.close();
    }
  });

  describe('Billing, and names that nobody has', () => {
    let up: Staying<UpDocument>;
    let sandbox: Staying<SandboxDocument>;

    beforeAll(async () => {
      [up, sandbox] = await Promise.all([
        terminal.start<UpDocument>(['up']),
        terminal.start<SandboxDocument>(['sandbox', '--generate', 'items=10']),
      ]);
      await terminal.json(['sync', 'run']);
    });

    test('a Billing that does not answer', async () => {
      const url = `http://127.0.0.1:${await freePort()}`;
      expect(await fails(['sync', 'run'], { ZUORA_BASE_URL: url })).toMatchObject({
        exit: 1,
        code: 'BILLING_UNREACHABLE',
        message: expect.stringContaining(new URL(url).host),
      });
    });

    test('credentials that Billing refuses, which are never shown', async () => {
      const done = await terminal.run(['sync', 'run', '--json'], {
        env: {
          ZUORA_BASE_URL: sandbox.document.url,
          ZUORA_CLIENT_ID: 'somebody',
          ZUORA_CLIENT_SECRET: 'hush-hush-123',
          REVSYNC_LOG_LEVEL: 'trace',
        },
      });
      expect(failure(done)).toMatchObject({
        exit: 2,
        code: 'BILLING_CREDENTIALS_REFUSED',
        remedy: expect.stringContaining('ZUORA_CLIENT_SECRET'),
      });
      expect(done.stdout + done.stderr).not.toContain('hush-hush-123');
    });

    test('a database that refuses the password', async () => {
      const url = new URL(up.document.database);
      url.password = 'pass-word-1';
      const done = await terminal.run(['contract', 'list', '--json'], { env: { DATABASE_URL: url.href } });
      expect(failure(done)).toMatchObject({ exit: 2 });
      expect(done.stdout + done.stderr).not.toContain('pass-word-1');
    });

    test.each([
      [['sync', 'run', '--entity', 'nobody'], 'ENTITY_UNKNOWN'],
      [['line', 'list', '--entity', 'nobody'], 'ENTITY_UNKNOWN'],
      [['line', 'show', 'INV:nothing'], 'LINE_UNKNOWN'],
      [['contract', 'show', 'RC-nothing'], 'CONTRACT_UNKNOWN'],
      [['collect', 'run', '--org', 'nobody'], 'ORGANIZATION_UNKNOWN'],
      [['period', 'open', '1999-01'], 'PERIOD_ALREADY_CLOSED'],
      [['sync', 'run', '--from', 'yesterday'], 'USAGE'],
      [['sync', 'run', '--from', '2024-02-01', '--to', '2024-01-01'], 'USAGE'],
    ])('%j', async (args, code) => {
      const found = await fails(args);
      expect(found).toMatchObject({ exit: 2, code });
    });

    test('a reader who goes away in the middle of a list is no failure', async () => {
      const done = await terminal.runClosing(['line', 'list', '--json'], 100);
      expect(done.stderr).not.toMatch(/^\s+at .+:\d+/m);
      expect(done.stderr).not.toContain('EPIPE');
    });
  });
});
