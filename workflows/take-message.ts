import { ApplicationFailure, defineSignal, defineUpdate, setHandler } from '@temporalio/workflow';
import type { z } from 'zod';

import { EXAMPLES, misfit } from '../src/domain/operator/messages.ts';

/** A message that people send to a workflow, as one JSON object. */
export interface Message<Data> {
  readonly name: keyof typeof EXAMPLES;
  readonly schema: z.ZodType<Data>;
  /** What it does; the page shows it beside the name. */
  readonly does: string;
  /** Why it cannot be taken now; null where it can. */
  readonly refusal?: (data: Data) => string | null;
  readonly take: (data: Data) => void;
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
  { name, schema, does, refusal = () => null, take }: Message<Data>,
  { answer, refuse }: Taking<View>,
): void {
  const data = (raw: unknown): Data => schema.parse(raw ?? {});
  const refusedFor = (raw: unknown): string | null => misfit(schema, name, raw) ?? refusal(data(raw));

  setHandler(
    defineUpdate<View, [unknown]>(name),
    (raw) => {
      take(data(raw));
      return answer();
    },
    {
      validator: (raw) => {
        const why = refusedFor(raw);
        if (why !== null) throw ApplicationFailure.nonRetryable(why, 'MESSAGE_REFUSED');
      },
      description: `${does} Data: ${EXAMPLES[name]}`,
    },
  );
  setHandler(defineSignal<[unknown]>(name), (raw) => {
    const why = refusedFor(raw);
    if (why === null) take(data(raw));
    else refuse(why);
  });
}
