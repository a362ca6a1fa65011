import { describe, expect, test } from 'vitest';

import { answerRequest, RequestFile } from '../../../src/domain/requests/request.ts';

const answer = (request: unknown) => answerRequest(RequestFile.parse(request));
const event = (processing: string, chargeType: string, value = '25') =>
  answer({ kind: 'event', processing, chargeType, value });
const action = (level: string, name: string) => answer({ kind: 'mass-action', level, action: name });
const formula = (text: string) => answer({ kind: 'vc-formula', formula: text });

describe('answerRequest', () => {
  describe('variable consideration', () => {
    test.each([
      'Allocatable Amount * 5%',
      'allocatable_amount*0.05',
      '(ALLOCATABLE_PRICE - 1) / 2',
      '[Ext Allocatable Price] * 0.1',
      '{allocatableAmount} * 0.1',
      'alctbl_xt_prc * 0.1',
      'Ext Sell Price - min(Allocatable Amount, 3)',
    ])('refuses a formula that reckons with the allocatable amount: %s', (text) => {
      expect(formula(text)).toMatchObject({ accepted: false, limitation: 'variable-consideration-formula' });
    });

    test.each([
      'Ext Sell Price * 5%',
      '-0.05 * [Ext List Price]',
      'round(ext_sell_price * 0.1, 2)',
      'Allocated Cost * 2',
      "Region = 'allocatable'",
    ])('accepts any other: %s', (text) => {
      expect(formula(text)).toMatchObject({ accepted: true, limitation: null, remedy: null });
    });

    test.each([
      ['(Ext Sell Price', 'a parenthesis is not closed'],
      ['Ext Sell Price)', 'a parenthesis is closed that is not open'],
      ['Ext Sell Price *', 'something is missing at its end'],
      ['* 5', 'something is missing before *'],
      ['2 3', 'an operator is missing before 3'],
      ['a; drop', 'at character 2'],
    ])('refuses what is no formula: %s', (text, why) => {
      expect(formula(text)).toMatchObject({
        accepted: false,
        limitation: null,
        message: `The formula cannot be read: ${why}.`,
      });
    });
  });

  describe('events', () => {
    test.each([
      ['by-percent', 'Recurring', '25'],
      ['by-percent', 'usage', '100'],
      ['by-amount', 'OneTime', '-10.50'],
      ['by-amount', 'Usage', '1'],
    ])('accepts %s on a charge of type %s', (processing, chargeType, value) => {
      expect(event(processing, chargeType, value)).toMatchObject({ accepted: true, limitation: null });
    });

    test.each([
      ['by-amount', 'recurring'],
      ['by-quantity', 'one-time'],
      ['by-quantity', 'recurring'],
    ])('refuses %s on a charge of type %s', (processing, chargeType) => {
      expect(event(processing, chargeType)).toMatchObject({ accepted: false, limitation: 'event-by-amount' });
    });

    test.each([
      ['by-percent', '0'],
      ['by-percent', '100.01'],
      ['by-percent', '-1'],
      ['by-amount', '0.00'],
    ])('refuses %s of %s', (processing, value) => {
      expect(event(processing, 'usage', value)).toMatchObject({ accepted: false, limitation: null });
    });
  });

  describe('mass actions', () => {
    test.each(['apply-hold', 'Release Hold', 'close', 'openRC', 'regroup', 'close contracts', 're-allocate'])(
      'accepts %s on contracts',
      (name) => {
        expect(action('contract', name)).toMatchObject({ accepted: true, limitation: null });
      },
    );

    test.each([
      ['line', 'apply-hold', '"Apply Hold" would be one on lines.'],
      ['obligation', 'close', '"Close RC" would be one on obligations.'],
      ['line', 'whatever', '"whatever" would be one on lines.'],
      ['contract', 'Defer Revenue', '"Defer Revenue" would be one on obligations.'],
      ['contract', 'update-attributes', '"Update Attributes" would be one on lines.'],
    ])('refuses, on %s, %s', (level, name, says) => {
      expect(action(level, name)).toEqual({
        accepted: false,
        limitation: 'mass-actions',
        message: `Mass actions can be taken on revenue contracts only; ${says}`,
        remedy:
          'Take the action on the contracts: `revsync contract hold`, `release`, `close`, `open` or `regroup`.',
      });
    });

    test('says which action may be meant', () => {
      expect(action('contract', 'aply hold')).toMatchObject({
        accepted: false,
        limitation: null,
        remedy: 'Did you mean Apply Hold?',
      });
    });
  });

  test('refuses material rights', () => {
    expect(answer({ kind: 'material-right' })).toMatchObject({
      accepted: false,
      limitation: 'material-rights',
    });
  });
});
