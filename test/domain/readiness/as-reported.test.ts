import { expect, test } from 'vitest';

import { asReported } from '../../../src/domain/readiness/as-reported.ts';

test('settings as they were read have the shape of the readiness report, and nothing beside it', () => {
  const rule = {
    entity: 'demo',
    rule: 'days-in-month',
    name: 'Days',
    value: null,
    required: 'Use actual number of days',
    fits: null,
    binding: true,
    why: 'Because.',
  };
  const feature = { entity: 'demo', feature: 'Orders', on: true, how: 'Billing describes Order' } as const;
  const { rule: setting, ...rest } = rule;
  expect(
    asReported({ rules: [{ ...rule, setting: 'billing-rules.daysInMonth' }], features: [feature] }),
  ).toEqual({
    settings: [{ ...rest, setting }],
    features: [feature],
  });
});
