// Copies what tsc leaves behind into the build: the SQL migrations, and the statement of the benchmark.
// Usage: node scripts/copy-assets.mjs [outDir], where outDir is dist unless given.
import { cp } from 'node:fs/promises';
import { join, resolve } from 'node:path';

const project = join(import.meta.dirname, '..');
const outDir = resolve(process.argv[2] ?? join(project, 'dist'));
const migrations = join('schema', 'migrations');

await cp(join(project, migrations), join(outDir, migrations), {
  recursive: true,
  // `.before.sql` and `.after.sql` are assertions for the tests, not migrations.
  filter: (path) => !/\.(before|after)\.sql$/.test(path),
});

const handWritten = join('src', 'store', 'bench', 'invoice-lines.sql');
await cp(join(project, handWritten), join(outDir, handWritten));
