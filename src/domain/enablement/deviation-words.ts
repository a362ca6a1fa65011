import { shortText } from '../short-text.ts';
import type { Deviation } from './deviations.ts';
import { listedNames, shortName } from './listed-names.ts';

const LEAST_ROOM = 40;

/** `days-in-month (...), proration-unit (...)` in at most so many characters; where these are too few, only the ids. */
export function briefly(deviations: readonly Deviation[], room: number): string {
  const ids = deviations.map(({ id }) => id);
  const each = Math.floor(room / Math.max(1, ids.length)) - 5;
  const words = deviations.map(({ id, consequence }) => {
    const left = each - id.length;
    return left < LEAST_ROOM ? id : `${id} (${shortText(consequence.replace(/\.$/, ''), left)})`;
  });
  const all = words.join(', ');
  return all.length <= room ? all : listedNames(ids, 8);
}

/** What it is, where, and what follows, for whoever has to decide. */
export const inFull = (deviation: Deviation): string =>
  `${deviation.id}: ${saidIn(deviation)}. Wanted: ${deviation.required}, at ${deviation.where}. ${deviation.consequence}`;

/** What the settings say, and in which entities: `Assume30Days in DE, not told in US`. */
export function saidIn({ kind, settings }: Pick<Deviation, 'kind' | 'settings'>): string {
  const said = settings.map(({ entity, rule, value }) => {
    const text = value === null ? 'not told' : shortName(value);
    return { entity, text: kind === 'limitation' ? `${rule} is ${text}` : text };
  });
  return [...new Set(said.map(({ text }) => text))]
    .map(
      (text) =>
        `${text} in ${listedNames(said.filter((each) => each.text === text).map(({ entity }) => entity))}`,
    )
    .join(', ');
}

/** As many of the texts, from the first on, as there is room for; the others are counted. */
export function fitting(
  texts: readonly string[],
  room: number,
  elsewhere: string,
  between: ' ' | '\n' = ' ',
): string {
  const taken: string[] = [];
  let left = room - elsewhere.length - 20;
  for (const text of texts) {
    if (text.length + 1 > left) break;
    taken.push(text);
    left -= text.length + 1;
  }
  const more = texts.length - taken.length;
  return [...taken, ...(more === 0 ? [] : [`And ${more} more: ${elsewhere}`])].join(between);
}
