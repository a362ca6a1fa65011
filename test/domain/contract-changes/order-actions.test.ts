import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { ORDER_ACTIONS } from '../../../src/domain/contract-changes/order-actions.ts';

const PAGE = readFileSync(join(import.meta.dirname, '../../../docs/contracts.md'), 'utf8');

/** The cells of the page's table of order actions, but for what Billing's users see of the segment. */
const written = PAGE.split('\n')
  .filter((line) => /^\| [A-Z]/.test(line) && line.split('|').length === 8)
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, action, , soLine, category, skipCtMod, cause]) => [action, soLine, category, skipCtMod, cause]);

const CATEGORIES = {
  'new-pob': 'new POB',
  'price-or-quantity': 'price or quantity',
  contraction: 'contraction',
  term: 'term',
  extension: 'extension',
} as const;

describe('the table of order actions', () => {
  test('has one row for each effect on a segment', () => {
    const effects = ORDER_ACTIONS.map(({ effect }) => effect);
    expect(new Set(effects).size).toBe(effects.length);
  });

  test('makes a new SO line of a segment of its own, and updates the one it has otherwise', () => {
    const own = new Set(['subscribed', 'first', 'renewed', 'next', 'resumed', 'standalone']);
    for (const { effect, soAction } of ORDER_ACTIONS)
      expect(`${effect} ${soAction}`).toBe(`${effect} ${own.has(effect) ? 'new-so' : 'update-so'}`);
  });

  test('recasts only what a change of price or quantity cut short', () => {
    expect(ORDER_ACTIONS.filter(({ skipCtMod }) => skipCtMod).map(({ effect }) => effect)).toEqual([
      'cut-short',
    ]);
  });

  test('stands in docs/contracts.md as it is, with owner transfers, which change no segment', () => {
    const rows = ORDER_ACTIONS.map(({ action, effect, soAction, category, skipCtMod, cause }) => [
      action,
      soAction === 'new-so' ? 'new' : 'update',
      category === null ? '' : CATEGORIES[category],
      skipCtMod ? 'Yes' : 'No',
      category === 'price-or-quantity'
        ? 'Price change, Quantity change'
        : effect === 'subscribed'
          ? 'New contract'
          : cause,
    ]);
    expect(written.slice(1)).toEqual([...rows, ['Owner transfer', 'none', '', '', 'none']]);
  });
});
