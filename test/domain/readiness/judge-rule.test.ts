import { describe, expect, test } from 'vitest';

import { type CheckedRule, type Evidence, judgeRule } from '../../../src/domain/readiness/judge-rule.ts';
import type { ReadinessSetting } from '../../../src/domain/readiness/report.ts';

const RULE: CheckedRule = {
  id: 'prepayment-charge',
  heading: 'Prepayment charges',
  point: null,
  outcome: 'stop',
  does: 'Stops it.',
  before: 'Replace it.',
  remedy: 'Model it otherwise.',
  page: 'docs/limitations/prepayment-charge.md',
  objects: ['RatePlanCharge'],
  settings: [],
};
const NOTHING: Evidence = { hits: [], untold: [], settings: [] };
const found = (count: string) => [{ entity: 'demo', count, amounts: [], samples: [] }];
const untold = (reason: 'not-read' | 'refused') => [{ entity: 'demo', object: 'RatePlanCharge', reason }];

const setting = (fits: boolean | null, more: Partial<ReadinessSetting> = {}): ReadinessSetting => ({
  entity: 'demo',
  setting: 'past-end',
  name: 'Invoice Past End-of-Term',
  value: fits === null ? null : String(!fits),
  required: 'No',
  fits,
  binding: true,
  why: 'It matters.',
  ...more,
});

describe('judgeRule', () => {
  test('what was looked for and not found does not affect the tenant', () => {
    const hits = found('0');
    expect(judgeRule(RULE, { ...NOTHING, hits })).toMatchObject({ status: 'not-affected', count: '0' });
  });

  test('what was found affects it, and the outcome says how gravely', () => {
    const judged = judgeRule(RULE, { ...NOTHING, hits: found('3') });
    expect(judged).toMatchObject({ status: 'affected', weight: 'stops', why: '3 found in Billing.' });
    expect(judgeRule({ ...RULE, outcome: 'warn' }, { ...NOTHING, hits: found('3') }).weight).toBe('reports');
    expect(judgeRule({ ...RULE, outcome: 'derive' }, { ...NOTHING, hits: found('3') }).weight).toBe(
      'changes',
    );
  });

  test('nobody can tell without an object that has to be looked at', () => {
    expect(judgeRule(RULE, { ...NOTHING, untold: untold('not-read') })).toMatchObject({
      status: 'cannot-tell',
      why: expect.stringContaining('RatePlanCharge was not read'),
    });
    expect(judgeRule(RULE, { ...NOTHING, untold: untold('refused') }).why).toContain(
      'kept from the credentials',
    );
  });

  test('what is found in one entity counts, though another could not be looked at', () => {
    const judged = judgeRule(RULE, { ...NOTHING, hits: found('1'), untold: untold('not-read') });
    expect(judged.status).toBe('affected');
    expect(judged.why).toContain('there may be more');
  });

  test('a rule without footprint and setting is enforced', () => {
    expect(judgeRule({ ...RULE, objects: null }, NOTHING).status).toBe('enforced');
  });

  describe('with a setting', () => {
    const rule = { ...RULE, objects: null, settings: ['past-end'] };
    const judged = (...settings: readonly ReadinessSetting[]) => judgeRule(rule, { ...NOTHING, settings });

    test('that does not fit, it affects the tenant and blocks go-live', () => {
      expect(judged(setting(false))).toMatchObject({ status: 'affected', weight: 'blocks' });
    });

    test('that is only advice, it does not block', () => {
      expect(judged(setting(false, { binding: false }))).toMatchObject({
        status: 'affected',
        weight: 'stops',
      });
    });

    test('that fits in every entity, it does not affect the tenant', () => {
      expect(judged(setting(true), setting(true, { entity: 'other' })).status).toBe('not-affected');
    });

    test('that one entity does not tell, nobody can tell', () => {
      expect(judged(setting(true), setting(null, { entity: 'other' })).status).toBe('cannot-tell');
    });

    test('that was never read, nobody can tell', () => {
      expect(judged(setting(false, { setting: 'another' })).status).toBe('cannot-tell');
    });

    test('that is not told, what is found in Billing still counts', () => {
      const settings = [setting(null)];
      const both = { ...rule, objects: ['Invoice'] };
      expect(judgeRule(both, { hits: found('2'), untold: [], settings }).status).toBe('affected');
    });
  });
});
