import { randomBytes } from 'node:crypto';

import { type Db, openDatabase, openPool } from '../../src/store/database.ts';
import type { TestDatabase } from './database.ts';
import { run } from './server-database.ts';

/** Somebody who logs in as a reader, or an operator, of some organisations. */
export interface Reader {
  readonly db: Db;
  readonly url: string;
  readonly name: string;
  /** Ends the session and drops the login. */
  close(): Promise<void>;
}

/** A login of its own with that role and access to these organisations only. */
export async function openReader(
  { url }: TestDatabase,
  orgs: readonly string[],
  role: 'revsync_reader' | 'revsync_operator' = 'revsync_reader',
): Promise<Reader> {
  const name = `reader_${randomBytes(6).toString('hex')}`;
  const password = randomBytes(12).toString('hex');
  await run(url, `create role ${name} login password '${password}' in role ${role}`);
  for (const org of orgs) {
    await run(url, 'insert into control.access (role_name, org) values ($1, $2)', [name, org]);
  }
  const login = new URL(url);
  login.username = name;
  login.password = password;
  const db = openDatabase(openPool(login.href));
  return {
    db,
    url: login.href,
    name,
    async close() {
      await db.destroy();
      await run(url, `drop role ${name}`);
    },
  };
}
