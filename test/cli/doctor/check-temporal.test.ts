import { describe, expect, test } from 'vitest';

import { missingAttributes } from '../../../src/cli/doctor/check-temporal.ts';

describe('missingAttributes', () => {
  test('names those of ours that nobody registered', () => {
    expect(missingAttributes(['RevsyncTenant', 'Outcome', 'SomebodyElses'])).toEqual([
      'RevsyncEntity',
      'RevsyncStep',
      'AwaitingAction',
    ]);
    expect(missingAttributes(missingAttributes([]))).toEqual([]);
  });
});
