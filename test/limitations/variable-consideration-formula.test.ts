import { describe, expect, test } from 'vitest';

import { answerRequest } from '../../src/domain/requests/request.ts';
import { variableConsiderationFormula } from '../../src/limitations/variable-consideration-formula.ts';

const answer = (formula: string) => answerRequest({ kind: 'vc-formula', formula });

describe('Variable consideration', () => {
  test.each(['Allocatable Amount * 5%', 'Ext Sell Price - 0.1 * alctbl_xt_prc', 'ALLOCATABLE_PRICE'])(
    'refuses a formula that reckons with the allocatable amount: %s',
    (formula) => {
      const { id: limitation, remedy } = variableConsiderationFormula;
      expect(answer(formula)).toMatchObject({ accepted: false, limitation, remedy });
    },
  );

  test.each(['Ext Sell Price * 5%', 'Allocated Cost * 2', "Region = 'allocatable'"])(
    'has nothing against %s',
    (formula) => {
      expect(answer(formula)).toMatchObject({ accepted: true, limitation: null });
    },
  );

  test('is no reason to refuse what is no formula', () => {
    expect(answer('Allocatable Amount *')).toMatchObject({ accepted: false, limitation: null });
  });
});
