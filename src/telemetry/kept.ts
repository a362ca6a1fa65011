/** A look that has not answered by then never will, in milliseconds: the next who asks looks again. */
const LOST = 30_000;

export interface Keeping {
  /** For how long, in milliseconds, an answer that is too old is given while a newer one is looked for; 0: never. */
  readonly meanwhile?: number;
  readonly now?: () => number;
}

/**
 * Lets many ask and one look: an answer is kept for `milliseconds` from when it came, and who asks meanwhile shares
 * it. A failure is not kept, and a look that never ends keeps nobody from looking again.
 */
export function kept<Answer>(
  milliseconds: number,
  look: () => Promise<Answer>,
  { meanwhile = 0, now = Date.now }: Keeping = {},
): () => Promise<Answer> {
  let last: { readonly came: number; readonly answer: Answer } | undefined;
  let asking: { readonly asked: number; readonly answer: Promise<Answer> } | undefined;

  const ask = (): Promise<Answer> => {
    const mine = { asked: now(), answer: look() };
    asking = mine;
    // A lost one that comes after all says nothing new.
    const isLast = (): boolean => asking === mine;
    mine.answer.then(
      (answer) => {
        if (!isLast()) return;
        last = { came: now(), answer };
        asking = undefined;
      },
      () => {
        if (isLast()) asking = undefined;
      },
    );
    return mine.answer;
  };

  return () => {
    const age = last === undefined ? Infinity : now() - last.came;
    if (last !== undefined && age < milliseconds) return Promise.resolve(last.answer);
    const busy = asking !== undefined && now() - asking.asked < LOST;
    const answer = busy && asking !== undefined ? asking.answer : ask();
    return last !== undefined && age < meanwhile ? Promise.resolve(last.answer) : answer;
  };
}

/** The answer, or a rejection after so many milliseconds; who asked goes on, whatever becomes of the work. */
export async function within<Answer>(milliseconds: number, work: Promise<Answer>): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${milliseconds} ms`)), milliseconds);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
