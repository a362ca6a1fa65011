import { describe, expect, test } from 'vitest';

import {
  answersBefore,
  type Before,
  collectionSettings,
  DataCollectionAnswer,
  dataCollectionDone,
  dataCollectionRefusal,
  dataCollectionTurn,
  requireGrouping,
  startsLoops,
  wantedKinds,
} from '../../../src/domain/enablement/step-11-data-collection.ts';
import { ranWell } from '../../support/enablement-runs.ts';

const after = (mode: 'instant-on' | 'schedule' | 'manual'): Before => ({ sync: { mode }, rates: null });
const COUNTS = { contracts: '4', collected: '20', waiting: '2', stopped: '1' };
const ran = (org: string) => ranWell('dataCollection', `data-collection/${org}`, COUNTS);
const auto = { mode: 'auto-collect' } as const;
const manual = { mode: 'manual' } as const;
const scheduled = { mode: 'schedule', cron: '0 7 * * *' } as const;
const NOTHING = { loops: [], seconds: '30', schedules: [], others: [] };

describe('step 11, Data Collection', () => {
  test('knows what steps 8 and 10 were answered', () => {
    const answers = { 8: { schedule: 'daily' }, 10: { mode: 'instant-on', intervalSeconds: 60 } };
    expect(answersBefore(answers)).toEqual({ sync: answers[10], rates: answers[8] });
    expect(answersBefore({})).toEqual({ sync: null, rates: null });
  });

  test('needs a default grouping template of every organisation', () => {
    expect(() => requireGrouping([])).not.toThrow();
    expect(() => requireGrouping(['emea', 'us'])).toThrow(
      'No grouping template is the default for emea and us.',
    );
  });

  test.each([
    ['instant-on', 'auto-collect'],
    ['schedule', 'schedule'],
    ['manual', 'manual'],
  ] as const)('proposes after %s to collect by %s', (sync, mode) => {
    expect(dataCollectionTurn(after(sync), ['emea'], null, [])).toMatchObject({
      kind: 'ask',
      value: { mode },
    });
  });

  test.each(['schedule', 'manual'] as const)('refuses auto-collect after %s', (mode) => {
    const refusal = dataCollectionRefusal(after(mode), auto);
    expect(refusal).toEqual({
      refusal: expect.stringContaining(`goes with Instant On, and step 10 says ${mode}`) as unknown,
      value: { mode },
    });
    expect(dataCollectionTurn(after(mode), ['emea'], auto, [])).toMatchObject({
      kind: 'ask',
      message: refusal?.refusal,
      value: { mode },
    });
    expect(dataCollectionRefusal(after(mode), scheduled)).toBeNull();
  });

  test('takes auto-collect, and a schedule, with Instant On', () => {
    expect(dataCollectionRefusal(after('instant-on'), auto)).toBeNull();
    expect(dataCollectionRefusal(after('instant-on'), scheduled)).toBeNull();
  });

  test('refuses a cron expression with a control character, and names it', () => {
    const parsed = DataCollectionAnswer.safeParse({ mode: 'schedule', cron: '0 5 * *\u000b*' });
    expect(parsed.error?.issues[0]?.message).toBe('has the control character U+000B in it');
  });

  test('refuses a cron expression that Temporal would not take', () => {
    expect(dataCollectionRefusal(after('manual'), { mode: 'schedule', cron: 'daily' })).toMatchObject({
      value: { mode: 'schedule', cron: '30 5 * * *' },
    });
  });

  test('has each organisation collected once', () => {
    const turn = (...runs: ReturnType<typeof ran>[]) =>
      dataCollectionTurn(after('manual'), ['emea', 'us'], manual, runs);
    expect(turn(ran('emea'))).toMatchObject({
      kind: 'work',
      work: [{ workflow: 'dataCollection', id: 'data-collection/us', input: { org: 'us' } }],
    });
    expect(turn(ran('emea'), ran('us'))).toEqual({ kind: 'ready', answer: manual });
  });

  test('sets Auto_Collect, and again what step 10 set', () => {
    expect(collectionSettings(after('instant-on'), auto).map(({ value }) => value)).toEqual(['Yes', 'Y']);
    expect(collectionSettings(after('instant-on'), scheduled).map(({ value }) => value)).toEqual([
      'Yes',
      'N',
    ]);
    expect(collectionSettings({ sync: null }, manual).map(({ value }) => value)).toEqual(['N']);
  });

  test('makes the schedules that the answers ask for, by their own expressions', () => {
    const all: Before = { sync: { mode: 'schedule', cron: '0 5 * * *' }, rates: { schedule: 'daily' } };
    expect(wantedKinds(all, scheduled)).toEqual([
      { kind: 'exchange-rate-sync', cron: undefined },
      { kind: 'revenue-sync', cron: '0 5 * * *' },
      { kind: 'data-collection', cron: '0 7 * * *' },
    ]);
    expect(wantedKinds({ ...after('instant-on'), rates: { schedule: 'off' } }, auto)).toEqual([]);
  });

  test('starts loops with Instant On only', () => {
    expect(startsLoops(after('instant-on'))).toBe(true);
    expect(startsLoops(after('schedule'))).toBe(false);
    expect(startsLoops({ sync: null })).toBe(false);
  });

  test('ends with what was collected, and what goes on by itself', () => {
    const schedules = [
      { id: 'exchange-rate-sync/emea', action: 'created', note: 'Exchange rates of emea: 1 4 * * *, UTC.' },
      { id: 'exchange-rate-sync/us', action: 'not-needed', note: 'no other currency' },
    ] as const;
    const onward = { loops: ['emea', 'us'], seconds: '60', schedules, others: [] };
    const done = dataCollectionDone(after('instant-on'), auto, [ran('emea'), ran('us')], onward);
    expect(done).toEqual({
      kind: 'done',
      note: '40 lines are collected into 8 revenue contracts; 4 wait, 2 are held or stopped. Instant On syncs emea and us again 60 seconds after each run. Each sync collects. Exchange rates are synced every day.',
      evidence: {
        mode: 'auto-collect',
        collections: [
          { org: 'emea', ...COUNTS },
          { org: 'us', ...COUNTS },
        ],
        goesOn: [
          { id: 'instant-on/emea', when: '60 seconds after each run, which ends with Data Collection' },
          { id: 'instant-on/us', when: '60 seconds after each run, which ends with Data Collection' },
          { id: 'exchange-rate-sync/emea', when: 'Exchange rates of emea: 1 4 * * *, UTC.' },
        ],
      },
    });
  });

  test('says what a person has to start', () => {
    expect(dataCollectionDone(after('manual'), manual, [], NOTHING)).toMatchObject({
      note: expect.stringContaining(
        'Sync with `revsync sync run`. Collect with `revsync collect run`.',
      ) as unknown,
      evidence: { goesOn: [] },
    });
    expect(dataCollectionDone(after('schedule'), scheduled, [], NOTHING)).toMatchObject({
      note: expect.stringContaining(
        'The Revenue Sync runs by its schedules. The Data Collection runs by its schedules.',
      ) as unknown,
    });
  });

  test('keeps evidence short, however many organisations there are', () => {
    const names = Array.from({ length: 300 }, (_, at) => `organisation-${at}`);
    const onward = { loops: names, seconds: '30', schedules: [], others: [] };
    const done = dataCollectionDone(after('instant-on'), auto, names.map(ran), onward);
    expect(JSON.stringify(done).length).toBeLessThan(4_500);
  });
});
