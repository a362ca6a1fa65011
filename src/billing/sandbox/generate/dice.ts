import { hash } from 'node:crypto';

/** Chance that is the same every time for the same seed. */
export interface Dice {
  /** A whole number from 0 to below `limit`. */
  below(limit: number): number;
  /** True in that many cases of a hundred. */
  chance(percent: number): boolean;
  pick<Item>(list: readonly [Item, ...Item[]]): Item;
}

/** Dice of a seed: the generator "mulberry32", small, fast and good enough for test data. */
export function diceOf(...seed: readonly (string | number)[]): Dice {
  let state = Number.parseInt(hash('md5', seed.join('|')).slice(0, 8), 16);
  const fraction = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (limit: number): number => Math.floor(fraction() * limit);
  return {
    below,
    chance: (percent) => below(100) < percent,
    pick: (list) => list[below(list.length)] ?? list[0],
  };
}

export type IdOf = (object: string, ...key: readonly (string | number)[]) => string;

/** Billing ids: 32 hex digits that follow from seed, object and key. */
export function idsOf(...seed: readonly (string | number)[]): IdOf {
  const prefix = `${seed.join('|')}|`;
  return (object, ...key) => hash('md5', `${prefix}${object}|${key.join('.')}`);
}

/** The same ids, each worked out once: for as long as one account is in hand. */
export function remembered(idOf: IdOf): IdOf {
  const known = new Map<string, string>();
  return (object, ...key) => {
    const name = `${object}|${key.join('.')}`;
    let id = known.get(name);
    if (id === undefined) known.set(name, (id = idOf(object, ...key)));
    return id;
  };
}
