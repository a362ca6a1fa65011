import type { Json, JsonObject } from './step.ts';

/** An answer as the value of a message: what is not set is left out. */
export const valueOf = (answer: Readonly<Record<string, Json | undefined>>): JsonObject =>
  Object.fromEntries(
    Object.entries(answer).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
