const MOST = 20;

/** As much of a list as evidence has room for, and how many are left out. */
export interface CutList<Item> {
  readonly shown: readonly Item[];
  /** Exact text; null: none. */
  readonly leftOut: string | null;
}

/** The first of a list, at most so many, that fit in so many characters of JSON. */
export function cutList<Item>(
  list: readonly Item[],
  { most = MOST, characters }: { readonly most?: number; readonly characters: number },
): CutList<Item> {
  let room = characters;
  const over = list.findIndex((item, at) => {
    room -= JSON.stringify(item).length + 1;
    return at >= most || room < 0;
  });
  if (over === -1) return { shown: list, leftOut: null };
  return { shown: list.slice(0, over), leftOut: String(list.length - over) };
}

/** A cut list as a part of evidence: under its name, and what is left out of it under `<name>LeftOut`. */
export const listed = <Item>(
  name: string,
  { shown, leftOut }: CutList<Item>,
): Record<string, readonly Item[] | string> => ({
  [name]: shown,
  ...(leftOut === null ? {} : { [`${name}LeftOut`]: leftOut }),
});
