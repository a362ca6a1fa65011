import { describe, expect, test } from 'vitest';

import { deskDetails, escape } from '../../../src/domain/operator/details.ts';
import type { DeskState } from '../../../src/domain/operator/steps.ts';

const STATE: DeskState = {
  workflow: 'revenueSync',
  subject: 'Revenue Sync demo',
  status: 'running',
  steps: [
    { step: 'open', title: 'Open the run', status: 'done', note: 'the beginning to 2024-05-01' },
    { step: 'extract', title: 'Extract', status: 'running', note: '' },
  ],
  awaiting: null,
  refused: [],
};
const waiting = (changed: Partial<NonNullable<DeskState['awaiting']>> = {}): DeskState => ({
  ...STATE,
  status: 'waiting',
  awaiting: {
    step: 'extract',
    message: 'Billing refused the credentials.',
    remedy: 'Give new ones, then send retry.',
    example: { update: 'retry', data: {} },
    skip: null,
    ...changed,
  },
});

describe('deskDetails', () => {
  test('is a line of state and a table of steps while nothing is awaited', () => {
    const details = deskDetails(STATE);
    expect(details.split('\n')[0]).toBe('**Revenue Sync demo**: running');
    expect(details).toContain('| Open the run | done | the beginning to 2024\\-05\\-01 |');
    expect(details).toContain('| Extract | running |  |');
  });

  test('begins with what is awaited, the button and the JSON to paste', () => {
    const details = deskDetails(waiting());
    expect(details.split('\n')[0]).toBe('**Waiting for you at extract.** Billing refused the credentials.');
    expect(details.indexOf('*Send an Update*')).toBeLessThan(details.indexOf('| Step |'));
    expect(details).toContain('`retry` with `{}`');
    expect(details).toContain('`abort` with `{"reason": "..."}`');
  });

  test('shows the last three refused messages', () => {
    const details = deskDetails({ ...STATE, refused: ['one', 'two', 'three', 'four'] });
    expect(details).not.toContain('refused: one');
    expect(details).toContain('- refused: two\n- refused: three\n- refused: four');
  });

  test('is at most about two kilobytes, however long the texts are: the page cuts the end', () => {
    const long = 'x'.repeat(5_000);
    const steps = Array.from({ length: 5 }, (_, index) => ({
      step: `s${index}`,
      title: `Step ${index}`,
      status: 'done' as const,
      note: long,
    }));
    const state = { ...waiting({ message: long, remedy: long }), steps, refused: [long, long, long, long] };
    expect(deskDetails(state).length).toBeLessThan(2_500);
  });

  test('keeps a row in one row, whatever the note holds', () => {
    const note = 'a | b\n| c | d |\r\n\r\n# heading';
    const rows = deskDetails({ ...STATE, steps: [{ step: 's', title: 'S', status: 'done', note }] })
      .split('\n')
      .filter((line) => line.startsWith('| S '));
    expect(rows).toHaveLength(1);
    expect(rows[0]?.match(/(?<!\\)\|/g)).toHaveLength(4);
  });
});

describe('escape', () => {
  test.each([
    ['markup of a page', '<script>alert(1)</script>', '&lt;script&gt;alert\\(1\\)&lt;/script&gt;'],
    ['an entity', '&lt;', '&amp;lt;'],
    ['code', '`rm`', '\\`rm\\`'],
    ['emphasis', '*a* _b_ ~~c~~', '\\*a\\* \\_b\\_ \\~\\~c\\~\\~'],
    ['a link', '[x](https://evil.example)', '\\[x\\]\\(https://evil.example\\)'],
    ['a cell', 'a|b', 'a\\|b'],
    ['a list', '- a', '\\- a'],
    ['a heading', '# a', '\\# a'],
    ['what the page replaces', '{workflowId}', '\\{workflowId\\}'],
    ['lines', ' a\n\tb\r\n ', 'a b'],
    ['a backslash', '\\|', '\\\\\\|'],
  ])('takes the meaning from %s', (_what, text, escaped) => {
    expect(escape(text)).toBe(escaped);
  });

  test('cuts long text and says so', () => {
    expect(escape('x'.repeat(160))).toBe('x'.repeat(160));
    expect(escape('x'.repeat(161))).toBe(`${'x'.repeat(159)}…`);
  });
});
