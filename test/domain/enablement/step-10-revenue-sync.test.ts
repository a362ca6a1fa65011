import { describe, expect, test } from 'vitest';

import {
  RevenueSyncAnswer,
  type RevenueSyncFacts,
  revenueSyncDone,
  revenueSyncRefusal,
  revenueSyncTurn,
  revenueVersionOf,
  runsToShow,
  type SyncFacts,
  syncSettings,
} from '../../../src/domain/enablement/step-10-revenue-sync.ts';
import { ranWell } from '../../support/enablement-runs.ts';

const entity = (name: string, change: Partial<SyncFacts> = {}): SyncFacts => ({
  entity: name,
  lacking: [],
  run: null,
  ...change,
});
const facts = (change: Partial<RevenueSyncFacts> = {}): RevenueSyncFacts => ({
  version: '37.007.00.00',
  entities: [entity('emea'), entity('us')],
  ...change,
});
const instantOn = { mode: 'instant-on', intervalSeconds: 60 } as const;
const manual = { mode: 'manual' } as const;
const ran = (name: string, run: string) => ranWell('revenueSync', `revenue-sync/${name}`, { run });

describe('step 10, Revenue Sync', () => {
  test.each([
    ['37.007.00.00', 'instant-on'],
    ['38.001.00.00', 'instant-on'],
    ['37.006.99.99', 'schedule'],
    [null, 'schedule'],
  ])('proposes for version %s to run by %s', (version, mode) => {
    expect(revenueSyncTurn(facts({ version }), null, [])).toMatchObject({ kind: 'ask', value: { mode } });
  });

  test('says what is to be decided, and that nothing is collected yet', () => {
    expect(revenueSyncTurn(facts(), null, [])).toMatchObject({
      message: expect.stringContaining('The first run of 2 entities follows your answer') as unknown,
    });
    const synced = facts({ entities: [entity('emea', { run: '7' })] });
    expect(revenueSyncTurn(synced, null, [])).toMatchObject({
      message: expect.stringContaining('Every entity has had its first run') as unknown,
    });
  });

  test('knows the version that step 1 was told', () => {
    expect(revenueVersionOf({ revenueVersion: '37.007.00.00' })).toBe('37.007.00.00');
    expect(revenueVersionOf({ contact: 'ann' })).toBeNull();
    expect(revenueVersionOf(undefined)).toBeNull();
  });

  test.each([
    ['37.006.00.00', 'step 1 says 37.006.00.00'],
    [null, 'step 1 says no version'],
  ])('refuses Instant On with version %s, and says which is needed', (version, says) => {
    const refusal = revenueSyncRefusal(facts({ version }), instantOn);
    expect(refusal?.refusal).toContain('37.007.00.00 or later');
    expect(refusal?.refusal).toContain(says);
    expect(refusal?.value).toEqual({ mode: 'schedule' });
    expect(revenueSyncRefusal(facts({ version }), manual)).toBeNull();
  });

  test('takes Instant On from that version on', () => {
    expect(revenueSyncRefusal(facts(), instantOn)).toBeNull();
  });

  test('refuses a cron expression with a control character, and names it', () => {
    const parsed = RevenueSyncAnswer.safeParse({ mode: 'schedule', cron: '0 5 * *\u000b*' });
    expect(parsed.error?.issues[0]?.message).toBe('has the control character U+000B in it');
  });

  test('refuses a cron expression that Temporal would not take', () => {
    expect(revenueSyncRefusal(facts(), { mode: 'schedule', cron: '0 25 * * *' })).toEqual({
      refusal: expect.stringContaining('"25" is no hour') as unknown,
      value: { mode: 'schedule', cron: '30 5 * * *' },
    });
    expect(revenueSyncRefusal(facts(), { mode: 'schedule', cron: '0 2 * * *' })).toBeNull();
  });

  test('refuses while a transaction type has no default template', () => {
    const lacking = facts({ entities: [entity('emea'), entity('us', { lacking: ['CM', 'DM'] })] });
    expect(revenueSyncRefusal(lacking, manual)).toEqual({
      refusal: expect.stringContaining('us for CM, DM') as unknown,
      value: manual,
    });
  });

  test('asks again where an answer does not fit any more', () => {
    expect(revenueSyncTurn(facts({ version: '37.006.00.00' }), instantOn, [])).toMatchObject({
      kind: 'ask',
      message: expect.stringContaining('Instant On needs Zuora Revenue') as unknown,
      value: { mode: 'schedule' },
    });
  });

  test('has each entity run once, without collecting', () => {
    expect(revenueSyncTurn(facts(), manual, [ran('emea', '1')])).toMatchObject({
      kind: 'work',
      work: [{ workflow: 'revenueSync', id: 'revenue-sync/us', input: { entity: 'us', collect: false } }],
    });
    expect(revenueSyncTurn(facts(), manual, [ran('emea', '1'), ran('us', '2')])).toMatchObject({
      kind: 'ready',
    });
  });

  test('has no first run of an entity that had one before', () => {
    const synced = facts({ entities: [entity('emea', { run: '7' })] });
    expect(revenueSyncTurn(synced, manual, [])).toEqual({ kind: 'ready', answer: manual });
  });

  test('shows the run that it had done, else the newest', () => {
    const entities = [entity('emea', { run: '9' }), entity('us', { run: '7' }), entity('jp')];
    expect(runsToShow(entities, [ran('emea', '3')])).toEqual(['3', '7']);
  });

  test('sets what Instant On goes by, and the interval only where it was said', () => {
    expect(syncSettings(instantOn)).toEqual([
      { name: 'AUTO_REVENUESYNC', code: null, value: 'Yes' },
      { name: 'AUTO_REVENUE_SYNC', code: 'RevenueSync_Duration', value: '60' },
    ]);
    expect(syncSettings(manual)).toEqual([{ name: 'AUTO_REVENUESYNC', code: null, value: 'No' }]);
  });

  const balance = {
    entity: 'emea',
    run: '3',
    balanced: true,
    lines: { SO: '12', INV: '30' },
    held: '2',
  };

  test('ends with the balances', () => {
    expect(revenueSyncDone(instantOn, [balance])).toEqual({
      kind: 'done',
      note: expect.stringContaining('loops are started at the end of step 11') as unknown,
      evidence: {
        mode: 'instant-on',
        settings: { AUTO_REVENUESYNC: 'Yes', RevenueSync_Duration: '60' },
        runs: [balance],
      },
    });
    expect(revenueSyncDone(manual, [{ ...balance, balanced: false }])).toMatchObject({
      note: expect.stringContaining('the balance of emea is not equal') as unknown,
    });
  });

  test.each([{ mode: 'schedule' }, manual] as const)('says of $mode that loops rest', (answer) => {
    expect(revenueSyncDone(answer, [balance])).toMatchObject({
      note: expect.stringContaining('a loop of Instant On that is there starts no more runs') as unknown,
    });
  });

  test('keeps evidence short, however many entities there are', () => {
    const many = Array.from({ length: 300 }, (_, at) => ({ ...balance, entity: `entity-${at}` }));
    const done = revenueSyncDone(instantOn, many);
    expect(JSON.stringify(done).length).toBeLessThan(4_500);
    expect(done).toMatchObject({ evidence: { runsLeftOut: expect.any(String) as unknown } });
  });
});
