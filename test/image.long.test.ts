import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..');
const run = promisify(execFile);

/** What the image runs, without an engine to build it with: the same build, in a folder laid out like the image's. */
describe('the image', () => {
  let app: string;

  beforeAll(async () => {
    app = await mkdtemp(join(tmpdir(), 'revsync-image-'));
    const dist = join(app, 'dist');
    await run('npx', ['--no-install', 'tsc', '-p', 'tsconfig.build.json', '--outDir', dist], { cwd: ROOT });
    await run(process.execPath, ['scripts/copy-assets.mjs', dist], { cwd: ROOT });
    await cp(join(ROOT, 'package.json'), join(app, 'package.json'));
    await symlink(join(ROOT, 'node_modules'), join(app, 'node_modules'));
  });
  afterAll(() => rm(app, { recursive: true, force: true }));

  const revsync = (...args: string[]) =>
    run(process.execPath, ['dist/src/cli/main.js', ...args], {
      cwd: app,
      env: { PATH: process.env['PATH'], NODE_ENV: 'production', REVSYNC_STATE_DIR: join(app, 'state') },
    });

  test('tells its version', async () => {
    expect((await revsync('--version')).stdout).toContain('0.1.0');
  });

  test.each([['migrate'], ['worker'], ['doctor']])('has the command %s', async (command) => {
    expect((await revsync(command, '--help')).stdout).toContain(command);
  });

  test('has the flags that compose passes to the sandbox', async () => {
    const { stdout } = await revsync('sandbox', '--help');
    for (const flag of ['--host', '--port', '--generate']) expect(stdout).toContain(flag);
  });

  test('holds the workflows that the worker bundles, and every migration', async () => {
    const { bundleWorkflowCode } = await import('@temporalio/worker');
    const { code } = await bundleWorkflowCode({ workflowsPath: join(app, 'dist/workflows/index.js') });
    expect(code).toContain('revenueSync');

    const migrations = await readdir(join(ROOT, 'schema/migrations'));
    expect(await readdir(join(app, 'dist/schema/migrations'))).toEqual(
      migrations.filter((file) => !/\.(before|after)\.sql$/.test(file)),
    );
  });
});
