import { setImmediate as breathe } from 'node:timers/promises';

import { type Rows } from './tenant.ts';

const SLICE = 12;
const ROWS_BETWEEN_LOOKS = 64;

/** Visits every item and lets the server answer others in between. `goOn` false ends it early. */
export async function eachRow<Item>(
  rows: Rows<Item>,
  visit: (item: Item) => void,
  goOn: () => boolean = () => true,
): Promise<void> {
  let since = performance.now();
  let count = 0;
  const pause = async (): Promise<void> => {
    await breathe();
    since = performance.now();
  };
  if (Symbol.iterator in rows) {
    for (const item of rows) {
      visit(item);
      count += 1;
      if (count % ROWS_BETWEEN_LOOKS !== 0 || performance.now() - since < SLICE) continue;
      if (!goOn()) return;
      await pause();
    }
    return;
  }
  for await (const item of rows) {
    visit(item);
    if (!goOn()) return;
  }
}
