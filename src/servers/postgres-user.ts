import { reasonOf, RevsyncError } from '../domain/errors.ts';
import { isRoot } from './enterable.ts';
import { findOnPath, runProgram } from './run-program.ts';

/** Whom PostgreSQL runs as; null stands for the user that runs revsync. */
export type PostgresUser = { readonly uid: number; readonly gid: number } | null;

const NAME = 'postgres';
const PATH = `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`;
const RUN = { env: { PATH }, timeLimit: 30_000 };

/** PostgreSQL refuses to run as root: then it runs as the user `postgres`, who is made when there is none. */
export async function postgresUser(): Promise<PostgresUser> {
  if (!isRoot()) return null;
  const there = await lookUp();
  if (there !== null) return there;
  const problem = await makeUser();
  const made = await lookUp();
  if (made !== null) return made;
  throw new RevsyncError(
    `PostgreSQL does not run as root, and the user ${NAME} could not be made: ${problem}.`,
    {
      code: 'POSTGRES_USER_MISSING',
      fate: 'fix-input',
      remedy: `Make a user named ${NAME}, run revsync as a user other than root, or set DATABASE_URL.`,
    },
  );
}

async function lookUp(): Promise<PostgresUser> {
  const [uid, gid] = await Promise.all([
    runProgram('id', ['-u', NAME], RUN),
    runProgram('id', ['-g', NAME], RUN),
  ]);
  return uid.ok && gid.ok ? { uid: Number(uid.output), gid: Number(gid.output) } : null;
}

/** `useradd` nearly everywhere, BusyBox's `adduser` on Alpine. */
async function makeUser(): Promise<string> {
  try {
    const useradd = await findOnPath('useradd', RUN.env);
    const made = useradd
      ? await runProgram(useradd, ['--system', '--user-group', '--no-create-home', NAME], RUN)
      : await runProgram('adduser', ['-S', '-D', '-H', NAME], RUN);
    return made.reason;
  } catch (error) {
    return reasonOf(error);
  }
}
