import type { FaultRequest } from './scene.ts';

/** Faults of a call that pass: Billing says of them that the call may be made again, or says nothing. */
export const PASSING: readonly (readonly [what: string, fault: FaultRequest])[] = [
  ['429, too many at once', { kind: '429', retryAfter: 0 }],
  ['429, too many a minute', { kind: '429', limit: 'rate', retryAfter: 0 }],
  ['a temporary error', { kind: '500' }],
  ['50 jobs open already (90028)', { kind: 'busy' }],
  ['a lock, at HTTP 200', { kind: 'lock' }],
  ['an errorCode, at HTTP 200', { kind: 'error-code' }],
  ['an error in XML', { kind: 'xml-error' }],
  ['the page of a gateway', { kind: 'html' }],
  ['a reset before the reply', { kind: 'reset' }],
  ['a reset in the middle of the reply', { kind: 'reset-body' }],
  ['a token that ends there', { kind: 'token' }],
];

export const at = (calls: readonly string[], fault: FaultRequest): FaultRequest[] =>
  calls.map((match) => ({ ...fault, match }));
