import { describe, expect, test } from 'vitest';

import type { LineFacts } from '../../../src/domain/explanation/line-facts.ts';
import { waysOn } from '../../../src/domain/explanation/ways-on.ts';

type Held = LineFacts['holds'][number];
const hold = (limitation: string, kind = 'limitation', overridable = false): Held => ({
  type: 'SO',
  limitation,
  kind,
  overridable,
  message: 'm',
  remedy: `end ${limitation}`,
});
const line = (holds: readonly Held[], change: Partial<LineFacts> = {}): LineFacts => ({
  id: 'SO:a.1@1',
  type: 'SO',
  status: 'stopped',
  billingsWait: true,
  org: 'default',
  dated: null,
  holds,
  period: null,
  collected: null,
  standing: null,
  others: [],
  decided: null,
  ...change,
});
const decisions = (facts: LineFacts) =>
  waysOn(facts).flatMap(({ command }) => command?.replace(/.*(--as \S+|reject).*/, '$1') ?? []);

describe('waysOn', () => {
  test('are none for what nothing holds', () => {
    expect(waysOn(line([], { status: 'ready' }))).toEqual([]);
  });

  test('are the remedy of each hold, then what a person may decide', () => {
    expect(waysOn(line([hold('same-version-recollection')]))).toEqual([
      { by: 'itself', text: 'end same-version-recollection', command: null },
      {
        by: 'a person',
        text: 'Release it as correction.',
        command: 'revsync hold release --line SO:a.1@1 --as correction --reason "..."',
      },
      {
        by: 'a person',
        text: 'Release it as amendment.',
        command: 'revsync hold release --line SO:a.1@1 --as amendment --reason "..."',
      },
      {
        by: 'a person',
        text: 'Reject it: it is never collected then.',
        command: 'revsync hold reject --line SO:a.1@1 --reason "..."',
      },
    ]);
  });

  test('offer only what every hold allows', () => {
    const broken = hold('booking-sign-flipped', 'validation', true);
    expect(decisions(line([hold('same-version-recollection'), broken]))).toEqual([
      '--as correction',
      'reject',
    ]);
    expect(decisions(line([hold('prepayment-charge'), broken]))).toEqual(['reject']);
    expect(decisions(line([hold('missing-ordered-qty', 'withheld'), broken]))).toEqual([]);
  });

  test('of what was rejected are the ways back', () => {
    expect(decisions(line([], { status: 'rejected' }))).toEqual(['--as correction', '--as new-contract']);
  });

  test('name what holds the line before it, only where it waits for that line', () => {
    const others = [
      { id: 'SO:b.1@1', status: 'stopped', holds: [{ limitation: 'x', message: 'm', remedy: 'end x.' }] },
    ];
    const waits = { ...hold('waits-for-booking', 'waiting'), type: 'INV' };
    expect(waysOn(line([waits], { type: 'INV', others })).map(({ text }) => text)).toContain(
      'SO:b.1@1 is held by x: end x.',
    );
    expect(waysOn(line([hold('prepayment-charge')], { others })).map(({ text }) => text)).not.toContain(
      'SO:b.1@1 is held by x: end x.',
    );
  });
});
