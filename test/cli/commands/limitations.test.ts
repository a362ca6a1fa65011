import { describe, expect, test } from 'vitest';

import { LIMITATION_IDS } from '../../../src/domain/limitations.ts';
import { runCommand } from '../../support/run-command.ts';

describe('revsync limitations', () => {
  test('lists every rule, in the order of the source, without a database', async () => {
    const { exit, json } = await runCommand(['limitations', '--json']);
    expect(exit).toBe(0);
    const listed = json() as { id: string }[];
    expect(listed.map(({ id }) => id)).toEqual(LIMITATION_IDS);
    expect(listed.find(({ id }) => id === 'event-by-amount')).toEqual({
      id: 'event-by-amount',
      heading: 'Event processing',
      point: null,
      scope: 'contract action',
      outcome: 'refuse',
      checkedAt: ['request check'],
      implies: [],
      settings: [],
      does: expect.stringContaining('By Percent'),
      remedy: 'Set the event up By Percent.',
      before: null,
      foundInBilling: false,
      rule: 'src/limitations/event-by-amount.ts',
      test: 'test/limitations/event-by-amount.test.ts',
      page: 'docs/limitations/event-by-amount.md',
    });
  });

  test('is a table for people, with a heading and its point', async () => {
    const { stdout } = await runCommand(['limitations']);
    const lines = stdout.split('\n');
    expect(lines[0]).toMatch(/^id +outcome +checked at +heading$/);
    expect(lines.slice(1, 1 + LIMITATION_IDS.length).map((line) => line.split(' ')[0])).toEqual(
      LIMITATION_IDS,
    );
    expect(stdout).toMatch(/^overlapping-discounts +warn +staging +Discount charges \(5\)$/m);
  });

  test('tells all of one rule', async () => {
    const { stdout } = await runCommand(['limitations', 'mass-actions']);
    expect(stdout).toContain(
      'mass-actions: Mass actions\nrefuse (contract action), checked at request check\n',
    );
    expect(stdout).toContain('What to do: Take the action on the contracts');
    expect(stdout).toContain('Page: docs/limitations/mass-actions.md');
    expect((await runCommand(['limitations', 'mass-actions', '--json'])).json()).toMatchObject({
      id: 'mass-actions',
    });
  });

  test('says which one may be meant', async () => {
    const { exit, json } = await runCommand(['limitations', 'mass-action', '--json']);
    expect(exit).toBe(2);
    expect(json()).toEqual({
      error: {
        code: 'LIMITATION_UNKNOWN',
        message: 'There is no known limitation "mass-action".',
        remedy: 'Did you mean mass-actions?',
      },
    });
  });
});
