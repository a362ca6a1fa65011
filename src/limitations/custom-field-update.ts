import { defineLimitation } from './limitation.ts';
import { foundBy } from './lines.ts';

const id = 'custom-field-update';

/** A mapped field outside the guarded nine that changes in Billing after its line was collected. */
export const customFieldUpdate = defineLimitation({
  id,
  heading: 'Custom field update',
  scope: 'line',
  outcome: 'warn',
  checkedAt: ['staging'],
  does: 'Keeps the collected line as it is, and opens a finding with the field, its old and its new value and the amount of the line.',
  remedy:
    'To take the new value over, release the line as correction or amendment (`revsync hold release --line`); to leave it, reject it. The finding goes when the values are as before.',
  inStaging: foundBy(id),
  // No finding here: src/store/recollect/report-updates.ts makes it, by comparing lines, which no query over pre-staging can.
});
