// Runs before every npm script of ours: a fresh clone needs nothing but `npm run demo` or `npm test`. Installs
// when nothing is installed yet or the lock file has changed since; otherwise it takes a moment.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const stamp = join(root, 'node_modules', '.revsync-installed');
const wanted = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .digest('hex');
const installed = existsSync(stamp) ? readFileSync(stamp, 'utf8') : '';

// npm ci would empty the folder that a link leads to, which others use.
const linked = lstatSync(join(root, 'node_modules'), { throwIfNoEntry: false })?.isSymbolicLink() === true;

if (installed !== wanted && linked) {
  process.stderr.write(
    'node_modules is a link, so nothing is installed into it; see that it has what package-lock.json names.\n',
  );
} else if (installed !== wanted) {
  const start = Date.now();
  process.stderr.write('Installing what package-lock.json names (npm ci) ...\n');
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (status !== 0) {
    process.stderr.write('npm ci failed; see above. Once the cause is removed, run the command again.\n');
    process.exit(1);
  }
  writeFileSync(stamp, wanted);
  process.stderr.write(`Installed (${((Date.now() - start) / 1000).toFixed(1)} s).\n`);
}
