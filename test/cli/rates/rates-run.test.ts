import { describe, expect, test } from 'vitest';

import {
  type RatesReport,
  ratesReached,
  ratesText,
  rateSyncInput,
} from '../../../src/cli/rates/rates-run.ts';

const flags = { wait: true, queue: true };
const report: RatesReport = {
  workflowId: 'exchange-rate-sync/demo',
  runId: 'r',
  entity: 'demo',
  outcome: 'completed',
  message: null,
  window: { from: '2024-01-01', to: '2024-01-31' },
  currencies: ['EUR', 'JPY'],
  rates: { read: '62', new: '60', changed: '1', unchanged: '1', refused: '1' },
  refused: ['USD to EUR on 2024-01-01: a rate is more than zero'],
  note: 'Billing told no rate of KWD in USD.',
};

describe('a run of rates', () => {
  test('takes currencies as people write them', () => {
    expect(rateSyncInput({ ...flags, currencies: 'eur, JPY' }).currencies).toEqual(['EUR', 'JPY']);
    expect(rateSyncInput(flags)).toEqual({});
  });

  test('says what is wrong with its flags', () => {
    const wrong = { ...flags, from: '2024-02-02', to: '2024-02-01' };
    expect(() => rateSyncInput(wrong)).toThrow('--from 2024-02-02 lies after --to 2024-02-01.');
    expect(() => rateSyncInput({ ...flags, to: 'soon' })).toThrow(/^--to: /);
    expect(() => rateSyncInput({ ...flags, currencies: 'EUR,E' })).toThrow(/^--currencies: is a code/);
  });

  test('is told in a few lines', () => {
    expect(ratesText(report)).toEqual([
      'Exchange rates of demo: completed (EUR, JPY, 2024-01-01 to 2024-01-31)',
      '62 read: 60 new, 1 changed, 1 as before; 1 refused.',
      '  USD to EUR on 2024-01-01: a rate is more than zero',
      'Billing told no rate of KWD in USD.',
    ]);
    const nothing = { ...report, outcome: 'nothing-to-do', window: null, refused: [], note: 'Why.' } as const;
    expect(ratesText(nothing)).toEqual(['Exchange rates of demo: nothing-to-do', 'Why.']);
    const failed: RatesReport = {
      workflowId: 'w',
      runId: null,
      entity: 'demo',
      outcome: 'failed',
      message: 'Oh.',
    };
    expect(ratesText(failed)).toEqual(['Exchange rates of demo: failed', 'Oh.']);
  });

  test('has reached its goal unless it failed, waits or was refused', () => {
    const of = (outcome: RatesReport['outcome']) => ratesReached({ ...report, outcome });
    expect((['completed', 'nothing-to-do', 'started'] as const).map(of)).toEqual([true, true, true]);
    expect((['failed', 'waiting', 'refused', 'aborted'] as const).map(of)).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });
});
