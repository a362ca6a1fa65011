import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { bundleWorkflowCode, type WorkflowBundle } from '@temporalio/worker';

const ROOT = join(import.meta.dirname, '..');
/** What the bundle is made from: workflow code and the pure domain it imports. */
const SOURCES = ['workflows', 'src/domain'];

const quiet = { trace() {}, debug() {}, info() {}, warn() {}, error() {}, log() {} };

/**
 * The bundled workflow code, made once for each state of the sources and kept in the cache.
 *
 * @param interceptors files of interceptors that go around every workflow
 */
export async function workflowBundle(
  cacheDir: string,
  interceptors: readonly string[] = [],
): Promise<WorkflowBundle> {
  const file = join(cacheDir, `workflow-bundle-${await fingerprint(interceptors)}.js`);
  if (!existsSync(file)) {
    const { code } = await bundleWorkflowCode({
      workflowsPath: workflowsPath(),
      logger: quiet,
      workflowInterceptorModules: [...interceptors],
    });
    await mkdir(cacheDir, { recursive: true });
    const written = `${file}.${process.pid}`;
    await writeFile(written, code);
    await rename(written, file);
  }
  return { code: await readFile(file, 'utf8') };
}

const workflowsPath = (): string =>
  ['index.ts', 'index.js'].map((name) => join(ROOT, 'workflows', name)).find((path) => existsSync(path)) ??
  join(ROOT, 'workflows', 'index.ts');

async function fingerprint(interceptors: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  const { version } = createRequire(import.meta.url)('@temporalio/workflow/package.json') as {
    version: string;
  };
  hash.update(version);
  for (const file of interceptors) hash.update(await readFile(file));
  for (const folder of SOURCES) {
    const files = await readdir(join(ROOT, folder), { recursive: true });
    for (const file of files.filter((name) => /\.[jt]s$/.test(name)).toSorted()) {
      hash.update(file).update(await readFile(join(ROOT, folder, file)));
    }
  }
  return hash.digest('hex').slice(0, 16);
}
