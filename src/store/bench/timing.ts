/** Seconds of one round, and what the transform took for one second of the hand-written statement. */
export interface Timing {
  readonly handWritten: number;
  readonly transform: number;
  readonly ratio: number;
}

/** The median of each figure by itself: the ratio is that of the rounds' own ratios, which the machine's moods move less. */
export function medians(timings: readonly Timing[]): Timing {
  const of = (figure: keyof Timing): number => median(timings.map((timing) => timing[figure]));
  return { handWritten: of('handWritten'), transform: of('transform'), ratio: of('ratio') };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const [low = 0, high = 0] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return (low + high) / 2;
}

/** Does something, and says what it took, in seconds. */
export async function timed<Result>(
  report: (line: string) => void,
  what: string,
  work: () => Promise<Result>,
): Promise<{ readonly seconds: number; readonly result: Result }> {
  const start = performance.now();
  const result = await work();
  const seconds = (performance.now() - start) / 1000;
  report(`${what}: ${seconds.toFixed(2)} s`);
  return { seconds, result };
}
