import { describe, expect, test } from 'vitest';

import type { LineFacts } from '../../../src/domain/explanation/line-facts.ts';
import { standingOf } from '../../../src/domain/explanation/standing.ts';

const READY: LineFacts = {
  id: 'SO:a.1@1',
  type: 'SO',
  status: 'ready',
  org: 'emea',
  billingsWait: true,
  dated: '2024-02-10',
  holds: [],
  period: { period: '2024-02', status: 'open' },
  collected: null,
  standing: null,
  others: [],
  decided: null,
};
const AS = { contract: 'RC-1', collection: '7', at: '2024-03-01T10:00:00Z' };

describe('standingOf', () => {
  test.each<[what: string, change: Partial<LineFacts>, says: string]>([
    ['a ready line', {}, 'The next Data Collection of emea takes it'],
    ['one dated in the open month', { dated: '2024-02-29' }, 'takes it'],
    ['one dated later', { dated: '2024-03-01' }, 'dated 2024-03-01, after the open period 2024-02'],
    ['one without a date', { dated: null }, 'takes it'],
    ['a ready line without a period', { period: null }, 'once emea has an open accounting period'],
    [
      'a ready line while the period is closed',
      { period: { period: '2024-02', status: 'pending-close' } },
      'The period 2024-02 of emea is being closed',
    ],
    ['a held line', { status: 'held' }, 'cannot be formed completely'],
    ['a waiting line', { status: 'waiting' }, 'is complete and waits'],
    [
      'a stopped booking',
      { status: 'stopped' },
      'A rule stopped the line. It is not collected, and what was billed for it waits.',
    ],
    [
      'a stopped booking whose billings flow',
      { status: 'stopped', billingsWait: false },
      'A rule stopped the line. It is not collected, but what is billed for it goes on.',
    ],
    [
      'a stopped billing',
      { type: 'INV', status: 'stopped' },
      'A rule stopped the line. It is not collected.',
    ],
    [
      'a collected booking',
      { status: 'collected', collected: AS, standing: 'SO:a.1@1' },
      'into contract RC-1 on 2024-03-01 (collection 7). The booking stands at it.',
    ],
    [
      'one that another replaced',
      { status: 'collected', collected: AS, standing: 'SO:a.1@2' },
      'A newer form or version stands in its place: SO:a.1@2.',
    ],
    [
      'a collected billing',
      { type: 'INV', status: 'collected', collected: { ...AS, at: null }, standing: 'SO:a.1@2' },
      'into contract RC-1 (collection 7).',
    ],
    ['a superseded line', { status: 'superseded', standing: 'SO:a.1@3' }, 'SO:a.1@3 took its place'],
    [
      'one superseded by what is not collected itself',
      { status: 'superseded', others: [{ id: 'SO:a.1@2', status: 'ready', holds: [] }] },
      'SO:a.1@2 took its place',
    ],
    ['one superseded by nothing', { status: 'superseded' }, 'It was superseded before it was collected'],
    ['a rejected line', { status: 'rejected' }, 'A person said'],
    [
      'one whose decision is known',
      {
        status: 'rejected',
        decided: { as: 'rejected', by: 'ann', at: '2024-03-02T00:00:00Z', reason: 'Double.' },
      },
      'ann said on 2024-03-02 that the line shall not be collected: Double.',
    ],
  ])('of %s', (_what, change, says) => {
    expect(standingOf({ ...READY, ...change })).toContain(says);
  });
});
