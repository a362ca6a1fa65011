import { describe, expect, test } from 'vitest';

import { differencesText, progressText } from '../../../src/domain/settlement/texts.ts';

const difference = (object: string, currency: string | null = null) => ({
  object,
  currency,
  status: null,
  billing: { count: '2', amount: '7.5' },
  prestaging: { count: '0', amount: '0' },
});

describe('texts of the switch-over', () => {
  test('say how far it is, in numbers that can be read', () => {
    expect(progressText({ done: 7, total: 24, memos: '1234567' })).toBe('7 of 24 chunks, 1,234,567 memos');
    expect(progressText({ done: 1, total: 1, memos: '0' })).toBe('1 of 1 chunks, 0 memos');
    expect(progressText({ done: 0, total: 0, memos: '0' })).toBe('nothing to bring');
  });

  test('spell differences out, the first five of many', () => {
    expect(differencesText([difference('CreditMemo', 'EUR')])).toBe(
      'CreditMemo EUR: 2 over 7.5 in Billing, 0 over 0 here',
    );
    const many = differencesText(Array.from({ length: 8 }, (_, n) => difference(`Object${n}`)));
    expect(many).toContain('Object4');
    expect(many).toMatch(/; and 3 more$/);
  });
});
