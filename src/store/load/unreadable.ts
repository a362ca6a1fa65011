import { RevsyncError } from '../../domain/errors.ts';

/** A file with other columns than it was asked for. `why` goes on from "The file of <object>". */
export function unreadableFile(object: string, why: string): RevsyncError {
  return new RevsyncError(`The file of ${object} ${why}.`, {
    code: 'BILLING_FILE_UNREADABLE',
    fate: 'fix-input',
    remedy: 'Billing answered with other columns than it was asked for; nothing of the file was kept.',
    context: { object },
  });
}
