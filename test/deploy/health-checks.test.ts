import { execFile } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { composeOf, read } from '../support/compose.ts';

const PORT = '9464';

/** `node --eval SCRIPT` of the image, and of compose's worker. */
const inImage = JSON.parse(/^ +CMD (\[.*\])$/m.exec(read('Dockerfile'))?.[1] ?? '[]') as string[];
const inCompose = composeOf('docker-compose.yml').services['worker']?.healthcheck?.test.slice(1) ?? [];

/** Runs a check against another port than the image's; answers its exit code. */
function outcome(command: readonly string[], port: number): Promise<number | string | null | undefined> {
  const [program, ...args] = command.map((word) => word.replaceAll(PORT, String(port)));
  expect(program).toBe('node');
  return new Promise((resolve) => {
    execFile(process.execPath, args, (error) => resolve(error === null ? 0 : error.code));
  });
}

describe.each([
  { check: 'of the image', command: inImage, path: '/health' },
  { check: 'of the worker in compose', command: inCompose, path: '/ready' },
])('the health check $check', ({ command, path }) => {
  let server: Server;
  let port: number;
  let status = 200;

  beforeAll(async () => {
    server = createServer(({ url }, response) => {
      response.writeHead(url === path ? status : 404).end();
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    ({ port } = server.address() as AddressInfo);
  });
  afterAll(() => void server.close());

  test(`passes when ${path} says so`, async () => {
    status = 200;
    expect(await outcome(command, port)).toBe(0);
  });

  test(`fails when ${path} says so`, async () => {
    status = 503;
    expect(await outcome(command, port)).toBe(1);
  });

  test('fails when nobody answers', async () => {
    expect(await outcome(command, 1)).toBe(1);
  });
});
