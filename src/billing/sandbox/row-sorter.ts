import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs';

/** A line of a file with what it is sorted by. */
type Keyed<Key> = readonly [key: Key, line: string];

export interface RowSorter<Key> {
  /** The key goes through JSON and back. */
  add(key: Key, line: string): void;
  /** All lines in order, those of equal keys as they came; can be read once. */
  sorted(): Generator<string>;
}

const CHUNK = 64 * 1024;

/**
 * Puts lines in order and holds at most `most` of them: what is more goes to files beside `path`, each
 * sorted, which are merged at the end and removed.
 */
export function sortRows<Key = string | null>(
  path: string,
  compare: (one: Key, other: Key) => number,
  most = 20_000,
): RowSorter<Key> {
  const byKey = (one: Keyed<Key>, other: Keyed<Key>): number => compare(one[0], other[0]);
  const runs: string[] = [];
  let held: Keyed<Key>[] = [];

  const spill = (): void => {
    const run = `${path}.run${runs.length}`;
    runs.push(run);
    writeRun(run, held.toSorted(byKey));
    held = [];
  };
  return {
    add(key, line) {
      held.push([key, line]);
      if (held.length >= most) spill();
    },
    *sorted() {
      const last = held.toSorted(byKey);
      const files = runs.splice(0);
      held = [];
      try {
        for (const [, line] of merged([...files.map((file) => readRun<Key>(file)), last.values()], byKey))
          yield line;
      } finally {
        for (const file of files) rmSync(file, { force: true });
      }
    },
  };
}

/** The earlier of the sources wins between equal keys, so that the order is stable. */
function* merged<Key>(
  sources: readonly Iterator<Keyed<Key>>[],
  byKey: (one: Keyed<Key>, other: Keyed<Key>) => number,
): Generator<Keyed<Key>> {
  const heads = sources.flatMap((source) => headOf(source));
  while (heads.length > 0) {
    let first = 0;
    for (const [index, head] of heads.entries()) {
      const best = heads[first];
      if (best !== undefined && byKey(head.keyed, best.keyed) < 0) first = index;
    }
    const head = heads[first];
    if (head === undefined) return;
    yield head.keyed;
    heads.splice(first, 1, ...headOf(head.source));
  }
}

function headOf<Key>(source: Iterator<Keyed<Key>>): { keyed: Keyed<Key>; source: Iterator<Keyed<Key>> }[] {
  const next = source.next();
  return next.done === true ? [] : [{ keyed: next.value, source }];
}

/** One line of JSON for each: lines of CSV may contain line breaks. */
function writeRun<Key>(path: string, lines: readonly Keyed<Key>[]): void {
  const file = openSync(path, 'wx', 0o600);
  try {
    for (let at = 0; at < lines.length; at += 1000) {
      const text = lines.slice(at, at + 1000).map((line) => `${JSON.stringify(line)}\n`);
      let bytes = Buffer.from(text.join(''), 'utf8');
      while (bytes.length > 0) bytes = bytes.subarray(writeSync(file, bytes));
    }
  } finally {
    closeSync(file);
  }
}

function* readRun<Key>(path: string): Generator<Keyed<Key>> {
  const file = openSync(path, 'r');
  try {
    const chunk = Buffer.alloc(CHUNK);
    let rest: Buffer = Buffer.alloc(0);
    for (let size = readSync(file, chunk); size > 0; size = readSync(file, chunk)) {
      const bytes = Buffer.concat([rest, chunk.subarray(0, size)]);
      let from = 0;
      for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10, from)) {
        yield JSON.parse(bytes.toString('utf8', from, end)) as Keyed<Key>;
        from = end + 1;
      }
      rest = bytes.subarray(from);
    }
  } finally {
    closeSync(file);
  }
}
