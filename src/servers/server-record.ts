import { randomUUID } from 'node:crypto';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { z } from 'zod';

import { Identity } from './owned-process.ts';
import { isRunning } from './process-identity.ts';
import type { StateFolder } from './state-folder.ts';

const ServerRecord = z.object({
  /** Who started the servers and will stop them. */
  owner: Identity,
  role: z.enum(['up', 'command']),
  /** Set once everything of an `up` is ready: others may use it from then on. */
  published: z.boolean(),
  since: z.string(),
  /** URL with password: the file is readable for its owner alone. */
  database: z.string().nullable(),
  temporal: z.object({ address: z.string(), namespace: z.string(), ui: z.string().nullable() }).nullable(),
  processes: z.array(Identity.extend({ kind: z.string() })),
  /** Whatever the owner wants others to know, for example the sandbox's address. */
  extra: z.record(z.string(), z.unknown()),
});

/** What runs in a state folder, kept in its servers.json. */
export type ServerRecord = z.infer<typeof ServerRecord>;

const fileIn = (state: StateFolder): string => join(state.dir, 'servers.json');

/** Null when there is none, or when what is there cannot be read. */
export async function readServerRecord(state: StateFolder): Promise<ServerRecord | null> {
  try {
    return ServerRecord.parse(JSON.parse(await readFile(fileIn(state), 'utf8')));
  } catch {
    return null;
  }
}

/** Replaces the record as a whole; a reader sees the old one or the new one. */
export function writeServerRecord(state: StateFolder, record: ServerRecord): void {
  const written = `${fileIn(state)}.${randomUUID()}`;
  writeFileSync(written, JSON.stringify(record, null, 2), { mode: 0o600 });
  renameSync(written, fileIn(state));
}

export function removeServerRecord(state: StateFolder): void {
  rmSync(fileIn(state), { force: true });
}

/** The record of an `up` that is ready and whose process lives; null when there is none. */
export async function findRunning(state: StateFolder): Promise<ServerRecord | null> {
  const record = await readServerRecord(state);
  return record?.role === 'up' && record.published && isRunning(record.owner) ? record : null;
}
