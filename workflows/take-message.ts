import {
  ApplicationFailure,
  defineSignal,
  defineUpdate,
  isCancellation,
  setHandler,
} from '@temporalio/workflow';
import type { z } from 'zod';

import { neverKept } from '../src/domain/plain-text.ts';
import { EXAMPLES, misfit } from '../src/domain/operator/messages.ts';

/** A message that people send to a workflow, as one JSON object. */
export interface Message<Data> {
  readonly name: keyof typeof EXAMPLES;
  readonly schema: z.ZodType<Data>;
  /** What it does; the page shows it beside the name. */
  readonly does: string;
  /** The JSON that the page shows; the general one of the message where left out. */
  readonly example?: string;
  /** Why it cannot be taken now; null where it can. */
  readonly refusal?: (data: Data) => string | null;
  /** Where it takes time, an update is answered after it, and fails as it fails. */
  readonly take: (data: Data) => void | Promise<void>;
}

/** What becomes of every message. */
interface Taking<View> {
  /** The answer to an update. */
  readonly answer: () => View;
  /** Notes a refusal where nobody waits for an answer. */
  readonly refuse: (refusal: string) => void;
}

/**
 * Takes a message as an update, which is refused by its validator, and as a signal, which is noted when it is refused.
 * Neither ever throws otherwise: the page sends nothing at all for an empty box.
 */
export function takeMessage<View, Data>(
  { name, schema, does, example = EXAMPLES[name], refusal = () => null, take }: Message<Data>,
  { answer, refuse }: Taking<View>,
): void {
  const data = (raw: unknown): Data => schema.parse(raw ?? {});
  const refusedFor = (raw: unknown): string | null =>
    unkept(name, raw) ?? misfit(schema, name, raw, example) ?? refusal(data(raw));

  setHandler(
    defineUpdate<View, [unknown]>(name),
    (raw) => {
      const taken = take(data(raw));
      return taken === undefined ? answer() : taken.then(answer);
    },
    {
      validator: (raw) => {
        const why = refusedFor(raw);
        if (why !== null) throw messageRefused(why);
      },
      description: `${does} Data: ${example}`,
    },
  );
  setHandler(defineSignal<[unknown]>(name), (raw) => {
    const why = refusedFor(raw);
    if (why !== null) return refuse(why);
    return take(data(raw))?.catch((error: unknown) => {
      if (isCancellation(error)) return;
      refuse(error instanceof Error ? error.message : String(error));
    });
  });
}

/** Whatever is wrong with it else: a refusal that quoted such a text could not be kept. */
function unkept(name: string, raw: unknown): string | null {
  const character = neverKept(raw);
  return character === null
    ? null
    : `${name}: a text has ${character} in it, which no database keeps. Send it without.`;
}

/** What the dialog shows: the sentence alone, since where in our code it was refused helps nobody there. */
export function messageRefused(why: string): ApplicationFailure {
  const failure = ApplicationFailure.nonRetryable(why, 'MESSAGE_REFUSED');
  failure.stack = '';
  return failure;
}
