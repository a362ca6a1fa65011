import { describe, expect, test } from 'vitest';

import { deviationsOf } from '../../../src/domain/enablement/deviations.ts';
import { type Configured, settingsDone } from '../../../src/domain/enablement/settings-evidence.ts';
import type { ReadinessFound, Reviewed } from '../../../src/domain/enablement/step-04-settings.ts';
import { LIMITATION_IDS } from '../../../src/domain/limitations.ts';
import { ALL_RULES } from '../../../src/domain/settings/judge-rules.ts';
import { judged, PAST_TERM } from '../../support/judged-rules.ts';

const CLEAN: Reviewed = { deviations: [], answer: null, by: null, note: null, synced: true };
const NOTHING: ReadinessFound = { affected: [], cannotTell: '0', unread: [] };
const UNCHANGED: Configured = { changes: [], kept: [], advice: [] };
const CHANGE = { kind: 'profile', name: 'REPORTING_CURRENCY', code: null, entity: null } as const;

function done(reviewed: Reviewed, found: ReadinessFound = NOTHING, configured: Configured = UNCHANGED) {
  const turn = settingsDone(reviewed, found, configured);
  if (turn.kind !== 'done') throw new Error('it is not done');
  return turn;
}

describe('the end of step 4', () => {
  test('says that all fits, where it does', () => {
    const { note, evidence } = done(CLEAN);
    expect(note).toBe(
      'Every binding setting fits; 0 profiles and lookups written, 0 kept as people set them. Readiness finds no known limitation in the data.',
    );
    expect(evidence).toEqual({
      deviations: [],
      readiness: { affected: [], cannotTell: '0', unread: [] },
      changes: [],
      kept: [],
      advice: [],
    });
  });

  test('keeps who accepted which deviation and why, and what was written', () => {
    const reviewed: Reviewed = {
      ...CLEAN,
      deviations: deviationsOf([judged('days-in-month', { value: 'Assume30Days' })], [PAST_TERM]),
      answer: { approve: true, accept: ['days-in-month'], note: 'By contract.' },
      by: 'ann',
    };
    const found = {
      affected: [
        { id: 'mass-actions', count: '3', amounts: [{ currency: 'USD', amount: '1200.5', gross: '1200.5' }] },
      ],
      cannotTell: '1',
      unread: ['US'],
    };
    const { note, evidence } = done(reviewed, found, {
      changes: [
        { ...CHANGE, before: null, after: 'USD' },
        {
          ...CHANGE,
          kind: 'lookup',
          name: 'AUTO_REVENUE_SYNC',
          code: 'Auto_Collect',
          before: 'N',
          after: 'Y',
        },
        { ...CHANGE, kind: 'billing-setting', name: 'days-in-month', before: null, after: 'x' },
      ],
      kept: [
        {
          kind: 'profile',
          name: 'KS_ENABLE_ZBILL_EXCHG_RATE',
          code: null,
          value: 'N',
          setBy: 'bob',
          setAt: '2024-01-01T00:00:00Z',
          wouldBe: 'Y',
        },
      ],
      advice: ['update-subscription-trigger-dates'],
    });
    expect(note).toMatch(
      /^1 deviation accepted; 2 profiles and lookups written, 1 kept as people set them\./,
    );
    expect(evidence).toEqual({
      deviations: [
        {
          id: 'days-in-month',
          said: 'Assume30Days in demo',
          required: 'Use actual number of days',
          consequence: expect.stringContaining('months of 30 days'),
        },
      ],
      acceptedBy: 'ann',
      reason: 'By contract.',
      readiness: {
        affected: [{ id: 'mass-actions', items: '3', amount: '1,200.50 USD' }],
        cannotTell: '1',
        unread: ['US'],
      },
      changes: [
        { name: 'REPORTING_CURRENCY', before: null, after: 'USD' },
        { name: 'AUTO_REVENUE_SYNC Auto_Collect', before: 'N', after: 'Y' },
      ],
      kept: [{ name: 'KS_ENABLE_ZBILL_EXCHG_RATE', value: 'N', setBy: 'bob', wouldBe: 'Y' }],
      advice: ['update-subscription-trigger-dates'],
    });
  });

  test('has every change of the settings sync and every deviation with its consequence whole', () => {
    const entities = ['DE', 'FR', 'US'];
    const rules = [...ALL_RULES.keys()].flatMap((rule) => entities.map((entity) => judged(rule, { entity })));
    const deviations = deviationsOf(rules, [PAST_TERM]);
    const changes = Array.from({ length: 40 }, (_, at) => ({
      ...CHANGE,
      kind: 'lookup' as const,
      name: 'RPRO_KS_ZUORA_ENTITIES_TIMEZONE',
      code: `entity-${at}`,
      before: 'Europe/Berlin',
      after: 'America/Los_Angeles',
    }));
    const { evidence } = done({ ...CLEAN, deviations, by: 'ann' }, NOTHING, { ...UNCHANGED, changes });
    expect(evidence).not.toHaveProperty('changesLeftOut');
    expect(evidence['changes']).toHaveLength(40);
    expect(evidence).not.toHaveProperty('deviationsLeftOut');
    expect(evidence['deviations']).toEqual(
      deviations.map(({ id, required, consequence }) => ({
        id,
        said: expect.stringMatching(/ in DE, FR and US$/) as string,
        required,
        consequence,
      })),
    );
  });

  test('stays below 16 KB whatever there is to tell, and counts what it leaves out', () => {
    const rules = [...ALL_RULES.keys()].flatMap((rule) =>
      Array.from({ length: 50 }, (_, at) =>
        judged(rule, { entity: `Entity-${at}`, value: `${at}`.padEnd(60, '"'), binding: true }),
      ),
    );
    const amounts = ['USD', 'EUR', 'JPY'].map((currency) => ({ currency, amount: '1', gross: '1' }));
    const { evidence } = done(
      { ...CLEAN, deviations: deviationsOf(rules, [PAST_TERM]), by: 'ann', note: 'ж'.repeat(2_000) },
      {
        affected: LIMITATION_IDS.map((id) => ({ id, count: '12345', amounts })),
        cannotTell: '24',
        unread: Array.from({ length: 50 }, (_, at) => `Entity-${at}`),
      },
      {
        changes: Array.from({ length: 200 }, (_, at) => ({
          ...CHANGE,
          name: `NAME-${at}`,
          before: 'some value',
          after: 'another value',
        })),
        kept: [],
        advice: [...ALL_RULES.keys()],
      },
    );
    expect(new TextEncoder().encode(JSON.stringify(evidence)).length).toBeLessThan(16_384);
    expect(evidence).toMatchObject({
      deviationsLeftOut: expect.stringMatching(/^[1-9]\d*$/),
      changesLeftOut: expect.stringMatching(/^1\d\d$/),
      readiness: { unreadLeftOut: expect.stringMatching(/^[1-9]\d*$/) },
    });
  });
});
