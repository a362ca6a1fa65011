import { describe, expect, test } from 'vitest';

import { adviceOf, deviationsOf, openDeviations } from '../../../src/domain/enablement/deviations.ts';
import { judged, PAST_TERM } from '../../support/judged-rules.ts';

const idsOf = (...rules: Parameters<typeof deviationsOf>[0]) =>
  deviationsOf(rules, [PAST_TERM]).map(({ id }) => id);

describe('deviationsOf', () => {
  test('finds nothing where every rule fits', () => {
    expect(idsOf(judged('days-in-month', { fits: true }), judged('proration-unit', { fits: true }))).toEqual(
      [],
    );
  });

  test('has a rule once, with every entity that has it otherwise or does not tell it', () => {
    const [only, ...more] = deviationsOf(
      [
        judged('days-in-month', { entity: 'DE', org: 'EMEA', value: 'Assume30Days' }),
        judged('days-in-month', { entity: 'US', fits: true }),
        judged('days-in-month', { entity: 'JP', value: null, fits: null }),
      ],
      [PAST_TERM],
    );
    expect(more).toEqual([]);
    expect(only).toMatchObject({
      id: 'days-in-month',
      kind: 'setting',
      required: 'Use actual number of days',
      where: 'Billing Settings > Define Billing Rules',
      consequence: expect.stringContaining('months of 30 days'),
      acceptedBy: [['days-in-month']],
    });
    expect(only?.settings.map(({ entity, org, value }) => [entity, org, value])).toEqual([
      ['DE', 'EMEA', 'Assume30Days'],
      ['JP', 'default', null],
    ]);
  });

  test('takes what runs into a limitation together, under the name of the limitation', () => {
    const [only, ...more] = deviationsOf(
      [
        judged('invoice-past-end-of-term-auto-renew-off', { value: 'true' }),
        judged('invoice-past-end-of-term-subscriptions', { value: 'true' }),
      ],
      [PAST_TERM],
    );
    expect(more).toEqual([]);
    expect(only).toMatchObject({
      id: 'invoice-past-end-of-term',
      kind: 'limitation',
      name: PAST_TERM.heading,
      where:
        'Billing Settings > Define Billing Rules; Billing Settings > Define Default Subscription and Order Settings',
    });
    expect(only?.settings).toHaveLength(2);
  });

  test('names the limitation of a setting that is not told, too: its settings count as one', () => {
    const rule = judged('invoice-past-end-of-term-subscriptions', { value: null, fits: null });
    const [only, ...more] = deviationsOf([rule, { ...rule, entity: 'US' }], [PAST_TERM]);
    expect(more).toEqual([]);
    expect(only).toMatchObject({ id: 'invoice-past-end-of-term', kind: 'limitation' });
    expect(only?.settings.map(({ entity, value }) => [entity, value])).toEqual([
      ['demo', null],
      ['US', null],
    ]);
  });

  test('leaves the home currency to its step, and advice to advice', () => {
    const rules = [
      judged('home-currency', { value: null }),
      judged('currency-conversion-export', { value: 'false' }),
      judged('recurring-credit-proration', { value: 'x', fits: null }),
    ];
    expect(idsOf(...rules)).toEqual([]);
    expect(adviceOf(rules)).toEqual(['currency-conversion-export', 'recurring-credit-proration']);
    expect(adviceOf([judged('currency-conversion-export', { fits: true })])).toEqual([]);
  });
});

describe('openDeviations', () => {
  const misfit = judged('invoice-past-end-of-term-auto-renew-off', { value: 'true' });
  const untold = judged('invoice-past-end-of-term-subscriptions', { value: null, fits: null });
  const another = judged('invoice-past-end-of-term-auto-renew-on', { value: null, fits: null });
  const days = judged('days-in-month');
  const openOf = (rules: Parameters<typeof deviationsOf>[0], ...accepted: string[]) =>
    openDeviations(deviationsOf(rules, [PAST_TERM]), accepted).map(({ id }) => id);
  const open = (...accepted: string[]) => openOf([misfit, untold], ...accepted);

  test('are all, until they are accepted by their names', () => {
    expect(openOf([misfit, days])).toEqual(['invoice-past-end-of-term', 'days-in-month']);
    expect(openOf([misfit, days], 'days-in-month')).toEqual(['invoice-past-end-of-term']);
  });

  test('are closed by the names of settings, all of them, where none of the limitation is told', () => {
    expect(openOf([untold, another], 'invoice-past-end-of-term')).toEqual([]);
    expect(openOf([untold, another], untold.rule, another.rule)).toEqual([]);
    expect(openOf([untold, another], untold.rule)).toEqual(['invoice-past-end-of-term']);
    expect(open(misfit.rule, untold.rule)).toEqual(['invoice-past-end-of-term']);
  });

  test('are closed by the limitation, which covers its settings, and not the other way round', () => {
    expect(open('invoice-past-end-of-term')).toEqual([]);
    expect(open('invoice-past-end-of-term-auto-renew-off')).toContain('invoice-past-end-of-term');
  });
});
