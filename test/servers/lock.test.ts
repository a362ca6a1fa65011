import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { describe, expect, test } from 'vitest';

import { acquireLock, lockHolder, withLock } from '../../src/servers/lock.ts';
import { thisProcess } from '../../src/servers/process-identity.ts';
import { inAnotherProcess } from './in-another-process.ts';
import { temporaryFolder } from './temporary-folder.ts';

const HOLD = `
  const { withLock } = await load('lock');
  await withLock(args[0], {}, () => new Promise((resolve) => {
    console.log('held');
    setTimeout(resolve, Number(args[1]));
  }));`;

const COUNT = `
  const { withLock } = await load('lock');
  const { readFile, writeFile } = await import('node:fs/promises');
  for (let turn = 0; turn < 10; turn += 1) {
    await withLock(args[0], {}, async () => {
      await writeFile(args[1], String(Number(await readFile(args[1], 'utf8')) + 1));
    });
  }`;

const dead = (token: string) => JSON.stringify({ pid: 999_999_999, startTime: 'long ago', token });

describe('withLock', () => {
  test('lets a second process wait, tells it for whom, and lets it go on afterwards', async () => {
    const lock = join(await temporaryFolder(), 'lock');
    const first = inAnotherProcess(HOLD, [lock, '400']);
    await first.line();

    const waitedFor: number[] = [];
    const start = Date.now();
    await withLock(lock, { waiting: ({ pid }) => waitedFor.push(pid) }, async () => {});

    expect(waitedFor).toEqual([first.pid]);
    expect(Date.now() - start).toBeGreaterThan(200);
  });

  test('loses no step of two processes that count in one file', async () => {
    const folder = await temporaryFolder();
    const counter = join(folder, 'counter');
    await writeFile(counter, '0');
    const both = [1, 2].map(() => inAnotherProcess(COUNT, [join(folder, 'lock'), counter]));

    expect(await Promise.all(both.map((each) => each.ended()))).toEqual([0, 0]);
    expect(await readFile(counter, 'utf8')).toBe('20');
  });

  test('takes over from a holder that was killed', async () => {
    const lock = join(await temporaryFolder(), 'lock');
    const first = inAnotherProcess(HOLD, [lock, '60000']);
    await first.line();
    first.child.kill('SIGKILL');
    await first.ended();

    await expect(withLock(lock, {}, async () => 'mine')).resolves.toBe('mine');
  });

  test('takes over when the number of the holder belongs to another process now', async () => {
    const lock = join(await temporaryFolder(), 'lock');
    const recycled = { ...thisProcess(), startTime: 'earlier', token: 'a' };
    await writeFile(lock, JSON.stringify(recycled));

    expect(await lockHolder(lock)).toBeNull();
    await expect(withLock(lock, {}, async () => 'mine')).resolves.toBe('mine');
  });

  test('takes over from a dead heir of a dead holder, and from a claim that was torn', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'lock'), dead('a'));
    await writeFile(join(folder, 'lock.a.heir'), dead('b'));
    await writeFile(join(folder, 'torn'), '{"pid":');

    await expect(withLock(join(folder, 'lock'), {}, async () => 'mine')).resolves.toBe('mine');
    await expect(withLock(join(folder, 'torn'), {}, async () => 'mine')).resolves.toBe('mine');
    expect(await readdir(folder)).toEqual([]);
  });

  test('lets one in at a time when many find the same dead holder', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'lock'), dead('a'));
    let inside = 0;
    const turn = () =>
      withLock(join(folder, 'lock'), {}, async () => {
        inside += 1;
        expect(inside).toBe(1);
        await sleep(2);
        inside -= 1;
      });

    await Promise.all(Array.from({ length: 12 }, turn));
    expect(await readdir(folder)).toEqual([]);
  });

  test('is released when its work throws', async () => {
    const lock = join(await temporaryFolder(), 'lock');
    const fail = () => Promise.reject(new Error('no'));

    await expect(withLock(lock, {}, fail)).rejects.toThrow('no');
    expect(await lockHolder(lock)).toBeNull();
  });
});

describe('acquireLock', () => {
  test('gives up when there is no need to wait any longer', async () => {
    const lock = join(await temporaryFolder(), 'lock');
    const release = await acquireLock(lock, {});

    expect(await acquireLock(lock, { giveUp: async () => true })).toBeNull();
    await release?.();
    expect(await acquireLock(lock, { giveUp: async () => true })).not.toBeNull();
  });
});
