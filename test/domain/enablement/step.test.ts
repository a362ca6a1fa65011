import { describe, expect, test } from 'vitest';

import { StepReference } from '../../../src/domain/enablement/step.ts';

describe('a step as people write it', () => {
  test.each([
    [4, 4],
    ['4', 4],
    ['04', 4],
    ['step-04-settings', 4],
    ['step-4', 4],
    [11, 11],
    ['step-11-data-collection', 11],
  ])('%j is step %i', (said, step) => {
    expect(StepReference.parse(said)).toBe(step);
  });

  test.each([0, 12, 4.5, -1, '', 'four', '4x', 'step-', '111', null, undefined, {}, [4], true, '٤'])(
    '%j is none',
    (said) => {
      expect(StepReference.safeParse(said).error?.issues[0]?.message).toBe('is no step: steps are 1 to 11');
    },
  );
});
