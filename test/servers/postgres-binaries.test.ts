import { mkdir, readdir, readlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { makeLinks } from '../../src/servers/postgres-binaries.ts';
import { temporaryFolder } from './temporary-folder.ts';

const LINKS = [{ source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so.5' }];

test('makes the links that npm left out with the install scripts, also when two do it at once', async () => {
  const native = join(await temporaryFolder(), 'native');
  await mkdir(join(native, 'lib'), { recursive: true });
  await writeFile(join(native, 'pg-symlinks.json'), JSON.stringify(LINKS));
  await writeFile(join(native, 'lib', 'libpq.so.5.18'), '');

  expect(await Promise.all([makeLinks(native), makeLinks(native)])).toEqual([true, true]);
  expect(await makeLinks(native)).toBe(true);
  expect(await readlink(join(native, 'lib', 'libpq.so.5'))).toBe('libpq.so.5.18');
  expect(await readdir(join(native, 'lib'))).toHaveLength(2);
});

test('says when they cannot be made', async () => {
  const native = join(await temporaryFolder(), 'native');
  await mkdir(native, { recursive: true });
  await writeFile(join(native, 'pg-symlinks.json'), JSON.stringify(LINKS));

  expect(await makeLinks(native)).toBe(false);
});
