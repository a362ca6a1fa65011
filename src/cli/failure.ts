import { RevsyncError, reasonOf } from '../domain/errors.ts';

/** What a command's failure looks like to a person and to a program. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
  /** 2: something has to be corrected first. 1: started, and did not reach its goal. */
  readonly exit: 1 | 2;
}

/** Every failure in one clear sentence and what to do; never a stack trace. */
export function failureOf(error: unknown): Failure {
  if (error instanceof RevsyncError) {
    const { code, message, remedy, fate } = error;
    return { code, message, remedy, exit: fate === 'fix-input' ? 2 : 1 };
  }
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code === 'string' && code.startsWith('commander.')) {
    const message = reasonOf(error).replace(/^error: /, '');
    return { code: 'USAGE', message, remedy: 'See `revsync --help`, or `--help` of the command.', exit: 2 };
  }
  if (code === 'ECONNREFUSED' || code === '28P01' || code === '3D000' || code === '28000') {
    return {
      code: 'DATABASE_UNUSABLE',
      message: `The database cannot be used: ${reasonOf(error) || code}.`,
      remedy: 'Check DATABASE_URL: host, port, database, user and password.',
      exit: code === 'ECONNREFUSED' ? 1 : 2,
    };
  }
  if (code === '42501') {
    return {
      code: 'DATABASE_PERMISSION_DENIED',
      message: `The database login may not do that: ${reasonOf(error)}.`,
      remedy:
        'A reader looks; an operator also changes periods and decides on held lines, of his organisations; anything else takes a login of revsync_worker.',
      exit: 2,
    };
  }
  return {
    code: 'UNEXPECTED',
    message: `Something unexpected happened: ${reasonOf(error)}`,
    remedy: 'Run again with REVSYNC_LOG_LEVEL=debug and report what it says.',
    exit: 1,
  };
}
