import { databaseHealth } from '../../store/database-health.ts';
import { connectDatabase } from '../database.ts';
import { type Check, failed, failedBy, passed } from './check.ts';

const OLDEST = 16;

/** Whether PostgreSQL answers, is new enough, has the schema, and what the login may do there. */
export async function checkDatabase(url: string): Promise<Check[]> {
  const { db } = connectDatabase(url);
  try {
    const { user, major, version, pending, role } = await databaseHealth(db);
    const server =
      major >= OLDEST
        ? passed('postgresql', `PostgreSQL ${version}, connected as ${user}.`)
        : failed(
            'postgresql',
            `PostgreSQL ${version} is older than ${OLDEST}.`,
            `Upgrade the server to PostgreSQL ${OLDEST} or later.`,
          );
    const [next] = pending;
    if (next !== undefined) {
      const message = `${pending.length} migrations are missing, from ${next} on.`;
      return [
        server,
        failed('schema', message, 'Run `revsync migrate`; without DATABASE_URL, any command does.'),
      ];
    }
    return [server, passed('schema', 'The schema is up to date.'), checkRole(user, role)];
  } catch (error) {
    return [failedBy('postgresql', error)];
  } finally {
    await db.destroy();
  }
}

const MAY = {
  worker: 'may do everything revsync does',
  operator: 'sees its organisations, changes their periods and decides on their held lines',
  reader: 'sees its organisations',
} as const;

function checkRole(user: string, role: keyof typeof MAY | null): Check {
  if (role !== null) return passed('roles', `${user} ${MAY[role]} (revsync_${role}).`);
  return failed(
    'roles',
    `${user} belongs to none of revsync_worker, revsync_operator and revsync_reader, so it sees nothing.`,
    `Grant one of them: grant revsync_reader to "${user}", and say in control.access which organisations it sees.`,
  );
}
