import { describe, expect, test } from 'vitest';

import {
  settlementDone,
  type SettlementFacts,
  settlementRefusal,
  settlementTurn,
} from '../../../src/domain/enablement/step-09-invoice-settlement.ts';

const OFF: SettlementFacts = {
  entity: 'demo',
  on: false,
  lastAdjustment: '2025-03-31',
  settled: null,
  switchDate: null,
  hasRuns: false,
  backfill: null,
};
const FRESH = { ...OFF, on: true };
/** Runs read adjustments, and then it was turned on. */
const LIVE = { ...FRESH, settled: false, hasRuns: true };
const approved = { approve: true } as const;
const dated = { approve: true, switchDate: '2025-04-01' } as const;
const turn = (facts: SettlementFacts | readonly SettlementFacts[], answer: object | null = null) =>
  settlementTurn('acme', [facts].flat(), answer === null ? null : { ...approved, ...answer });

describe('step 9, Invoice Settlement', () => {
  test.each([
    ['it is off', OFF, 'Invoice Settlement is off in Billing'],
    ['Billing does not tell', { ...OFF, on: null }, 'Billing does not tell'],
    ['there are no adjustments', { ...FRESH, lastAdjustment: null }, 'memos come with every sync'],
    ['memos came with every run', { ...LIVE, settled: true }, 'Memos came with every run'],
    [
      'it is switched over',
      { ...LIVE, settled: true, backfill: 'done' },
      'took over from adjustments already',
    ],
    [
      'its day is kept',
      { ...FRESH, settled: true, switchDate: '2025-04-01' },
      'took over from adjustments already',
    ],
  ] as const)('does not apply where %s', (_, facts, note) => {
    expect(turn(facts)).toMatchObject({
      kind: 'not-applicable',
      note: expect.stringContaining(note) as unknown,
      evidence: { entities: [{ entity: 'demo', on: facts.on }] },
    });
  });

  test('asks a tenant that was not synced yet for a day, and proposes that all adjustments count', () => {
    const asked = turn(FRESH);
    expect(asked).toMatchObject({ kind: 'ask', value: dated });
    expect(asked).toMatchObject({
      message: expect.stringContaining('there is nothing to bring') as unknown,
      remedy: expect.stringContaining('Without one, memos alone count, and no adjustment does') as unknown,
    });
  });

  test('asks a live tenant for its approval, and says that history is brought', () => {
    expect(turn(LIVE)).toMatchObject({
      kind: 'ask',
      message: expect.stringContaining('the backfill brings historical memos') as unknown,
      remedy: expect.stringContaining('Without one it is today') as unknown,
      value: approved,
    });
  });

  test.each([
    ['a live tenant', LIVE, approved],
    [
      'one whose next sync found memos before the backfill',
      { ...LIVE, settled: true, switchDate: '2025-04-01' },
      approved,
    ],
    ['one whose backfill was left open', { ...LIVE, backfill: 'open' }, approved],
    ['one that only keeps a day', FRESH, dated],
  ] as const)('starts the backfill of %s', (_, facts, answer) => {
    const { approve: _approve, ...input } = answer;
    expect(turn(facts, answer)).toMatchObject({
      kind: 'work',
      work: [{ workflow: 'invoiceSettlementBackfill', id: 'invoice-settlement-backfill/acme', input }],
    });
  });

  test('starts nothing for a tenant that was not synced and keeps no day', () => {
    expect(turn(FRESH, approved)).toEqual({ kind: 'ready', answer: approved });
    expect(turn({ ...FRESH, settled: true, switchDate: '2025-04-01' }, dated)).toMatchObject({
      kind: 'ready',
    });
  });

  test('does not apply where there is nothing to switch over, whatever was answered', () => {
    expect(turn(OFF, approved)).toMatchObject({ kind: 'not-applicable' });
  });

  test('starts one backfill for each entity where another would hold it up', () => {
    const uk = { ...OFF, entity: 'uk' };
    const jp = { ...LIVE, entity: 'jp', settled: true, switchDate: '2025-01-01' };
    expect(turn([LIVE, uk], dated)).toMatchObject({
      work: [
        { id: 'invoice-settlement-backfill/acme/demo', input: { entity: 'demo', switchDate: '2025-04-01' } },
      ],
    });
    const work = turn([LIVE, jp], dated);
    expect(work).toMatchObject({
      work: [{ input: { entity: 'demo', switchDate: '2025-04-01' } }, { input: { entity: 'jp' } }],
    });
    expect(JSON.stringify(work)).not.toContain('"entity":"jp","switchDate"');
  });

  test('refuses a day where another one is kept for good', () => {
    const kept = { ...LIVE, settled: true, switchDate: '2025-01-01' };
    expect(settlementRefusal([kept], dated)).toEqual({
      refusal: expect.stringContaining('those of demo since 2025-01-01') as unknown,
      value: approved,
    });
    expect(settlementRefusal([kept], { ...dated, switchDate: '2025-01-01' })).toBeNull();
    expect(settlementRefusal([kept], approved)).toBeNull();
    expect(settlementRefusal([kept, { ...LIVE, entity: 'uk' }], dated)).toBeNull();
  });

  test('ends with what became of each entity', () => {
    const outcome = {
      entity: 'demo',
      state: 'done',
      switchDate: '2025-04-01',
      chunks: '3 of 3',
      memos: '12',
      differences: '0',
    };
    const done = settlementDone([{ ...LIVE, backfill: 'done' }], [outcome]);
    expect(done).toMatchObject({
      note: 'The history of memos of demo is brought and proven.',
      evidence: { entities: [outcome] },
    });
    const kept = settlementDone([{ ...FRESH, settled: true, switchDate: '2025-04-01' }], []);
    expect(kept).toMatchObject({
      note: 'Memos of demo count from 2025-04-01 on, and adjustments before; the first sync brings both.',
    });
    expect(settlementDone([FRESH], [])).toMatchObject({
      note: expect.stringContaining('from the first sync on memos count, and no adjustment does') as unknown,
    });
  });
});
