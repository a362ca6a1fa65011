import { describe, expect, test } from 'vitest';

import { CustomFieldsAnswer } from '../../../src/domain/enablement/step-05-custom-fields.ts';

const mapping = (to: string) => [{ from: 'RatePlanCharge.Region__c', to }];

describe('the answer of step 5', () => {
  test.each([
    { approve: true },
    { approve: true, mapping: [] },
    { approve: true, mapping: mapping('ATR1') },
    { approve: true, mapping: mapping('ATR60') },
  ])('may be %j', (answer) => {
    expect(CustomFieldsAnswer.parse(answer)).toEqual(answer);
  });

  test.each([
    ['no approval', {}, 'approve'],
    ['a refusal', { approve: false }, 'approve'],
    ['an attribute beyond the last', { approve: true, mapping: mapping('ATR61') }, 'ATR1 to ATR60'],
    ['attribute 0', { approve: true, mapping: mapping('ATR0') }, 'ATR1 to ATR60'],
    ['a field of a line', { approve: true, mapping: mapping('Ext Sell Price') }, 'ATR1 to ATR60'],
    ['something else beside', { approve: true, maping: [] }, 'maping'],
  ])('is not %s', (_, answer, why) => {
    expect(CustomFieldsAnswer.safeParse(answer).error?.message).toContain(why);
  });
});
