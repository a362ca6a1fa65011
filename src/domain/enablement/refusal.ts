import type { Verdict } from './step.ts';

/** Why an answer is not taken, and a value that would do. */
export type Refusal = Omit<Extract<Verdict, { taken: false }>, 'taken'>;
