import { z } from 'zod';

import type { AwaitingView } from '../../domain/enablement/view.ts';
import {
  type PreparedAnswer,
  readAnswers,
  type PreparedAnswers,
} from '../../domain/enablement/answers-file.ts';
import { RevsyncError } from '../../domain/errors.ts';

/** What the demo answers of its own; to all else it takes what the step proposes. */
const DEMO_ANSWERS = {
  by: 'demo',
  answers: {
    1: { contact: 'demo@example.com', revenueVersion: '37.007.00.00', resolved: true },
    7: { skip: true, reason: 'The sandbox has no single sign-on.' },
    8: { schedule: 'off' },
    10: { mode: 'manual' },
    11: { mode: 'manual' },
  },
};

export function demoAnswers(): PreparedAnswers {
  const read = readAnswers(DEMO_ANSWERS);
  if ('prepared' in read) return read.prepared;
  const [mistake] = read.mistakes;
  throw new RevsyncError(`The demo's own answers do not fit: ${mistake?.path}: ${mistake?.message}`, {
    code: 'INVARIANT_BROKEN',
    fate: 'bug',
    remedy: 'Report this.',
  });
}

const Value = z.record(z.string(), z.json());

/** What the step itself proposes. */
export function proposedAnswer({ example }: AwaitingView): PreparedAnswer | undefined {
  const proposed = Value.safeParse(example.data['value']);
  return proposed.success ? { kind: 'answer', value: proposed.data } : undefined;
}
