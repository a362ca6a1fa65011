import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/** Runs this process as root, so that PostgreSQL has to run as somebody else? */
export const isRoot = (): boolean => process.getuid?.() === 0;

/**
 * Whether every user may enter the folder and all folders above it, by their permission bits. A folder
 * that does not exist yet is judged by the nearest one that does, since we create it enterable.
 */
export async function othersCanEnter(folder: string): Promise<boolean> {
  for (let path = resolve(folder); ; path = dirname(path)) {
    const mode = await stat(path).then(
      (found) => found.mode,
      () => null,
    );
    if (mode !== null && (mode & 0o001) === 0) return false;
    if (path === dirname(path)) return true;
  }
}
