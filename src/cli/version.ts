import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The version of this program, wherever it was built to. */
export async function version(): Promise<string> {
  for (const up of ['../..', '../../..']) {
    try {
      const text = await readFile(join(import.meta.dirname, up, 'package.json'), 'utf8');
      return (JSON.parse(text) as { version: string }).version;
    } catch {
      continue;
    }
  }
  return 'unknown';
}
