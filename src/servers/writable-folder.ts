import { chmod, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { reasonOf } from '../domain/errors.ts';
import { isRoot } from './enterable.ts';

/**
 * Creates the folder and writes a file there: root ignores permissions, but not a read-only disk. As root,
 * other users may enter it afterwards, because PostgreSQL runs as one. Returns the reason, or null when it
 * is writable.
 */
export async function whyNotWritable(folder: string): Promise<string | null> {
  try {
    const firstMade = await mkdir(folder, { recursive: true });
    const probe = join(folder, `.writable-${process.pid}`);
    await writeFile(probe, '');
    await rm(probe);
    if (isRoot()) await letOthersEnter(folder, firstMade);
    return null;
  } catch (error) {
    return reasonOf(error);
  }
}

/** Opens what we made, and an empty folder (`mktemp -d`); what others made and filled stays as it is. */
async function letOthersEnter(folder: string, firstMade: string | undefined): Promise<void> {
  if (firstMade === undefined) {
    if ((await readdir(folder)).length === 0) await addEnterBit(folder);
    return;
  }
  for (let path = folder; path.length >= firstMade.length; path = dirname(path)) await addEnterBit(path);
}

async function addEnterBit(folder: string): Promise<void> {
  const { mode } = await stat(folder);
  if ((mode & 0o011) !== 0o011) await chmod(folder, (mode & 0o7777) | 0o011);
}
