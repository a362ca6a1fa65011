import { describe, expect, test } from 'vitest';

import { deviationsOf } from '../../../src/domain/enablement/deviations.ts';
import {
  askToAccept,
  nextAtSettings,
  type ReadinessFound,
  reasonOf,
  type Reviewed,
  SettingsAnswer,
  settingsRefusal,
  STEP_04,
  workAtSettings,
} from '../../../src/domain/enablement/step-04-settings.ts';
import { LIMITATION_IDS } from '../../../src/domain/limitations.ts';
import { ALL_RULES } from '../../../src/domain/settings/judge-rules.ts';
import { judged, PAST_TERM } from '../../support/judged-rules.ts';

const NOTHING: ReadinessFound = { affected: [], cannotTell: '0', unread: [] };
const PAST = judged('invoice-past-end-of-term-auto-renew-off', { value: 'true' });
const DAYS = judged('days-in-month', { value: 'Assume30Days' });
const ACCEPTABLE = { settings: [...ALL_RULES.keys()], limitations: LIMITATION_IDS };

const reviewed = (rules: Parameters<typeof deviationsOf>[0], more: Partial<Reviewed> = {}): Reviewed => ({
  deviations: deviationsOf(rules, [PAST_TERM]),
  answer: null,
  by: 'ann',
  note: null,
  synced: false,
  ...more,
});
const accepting = (...accept: string[]): SettingsAnswer => ({ approve: true, accept, note: 'By contract.' });

function asked(...[review, found = NOTHING]: [Reviewed, ReadinessFound?]) {
  const turn = askToAccept(review, found);
  if (turn.kind !== 'ask') throw new Error('it does not ask');
  return turn;
}

describe('what comes next', () => {
  test('is the settings sync where nothing deviates, without a question', () => {
    expect(nextAtSettings(reviewed([]))).toBe('sync');
    expect(nextAtSettings(reviewed([], { synced: true }))).toBe('done');
  });

  test('is a question until every deviation is accepted', () => {
    expect(nextAtSettings(reviewed([PAST, DAYS]))).toBe('ask');
    const one = accepting('days-in-month');
    expect(nextAtSettings(reviewed([PAST, DAYS], { answer: one }))).toBe('ask');
    const both = accepting('days-in-month', 'invoice-past-end-of-term');
    expect(nextAtSettings(reviewed([PAST, DAYS], { answer: both }))).toBe('sync');
    expect(nextAtSettings(reviewed([PAST, DAYS], { answer: both, synced: true }))).toBe('done');
  });

  test('is the sync where what deviated was changed meanwhile', () => {
    expect(nextAtSettings(reviewed([DAYS], { answer: accepting('days-in-month', 'proration-unit') }))).toBe(
      'sync',
    );
  });

  test('is a question again where another deviation appeared after the sync', () => {
    const answer = accepting('days-in-month');
    expect(nextAtSettings(reviewed([DAYS, PAST], { answer, synced: true }))).toBe('ask');
  });
});

describe('the question', () => {
  test('names each deviation with its consequence, and offers the answer', () => {
    const turn = asked(reviewed([PAST]));
    expect(turn.message).toBe(
      'One deviation has to be accepted or changed in Billing: invoice-past-end-of-term (What is billed beyond the term was never booked; it is not compatible with ASC 606 and not supported (known limitation invoice-past-end-of-term)). Readiness finds no known limitation in the data.',
    );
    expect(turn.remedy).toContain('Wanted: No, at Billing Settings > Define Billing Rules.');
    expect(turn.value).toEqual({ approve: true, accept: ['invoice-past-end-of-term'], note: '...' });
    expect(SettingsAnswer.safeParse(turn.value).success).toBe(true);
  });

  test('counts what readiness finds, and what it could not look at', () => {
    const found = {
      affected: [
        { id: 'material-rights', count: '2', amounts: [] },
        { id: 'mass-actions', count: '1', amounts: [] },
      ],
      cannotTell: '0',
      unread: ['US'],
    };
    const { message } = asked(reviewed([DAYS]), found);
    expect(message).toContain('Readiness finds 2 known limitations in effect; revsync readiness tells all.');
    expect(message).toContain('1 entity is kept from the credentials and could not be looked at.');
  });

  test('shows every deviation on a line of its own, where all deviate in five entities', () => {
    const rules = [...ALL_RULES.values()]
      .filter(({ binding, id }) => binding && id !== 'home-currency')
      .flatMap(({ id }) =>
        Array.from({ length: 5 }, (_, at) =>
          judged(id, {
            entity: `Sandbox-Entity-${at}-of-the-group`,
            ...(at % 2 === 0 ? { value: 'NotAsItOughtToBe' } : { value: null, fits: null }),
          }),
        ),
      );
    const review = reviewed(rules);
    expect(review.deviations.length).toBe(10);
    const { remedy, value } = asked(review);
    const lines = remedy.split('\n');
    expect(lines).toHaveLength(11);
    for (const [at, { id, required, consequence }] of review.deviations.entries()) {
      const line = lines[at + 1] ?? '';
      expect(line).toMatch(
        /NotAsItOughtToBe in Sandbox-Entity-0-of-the-group, .*not told in Sandbox-Entity-1-of-the-group/,
      );
      expect(line.startsWith(`${id}: `)).toBe(true);
      expect(line).toContain(`Wanted: ${required}, at `);
      expect(line.endsWith(consequence)).toBe(true);
    }
    expect(value['accept']).toEqual(review.deviations.map(({ id }) => id));
  });

  test('stays short where everything deviates in many entities', () => {
    const rules = [...ALL_RULES.keys()].flatMap((rule) =>
      Array.from({ length: 50 }, (_, at) =>
        judged(rule, { entity: `Entity-${at}`, value: `v${at}`, binding: true }),
      ),
    );
    const turn = asked(reviewed(rules), { ...NOTHING, unread: ['US', 'DE'] });
    expect(turn.message.length).toBeLessThanOrEqual(400);
    expect(turn.remedy.length).toBeLessThanOrEqual(7_500);
    expect(turn.remedy).toMatch(/And \d+ more: revsync settings list tells them all\.$/);
    expect(SettingsAnswer.safeParse(turn.value).success).toBe(true);
  });

  test('is only about what is open, and its value keeps what was accepted, with the reason', () => {
    const turn = asked(reviewed([DAYS, PAST], { answer: accepting('days-in-month') }));
    expect(turn.message).not.toContain('days-in-month');
    expect(turn.value).toEqual({
      approve: true,
      accept: ['days-in-month', 'invoice-past-end-of-term'],
      note: 'By contract.',
    });
  });

  test('is the same however often it is asked', () => {
    expect(asked(reviewed([PAST, DAYS]))).toEqual(asked(reviewed([PAST, DAYS])));
  });
});

