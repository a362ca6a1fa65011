import { type Billed, bill } from './bill.ts';
import { type Day } from './days.ts';
import { type Dice, type IdOf, diceOf, remembered } from './dice.ts';
import { type Invoice, invoicesOf, toMemo } from './invoices.ts';
import { type Correction, correctionsOf } from './corrections.ts';
import { type Setting, filler, fillerLimit, plainStory, plotStory } from './plots.ts';
import { type Story } from './story.ts';
import { TRIP_STORIES } from './trip-stories.ts';
import { type Trip, tripsOf } from './trips.ts';

/** What all accounts of an entity share. */
export interface Ground {
  readonly seed: number;
  readonly idOf: IdOf;
  /** Null without Multi-entity. */
  readonly entity: string | null;
  readonly home: string;
  readonly from: Day;
  readonly until: Day;
  readonly settlement: boolean;
  readonly trip: readonly Trip[];
  /** Nothing beside what `trip` asks for runs into a known limitation. */
  readonly plain: boolean;
}

export interface BilledStory extends Billed {
  readonly story: Story;
}

/** One customer with everything that hangs on it, as the rows are made from. */
export interface Account extends Ground {
  readonly index: number;
  readonly currency: string;
  readonly cycleDay: number;
  readonly createdOn: Day;
  /** The limitations that are shown here. */
  readonly shows: readonly Trip[];
  readonly stories: readonly BilledStory[];
  readonly invoices: readonly Invoice[];
  readonly corrections: readonly Correction[];
}

/** Makes the account of that index, with exactly `quota` invoice items. */
export function makeAccount(ground: Ground, index: number, currency: string, quota: number): Account {
  const { seed, from, until } = ground;
  const dice = diceOf(seed, 'account', index);
  const cycleDay = dice.chance(75) ? 1 : 15;
  const shows = tripsOf(ground.trip, index);
  const stories: BilledStory[] = [];
  let left = quota;

  const attempt = (write: (dice: Dice, setting: Setting) => Story, name: string): boolean => {
    const firstCharge = 1 + stories.reduce((count, { story }) => count + chargesOf(story), 0);
    const setting: Setting = { number: stories.length + 1, firstCharge, cycleDay, from, until, currency };
    const own = diceOf(seed, 'story', index, name);
    const story = write(own, setting);
    const billed = bill(story, until, own);
    const items = billed.items.filter((item) => !toMemo(ground, item)).length;
    if (items > left || (items === 0 && !story.pending)) return false;
    left -= items;
    stories.push({ story, ...billed });
    return true;
  };

  for (const trip of shows) {
    const write = TRIP_STORIES[trip];
    if (write !== undefined) attempt((own, setting) => write(setting, own, left), trip);
  }
  for (let tries = 0, refused = 0; left > 0; tries += 1) {
    const small = left <= 3 || refused >= 3;
    const write = small
      ? (own: Dice, setting: Setting): Story => filler(own, setting, Math.min(left, fillerLimit(setting)))
      : ground.plain
        ? plainStory
        : plotStory;
    if (!attempt(write, String(tries))) refused += 1;
  }

  const account = { ...ground, idOf: remembered(ground.idOf), index, currency, cycleDay, shows, stories };
  const ordered = stories.map(({ story }) => story.versions[0].enteredOn);
  const invoices = invoicesOf(account, dice);
  const createdOn = Math.max(from, Math.min(...ordered, until - 1) - dice.below(4));
  return { ...account, createdOn, invoices, corrections: correctionsOf(account, invoices, dice) };
}

function chargesOf(story: Story): number {
  return story.versions.at(-1)?.charges.length ?? 0;
}
