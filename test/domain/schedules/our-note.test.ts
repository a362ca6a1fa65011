import { describe, expect, test } from 'vitest';

import { isOurNote } from '../../../src/domain/schedules/our-note.ts';

const ours = (note: string | undefined, id = 'revenue-sync/emea'): boolean => isOurNote(id, note);

describe('the note of a schedule', () => {
  test.each([
    undefined,
    '',
    'revsync: Instant On waits for a person since 2025-03-01T12:00:00.000Z',
    'Revenue Sync of emea: 12 5 * * *, UTC.',
    'Revenue Sync of emea: 0,30 */2 1-5 jan MON-FRI, America/Argentina/Buenos_Aires.',
    'Revenue Sync of emea: @every 4h, Europe/Berlin.',
  ])('is ours as we write it: %s', (note) => {
    expect(ours(note)).toBe(true);
  });

  test('is ours for the schedule that it names', () => {
    expect(ours('Data Collection of europe: 7 7 * * *, UTC.', 'data-collection/europe')).toBe(true);
    expect(ours('Data Collection of europe: 7 7 * * *, UTC.')).toBe(false);
    expect(ours('Revenue Sync of apac: 12 5 * * *, UTC.')).toBe(false);
    expect(ours('Revenue Sync of emea: 12 5 * * *, UTC.', 'something-else/emea')).toBe(false);
  });

  test.each([
    'ask ann before you touch this',
    'Revenue Sync',
    'Revenue Sync is off limits this week, ask ann.',
    'Revenue Sync of emea: do not touch it please, ann.',
    'Revenue Sync of emea: do not touch it please, UTC.',
    'Revenue Sync of emea: 12 5 * * *, UTC. Ask ann.',
    'Revenue Sync of emea: 12 5 * * *, Nowhere/Land.',
    'revsync is paused over the weekend',
  ])('is not where a person wrote it: %s', (note) => {
    expect(ours(note)).toBe(false);
  });
});