describe('an approval', () => {
  const refusal = (
    rules: Parameters<typeof deviationsOf>[0],
    answer: SettingsAnswer,
    note: string | null = null,
  ) => settingsRefusal({ ...reviewed(rules, { note }), answer }, ACCEPTABLE);

  test('is taken where all is accepted, or nothing deviates', () => {
    expect(refusal([], { approve: true })).toBeNull();
    expect(refusal([PAST], accepting('invoice-past-end-of-term'))).toBeNull();
  });

  test('is taken with the reason beside it', () => {
    expect(
      refusal([PAST], { approve: true, accept: ['invoice-past-end-of-term'] }, 'By contract.'),
    ).toBeNull();
  });

  test('is taken with names of what was changed meanwhile, and of what may be said at any time', () => {
    expect(refusal([], accepting('days-in-month', 'material-rights'))).toBeNull();
  });

  test('is refused without one that is open, which it names with what would do', () => {
    const refused = refusal([PAST, DAYS], accepting('days-in-month'));
    expect(refused?.refusal).toBe(
      'invoice-past-end-of-term is not accepted (invoice-past-end-of-term-auto-renew-off is true in demo; wanted: No): change it in Billing, or name it in accept.',
    );
    expect(refused?.value).toEqual({
      approve: true,
      accept: ['invoice-past-end-of-term', 'days-in-month'],
      note: 'By contract.',
    });
  });

  test('is refused with all its mistakes at once: a slip of the pen, what it meant, and no reason', () => {
    const refused = refusal([DAYS], { approve: true, accept: ['day-in-month'] });
    expect(refused?.refusal).toMatch(
      /no setting or known limitation "day-in-month"\. Did you mean days-in-month\?/,
    );
    expect(refused?.refusal).toContain('days-in-month is not accepted');
    expect(refused?.refusal).toContain('A reason is missing');
    expect(refused?.value).toEqual({ approve: true, accept: ['days-in-month'], note: '...' });
  });

  test('is refused with a name that is like no other', () => {
    const refused = refusal([], accepting('zzz'));
    expect(refused?.refusal).toContain('Names are those of revsync settings list and revsync limitations.');
    expect(refused?.value).toEqual({ approve: true });
  });

  test('is refused without a reason although it names everything', () => {
    expect(refusal([DAYS], { approve: true, accept: ['days-in-month'] })?.refusal).toBe(
      'A reason is missing: say in note why what is accepted stays as it is.',
    );
  });

  test('is refused shortly, however many mistakes it has', () => {
    const wrong = Array.from({ length: 200 }, (_, at) => `${'x'.repeat(190)}${at}`);
    expect(refusal([], accepting(...wrong))?.refusal.length).toBeLessThanOrEqual(1_500);
  });
});

test('the reason of the answer goes before the note around it', () => {
  expect(reasonOf({ answer: accepting(), note: 'beside' })).toBe('By contract.');
  expect(reasonOf({ answer: { approve: true }, note: 'beside' })).toBe('beside');
  expect(reasonOf({ answer: null, note: null })).toBeNull();
});

test('the work is the settings sync of the tenant, by its usual name', () => {
  expect(workAtSettings('demo')).toMatchObject({
    kind: 'work',
    work: [{ workflow: 'settingsSync', id: 'settings-sync/demo', input: {} }],
  });
});

test('the example of the step is an answer that fits', () => {
  expect(STEP_04.answer.safeParse(STEP_04.example).success).toBe(true);
});
