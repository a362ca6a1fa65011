import { describe, expect, test } from 'vitest';

import {
  COLLECT_EXAMPLE,
  CollectInput,
  SYNC_EXAMPLE,
  SyncInput,
} from '../../../src/domain/sync/sync-input.ts';

/** The JSON documents of an example sentence. */
const documents = (example: string): unknown[] =>
  example.split(' or ').map((text): unknown => JSON.parse(text));

describe('SyncInput', () => {
  test('queues unless told otherwise', () => {
    expect(SyncInput.parse({})).toEqual({ queue: true });
    expect(SyncInput.parse({ queue: false })).toEqual({ queue: false });
  });

  test('is light only for a loop that says so', () => {
    expect(SyncInput.parse({ light: true })).toEqual({ queue: true, light: true });
    expect(SyncInput.safeParse({ light: 'yes' }).success).toBe(false);
  });

  test.each([
    ['a day, which begins in UTC', '2024-01-31', '2024-01-31T00:00:00.000Z'],
    ['an instant in UTC', '2024-01-31T10:00:00Z', '2024-01-31T10:00:00.000Z'],
    ['an instant with another offset', '2024-01-31T10:00:00+05:30', '2024-01-31T04:30:00.000Z'],
  ])('takes %s', (_what, from, instant) => {
    expect(SyncInput.parse({ from }).from).toBe(instant);
  });

  test.each([
    ['a day that does not exist', { from: '2024-02-30' }],
    ['a time without an offset', { from: '2024-01-31T10:00:00' }],
    ['an empty entity', { entity: '' }],
    ['a number for a day', { from: 20_240_131 }],
    ['a key nobody knows', { entty: 'demo' }],
    ['a window that ends before it begins', { from: '2024-02-01', to: '2024-01-01' }],
    ['an empty window', { from: '2024-02-01', to: '2024-02-01T00:00:00Z' }],
  ])('refuses %s', (_what, input) => {
    expect(SyncInput.safeParse(input).success).toBe(false);
  });

  test('compares instants, not their spelling', () => {
    const offsets = { from: '2024-01-31T23:00:00+05:30', to: '2024-01-31T18:00:00Z' };
    expect(SyncInput.safeParse(offsets).success).toBe(true);
    expect(SyncInput.safeParse({ from: offsets.to, to: offsets.from }).success).toBe(false);
  });
});

describe.each([
  ['sync', SyncInput, SYNC_EXAMPLE],
  ['collect', CollectInput, COLLECT_EXAMPLE],
] as const)('the example of %s', (_name, schema, example) => {
  test.each(documents(example))('is accepted: %j', (document) => {
    const filled = JSON.parse(JSON.stringify(document)) as unknown;
    expect(schema.safeParse(filled).success).toBe(true);
  });
});
