import { RevsyncError } from '../domain/errors.ts';
import type { Configuration } from './configuration.ts';
import { loginOf } from './database.ts';

/** What is said to who may not. */
interface Refusal {
  /** Why it takes such a login, as a sentence. */
  readonly why?: string;
  /** What an operator can do instead. */
  readonly operators?: string;
}

/**
 * For what starts workflows, now or later, records what Billing says, or shows what Temporal keeps of everybody. Looked at
 * before anything is started; an embedded database is the user's own.
 *
 * @throws RevsyncError `DATABASE_ROLE_INSUFFICIENT`
 */
export async function requireWorkerLogin(
  { DATABASE_URL: url }: Configuration,
  { why, operators }: Refusal = {},
): Promise<void> {
  if (url === undefined) return;
  const { user, role } = await loginOf(url);
  if (role !== 'operator' && role !== 'reader') return;
  const reason = why === undefined ? '' : `${why} `;
  throw new RevsyncError(
    `${reason}This takes a database login of revsync_worker; ${user} is one of revsync_${role}.`,
    {
      code: 'DATABASE_ROLE_INSUFFICIENT',
      fate: 'fix-input',
      remedy:
        role === 'operator' && operators !== undefined
          ? `Use such a login; ${operators}.`
          : 'Use such a login.',
    },
  );
}
