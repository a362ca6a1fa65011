import { describe, expect, test } from 'vitest';

import { TemplatesAnswer } from '../../../src/domain/enablement/step-06-templates.ts';

describe('the answer of step 6', () => {
  test('is an approval, and nothing else', () => {
    expect(TemplatesAnswer.parse({ approve: true })).toEqual({ approve: true });
    for (const answer of [{}, { approve: false }, { approve: 'yes' }, { approve: true, templates: [] }]) {
      expect(TemplatesAnswer.safeParse(answer).success).toBe(false);
    }
  });
});
