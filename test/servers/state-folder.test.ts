import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { describe, expect, test } from 'vitest';

import { isRoot, othersCanEnter } from '../../src/servers/enterable.ts';
import { chooseCacheFolder, chooseStateFolder, openStateFolder } from '../../src/servers/state-folder.ts';
import { temporaryFolder } from './temporary-folder.ts';

const project = { given: null, projectRoot: '/home/ann/revsync', root: false, enterable: true };
const silent = (): void => {};

describe('the choice of the state folder', () => {
  test('is .revsync in the project, also as root while other users can enter it', () => {
    expect(chooseStateFolder(project)).toBe('/home/ann/revsync/.revsync');
    expect(chooseStateFolder({ ...project, enterable: false })).toBe('/home/ann/revsync/.revsync');
    expect(chooseStateFolder({ ...project, root: true })).toBe('/home/ann/revsync/.revsync');
  });

  test('is a system folder of its own for each project that root has locked others out of', () => {
    const locked = { ...project, root: true, enterable: false };
    expect(chooseStateFolder(locked)).toMatch(/^\/var\/lib\/revsync\/[0-9a-f]{12}$/);
    expect(chooseStateFolder(locked)).not.toBe(
      chooseStateFolder({ ...locked, projectRoot: '/home/bob/revsync' }),
    );
  });

  test('is what was given, whoever runs it', () => {
    const given = { ...project, given: 'here', root: true, enterable: false };
    expect(chooseStateFolder(given)).toBe(resolve('here'));
  });

  test('leaves the cache to the project, so that a second state folder builds nothing again', () => {
    expect(chooseCacheFolder({ ...project, given: '/elsewhere', cache: null })).toBe(
      '/home/ann/revsync/.revsync/cache',
    );
    expect(chooseCacheFolder({ ...project, root: true, enterable: false, cache: null })).toBe(
      '/var/lib/revsync/cache',
    );
    expect(chooseCacheFolder({ ...project, cache: '/shared' })).toBe('/shared');
  });
});

describe('openStateFolder', () => {
  test('makes the folder and one for the cache', async () => {
    const folder = await temporaryFolder();
    const env = { REVSYNC_STATE_DIR: join(folder, 'a', 'b'), REVSYNC_CACHE_DIR: join(folder, 'cache') };
    const state = await openStateFolder({ env, projectRoot: folder, report: silent });

    expect(state).toEqual({ dir: join(folder, 'a', 'b'), cacheDir: join(folder, 'cache') });
    expect((await stat(state.dir)).isDirectory()).toBe(true);
    expect((await stat(state.cacheDir)).isDirectory()).toBe(true);
  });

  test('keeps the cache in the state folder when the project is read-only', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'project'), 'a file, so that nothing can be made below it');
    const env = {
      REVSYNC_STATE_DIR: join(folder, 'state'),
      REVSYNC_CACHE_DIR: join(folder, 'project', 'cache'),
    };
    const state = await openStateFolder({ env, projectRoot: folder, report: silent });

    expect(state.cacheDir).toBe(join(folder, 'state', 'cache'));
  });

  test.each(['a-file', join('a-file', 'below'), join('a-file', 'far', 'below')])(
    'refuses %s, and says what to do',
    async (path) => {
      const folder = await temporaryFolder();
      await writeFile(join(folder, 'a-file'), '');
      const env = { REVSYNC_STATE_DIR: join(folder, path) };

      await expect(openStateFolder({ env, projectRoot: folder, report: silent })).rejects.toMatchObject({
        code: 'STATE_FOLDER_UNUSABLE',
        fate: 'fix-input',
        message: expect.stringContaining(join(folder, path)),
        remedy: expect.stringContaining('REVSYNC_STATE_DIR'),
      });
    },
  );

  test.runIf(isRoot())(
    'opens an empty folder for the user of PostgreSQL, but not one with things in it',
    async () => {
      const folder = await temporaryFolder(); // closed to others, like every folder of mkdtemp
      expect(await othersCanEnter(folder)).toBe(false);
      await mkdir(join(folder, 'private'), { mode: 0o700 });
      await openStateFolder({ env: { REVSYNC_STATE_DIR: folder }, projectRoot: '/', report: silent });
      expect(await othersCanEnter(folder)).toBe(false);

      const empty = await temporaryFolder();
      const env = { REVSYNC_STATE_DIR: empty, REVSYNC_CACHE_DIR: join(empty, 'cache') };
      await openStateFolder({ env, projectRoot: folder, report: silent });
      expect(await othersCanEnter(empty)).toBe(true);
    },
  );
});
