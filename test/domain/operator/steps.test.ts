import { describe, expect, test } from 'vitest';

import { type DeskState, withStep } from '../../../src/domain/operator/steps.ts';

const STATE: DeskState = {
  workflow: 'revenueSync',
  subject: 'Revenue Sync',
  status: 'running',
  steps: [
    { step: 'open', title: 'Open', status: 'done', note: 'here' },
    { step: 'extract', title: 'Extract', status: 'pending', note: '' },
  ],
  awaiting: null,
  refused: ['no'],
};
const AWAITED = {
  step: 'extract',
  message: 'It failed.',
  remedy: 'Mend it.',
  example: { update: 'retry', data: {} },
  skip: null,
};

describe('withStep', () => {
  test('changes one step and nothing else', () => {
    const before = structuredClone(STATE);
    const after = withStep(STATE, 'extract', 'running', 'two files');
    expect(after.steps[0]).toBe(STATE.steps[0]);
    expect(after.steps[1]).toEqual({
      step: 'extract',
      title: 'Extract',
      status: 'running',
      note: 'two files',
    });
    expect(after.refused).toEqual(['no']);
    expect(STATE).toEqual(before);
  });

  test('waits with what is awaited, and runs again without', () => {
    const waits = withStep(STATE, 'extract', 'waiting', 'It failed.', AWAITED);
    expect(waits).toMatchObject({ status: 'waiting', awaiting: AWAITED });
    expect(withStep(waits, 'extract', 'running', '')).toMatchObject({ status: 'running', awaiting: null });
  });

  test('leaves the steps alone for a name there is not', () => {
    expect(withStep(STATE, 'nothing', 'done', '').steps).toEqual(STATE.steps);
  });
});
