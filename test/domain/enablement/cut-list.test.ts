import { describe, expect, test } from 'vitest';

import { cutList, listed } from '../../../src/domain/enablement/cut-list.ts';

const numbers = (count: number): string[] => Array.from({ length: count }, (_, at) => `n${at}`);

describe('cutList', () => {
  test('leaves alone what fits', () => {
    const cut = cutList(numbers(20), { characters: 1_000 });
    expect(cut).toEqual({ shown: numbers(20), leftOut: null });
    expect(listed('names', cut)).toEqual({ names: numbers(20) });
  });

  test('cuts at twenty, or where told, and counts the rest', () => {
    expect(listed('names', cutList(numbers(23), { characters: 1_000 }))).toEqual({
      names: numbers(20),
      namesLeftOut: '3',
    });
    expect(cutList(numbers(23), { most: 2, characters: 1_000 })).toEqual({
      shown: ['n0', 'n1'],
      leftOut: '21',
    });
  });

  test('cuts where the room ends', () => {
    const cut = cutList(numbers(9), { characters: 18 });
    expect(cut).toEqual({ shown: ['n0', 'n1', 'n2'], leftOut: '6' });
  });
});
