import { shortText } from '../short-text.ts';

const LONGEST_NAME = 60;

/** A name that came from elsewhere, short and on one line. */
export const shortName = (name: string): string => shortText(name.replace(/\s+/g, ' ').trim(), LONGEST_NAME);

/** Names as a sentence lists them; what is too many is counted. */
export function listedNames(names: readonly string[], most = 5): string {
  const shown = names.slice(0, most);
  const more = names.length - shown.length;
  if (more > 0) return `${shown.join(', ')} and ${more} more`;
  return shown.length < 2 ? shown.join() : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1) ?? ''}`;
}
