import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { z } from 'zod';

import { isRunning, type ProcessIdentity, thisProcess } from './process-identity.ts';

const Claim = z.object({ pid: z.number(), startTime: z.string(), token: z.string() });
type Claim = z.infer<typeof Claim>;

export interface LockOptions {
  /** Told once for each holder that is waited for. */
  readonly waiting?: (holder: ProcessIdentity) => void;
  /** Asked while waiting; true ends the wait without the lock. */
  readonly giveUp?: () => Promise<boolean>;
}

const POLL_MILLISECONDS = 100;

/**
 * Runs `fn` while no other process (and no other call in this one) holds the lock file `path`. A lock
 * whose holder was killed, or whose number now belongs to another process, is taken over. Not reentrant.
 */
export async function withLock<Result>(
  path: string,
  options: LockOptions,
  fn: () => Promise<Result>,
): Promise<Result> {
  const release = await acquireLock(path, { ...(options.waiting && { waiting: options.waiting }) });
  try {
    return await fn();
  } finally {
    await release?.();
  }
}

/** Waits for the lock and returns what releases it; null when `giveUp` said so. */
export async function acquireLock(
  path: string,
  { waiting, giveUp }: LockOptions,
): Promise<(() => Promise<void>) | null> {
  await mkdir(dirname(path), { recursive: true });
  const mine: Claim = { ...thisProcess(), token: randomUUID() };
  const written = `${path}.${mine.token}.new`;
  await writeFile(written, JSON.stringify(mine));
  try {
    for (let told = ''; ; await sleep(POLL_MILLISECONDS)) {
      const holder = await claim(path, written);
      if (holder === null) return () => release(path, mine);
      if (holder.token !== told) waiting?.(holder);
      told = holder.token;
      if (await giveUp?.()) return null;
    }
  } finally {
    await rm(written, { force: true });
  }
}

/** Who holds the lock now, without waiting; null when nobody alive does. */
export async function lockHolder(path: string): Promise<ProcessIdentity | null> {
  const holder = await readClaim(path);
  return holder !== null && isRunning(holder) ? holder : null;
}

/**
 * Takes the lock, or returns its living holder.
 *
 * A dead holder leaves its claim behind. Removing it would race with another process that does the same
 * and then claims the lock, so it is inherited instead: whoever creates the file named after the dead
 * claim's token is the heir, and the heir of a dead heir is found in the same way.
 */
async function claim(path: string, written: string): Promise<Claim | null> {
  const inherited: { file: string; token: string }[] = [];
  for (let file = path; ;) {
    if (await tryLink(written, file)) {
      if (!(await stillSo(inherited))) {
        await rm(file, { force: true });
        return claim(path, written);
      }
      if (file !== path) await rename(written, path);
      const heirs = [...inherited.slice(1).map((link) => link.file), ...(file === path ? [] : [file])];
      await Promise.all(heirs.map((heir) => rm(heir, { force: true })));
      return null;
    }
    const found = await readClaim(file);
    if (found === null) return claim(path, written);
    if (isRunning(found)) return found;
    inherited.push({ file, token: found.token });
    file = `${path}.${found.token}.heir`;
  }
}

/** The claims that were found dead are all still in their places. */
async function stillSo(inherited: readonly { file: string; token: string }[]): Promise<boolean> {
  for (const { file, token } of inherited) {
    if ((await readClaim(file))?.token !== token) return false;
  }
  return true;
}

async function release(path: string, mine: Claim): Promise<void> {
  if ((await readClaim(path))?.token === mine.token) await rm(path, { force: true });
}

/** Gives `existing` a second name, which fails when the name is taken: the one atomic claim there is. */
async function tryLink(existing: string, name: string): Promise<boolean> {
  try {
    await link(existing, name);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** A claim that a power failure left torn counts as one of nobody's. */
async function readClaim(file: string): Promise<Claim | null> {
  try {
    const { ino } = await stat(file);
    const claim = Claim.safeParse(parseJson(await readFile(file, 'utf8')));
    return claim.success ? claim.data : { pid: 0, startTime: '', token: `torn-${ino}` };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
