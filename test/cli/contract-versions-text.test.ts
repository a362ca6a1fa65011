import { expect, test } from 'vitest';

import { versionsText } from '../../src/cli/contract-versions-text.ts';
import type { ContractChange } from '../../src/domain/contract-changes/contract-change.ts';

const CHANGE: ContractChange = {
  action: 'update-so',
  soLineId: 'a.1',
  line: 'SO:a.1@2',
  was: 'SO:a.1@1',
  amount: '600.00',
  wasAmount: '1200.00',
  currency: 'USD',
  orderAction: 'Update product',
  category: 'price',
  skipCtMod: true,
  fields: {
    'Ext Sell Price': { was: '1200', is: '600' },
    'Amendment Reason': { was: '', is: 'Contraction' },
    'CT Mod Date': { was: null, is: '2024-07-01' },
  },
};
const NEW: ContractChange = { ...CHANGE, action: 'new-so', was: null, wasAmount: null, fields: {} };
const HOLD: ContractChange = {
  ...NEW,
  action: 'hold',
  soLineId: null,
  amount: null,
  currency: null,
  category: null,
};

test('a version says what it changed and from what, the amount once', () => {
  const at = '2024-02-15T09:30:59.000000Z';
  const version = { at, by: 'ann' };
  expect(
    versionsText([
      { ...version, version: 1, cause: 'New contract', changes: [NEW] },
      {
        ...version,
        version: 2,
        cause: 'Price change',
        changes: [CHANGE, { ...CHANGE, amount: null, fields: {} }],
      },
      { ...version, version: 3, cause: 'Hold applied', changes: [HOLD] },
    ]),
  ).toEqual([
    'Version 1, 2024-02-15 09:30 UTC, by ann: New contract',
    '  a.1  new-so (price)  600.00 USD',
    'Version 2, 2024-02-15 09:30 UTC, by ann: Price change',
    '  a.1  update-so (price)  1200.00 -> 600.00 USD',
    '      Amendment Reason: none -> Contraction',
    '      CT Mod Date: none -> 2024-07-01',
    '  a.1  update-so (price)  1200.00 -> nothing USD',
    'Version 3, 2024-02-15 09:30 UTC, by ann: Hold applied',
    '  hold',
  ]);
});
