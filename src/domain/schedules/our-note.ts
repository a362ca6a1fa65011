import { scheduleZone, SCHEDULES } from './definitions.ts';

const NAMES = 'sun|mon|tue|wed|thu|fri|sat|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec';
const CRON = new RegExp(
  `^(@[a-z]+( \\w+)?|([\\d*?/,#lw-]|${NAMES})+( ([\\d*?/,#lw-]|${NAMES})+){4,6})$`,
  'i',
);

/**
 * Whether revsync wrote the note of schedule `id`: the one that it was made with, as
 * `Revenue Sync of emea: 12 5 * * *, Europe/Berlin.`, or one that begins with revsync's own name. None may be replaced, too.
 */
export function isOurNote(id: string, note: string | undefined): boolean {
  if (note === undefined || note === '' || note.startsWith('revsync: ')) return true;
  const made = SCHEDULES.find(({ kind }) => id.startsWith(`${kind}/`));
  if (made === undefined) return false;
  const subject = `${made.title} of ${id.slice(made.kind.length + 1)}: `;
  const [, cron = '', zone = ''] = /^(.+), ([^,\s]+)\.$/.exec(note.slice(subject.length)) ?? [];
  return note.startsWith(subject) && CRON.test(cron) && isZone(zone);
}

const isZone = (zone: string): boolean => zone === 'UTC' || scheduleZone(zone) !== 'UTC';
