import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { type Kysely, type Migration, type MigrationProvider, Migrator, sql } from 'kysely';

const MIGRATIONS = join(import.meta.dirname, 'migrations');

/** Feeds numbered `.sql` files to Kysely's Migrator. Forward only, by design. */
class SqlFileProvider implements MigrationProvider {
  async getMigrations(): Promise<Record<string, Migration>> {
    const files = (await readdir(MIGRATIONS)).filter((file) => file.endsWith('.sql'));
    const migrations = await Promise.all(
      files.map(async (file): Promise<[string, Migration]> => {
        const text = await readFile(join(MIGRATIONS, file), 'utf8');
        return [file, { up: async (db) => void (await sql.raw(text).execute(db)) }];
      }),
    );
    return Object.fromEntries(migrations);
  }
}

/** Brings the database to the newest schema; answers the names of the migrations it applied. */
export async function migrateToLatest<Schema>(db: Kysely<Schema>): Promise<string[]> {
  const migrator = new Migrator({ db, provider: new SqlFileProvider() });
  const { error, results = [] } = await migrator.migrateToLatest();
  if (error) throw error;
  return results.map((result) => result.migrationName);
}
