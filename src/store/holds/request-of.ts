import { createHash } from 'node:crypto';

import type { ReleasedAs } from '../../domain/releases.ts';
import type { Choice } from './chosen-lines.ts';

interface Asked extends Choice {
  readonly as: ReleasedAs | 'rejected';
  readonly reason: string;
  readonly by: string;
  /** Id of the message that asked for it: an attempt that is made again has the same. */
  readonly request: string;
}

/**
 * What a decision is kept under, so that its repetition is known: the message and all that it says. Ids of messages are
 * given by who sends them, and two that say different things are two decisions, whatever their ids.
 */
export function requestOf({ as, lines, filter = {}, reason, by, request }: Asked): string {
  const { hold, type, subscription, entity } = filter;
  const said = [
    as,
    lines ?? null,
    [hold, type, subscription, entity].map((each) => each ?? null),
    reason,
    by,
  ];
  return `${request}:${createHash('sha256').update(JSON.stringify(said)).digest('hex').slice(0, 32)}`;
}
