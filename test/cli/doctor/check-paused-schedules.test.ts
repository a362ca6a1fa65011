import type { Client } from '@temporalio/client';
import { describe, expect, test } from 'vitest';

import { checkPausedSchedules } from '../../../src/cli/doctor/check-paused-schedules.ts';
import { pauseNote } from '../../../src/domain/settlement/pause-note.ts';

const OURS = { paused: true, note: pauseNote('demo') };

/** A Temporal with these schedules, and so many open backfills. */
function temporal(
  states: Readonly<Record<string, { paused: boolean; note?: string }>>,
  open: number,
): Client {
  async function* list() {
    for (const [scheduleId, state] of Object.entries(states)) yield { scheduleId, state };
  }
  return { schedule: { list }, workflow: { count: async () => ({ count: open }) } } as unknown as Client;
}

describe('checkPausedSchedules', () => {
  test('names schedules that have our note while no backfill is open', async () => {
    const states = {
      'revenue-sync/demo': OURS,
      'revenue-sync/west': { paused: true, note: 'year end' },
      'data-collection/default': OURS,
      'settings-sync': { paused: false },
    };
    expect(await checkPausedSchedules(temporal(states, 0), 'demo')).toMatchObject({
      ok: false,
      message: 'Paused by a backfill that is not open any more: data-collection/default, revenue-sync/demo.',
    });
    expect(await checkPausedSchedules(temporal(states, 1), 'demo')).toMatchObject({ ok: true });
    expect(await checkPausedSchedules(temporal(states, 0), 'other')).toMatchObject({ ok: true });
  });
});
