import { describe, expect, test } from 'vitest';

import {
  type CurrencyFacts,
  lackingHome,
  refusalOfHome,
  STEP_03,
  turnOfHome,
} from '../../../src/domain/enablement/step-03-home-currency.ts';

const entity = (name: string, more: Partial<CurrencyFacts> = {}): CurrencyFacts => ({
  entity: name,
  displayName: `Acme ${name}`,
  parent: 'Top',
  homeCurrency: null,
  accounts: true,
  readable: true,
  ...more,
});
const ALONE = entity('acme', { parent: null, accounts: null });
const TOP = entity('Top', { parent: null, accounts: false });
const OFF = { currencyConversion: 'off' } as const;
const names = (entities: readonly CurrencyFacts[]) => lackingHome(entities).map(({ entity: name }) => name);

describe('who needs a home currency', () => {
  test('is who has accounts, or may have', () => {
    expect(
      names([TOP, entity('US', { homeCurrency: 'USD' }), entity('JP'), entity('EU', { accounts: null })]),
    ).toEqual(['JP', 'EU']);
  });

  test('is nobody’s bare parent, once its children have one', () => {
    expect(names([TOP, entity('US', { homeCurrency: 'USD' })])).toEqual([]);
  });

  test('is everybody where nobody has accounts yet: nothing is done by there being nothing', () => {
    expect(names([TOP, entity('US', { accounts: false })])).toEqual(['Top', 'US']);
    expect(names([ALONE])).toEqual(['acme']);
  });
});

describe('the turn', () => {
  test('is done with what Billing tells, whatever was answered before', () => {
    const told = [entity('US', { homeCurrency: 'USD' }), entity('EU', { homeCurrency: 'EUR' }), TOP];
    for (const off of [null, { by: 'ann' }]) {
      expect(turnOfHome(told, off)).toEqual({
        kind: 'done',
        note: 'Home currencies: EUR and USD.',
        evidence: {
          homeCurrencies: [
            { entity: 'US', homeCurrency: 'USD' },
            { entity: 'EU', homeCurrency: 'EUR' },
          ],
          withoutAccounts: ['Top'],
          leftOut: 0,
        },
      });
    }
  });

  test('asks and looks meanwhile, with the same words as long as Billing says the same', () => {
    const turn = turnOfHome([ALONE], null);
    expect(turn).toMatchObject({ kind: 'ask', polls: true, value: { homeCurrency: 'USD' } });
    expect(turn).toEqual(turnOfHome([ALONE], null));
    expect(turn).not.toMatchObject({ remedy: expect.stringContaining('parent entity') as string });
  });

  test('asks in words that fit the page, however many entities lack it', () => {
    const turn = turnOfHome(
      Array.from({ length: 400 }, (_, at) => entity('x'.repeat(300) + String(at), { readable: false })),
      null,
    );
    if (turn.kind !== 'ask') throw new Error('the step did not ask');
    expect(turn.message).toContain('and 395 more');
    expect(turn.message.length).toBeLessThan(900);
    expect(turn.remedy.length).toBeLessThan(1_500);
  });

  test('does without only where nobody has one', () => {
    expect(turnOfHome([ALONE], { by: 'ann' })).toMatchObject({
      kind: 'done',
      evidence: { currencyConversion: 'off', entities: ['acme'], decidedBy: 'ann' },
    });
    const one = [entity('US', { homeCurrency: 'USD' }), entity('JP')];
    expect(turnOfHome(one, { by: 'ann' })).toMatchObject({ kind: 'ask' });
    expect(turnOfHome([entity('US', { readable: false })], { by: 'ann' })).toMatchObject({ kind: 'ask' });
  });
});

describe('the answer', () => {
  test.each([
    { homeCurrency: 'XYZ' },
    { homeCurrency: 'usd' },
    { currencyConversion: 'on' },
    {},
    { ...OFF, homeCurrency: 'USD' },
  ])('%j has not the form of one', (value) => {
    expect(STEP_03.answer.safeParse(value).success).toBe(false);
  });

  test('has to be what Billing says of the parent', () => {
    const told = [
      entity('Top', { parent: null, homeCurrency: 'EUR' }),
      entity('US', { homeCurrency: 'USD' }),
    ];
    expect(refusalOfHome({ homeCurrency: 'EUR' }, told)).toBeNull();
    expect(refusalOfHome({ homeCurrency: 'USD' }, told)).toMatchObject({ value: { homeCurrency: 'EUR' } });
  });

  test('has to be one of those that entities have where the parent has none', () => {
    const told = [TOP, entity('US', { homeCurrency: 'USD' }), entity('EU', { homeCurrency: 'EUR' })];
    expect(refusalOfHome({ homeCurrency: 'USD' }, told)).toBeNull();
    expect(refusalOfHome({ homeCurrency: 'GBP' }, told)?.refusal).toContain('EUR and USD');
  });

  test('that it stays off does not stand beside a home currency', () => {
    expect(refusalOfHome(OFF, [ALONE])).toBeNull();
    expect(refusalOfHome(OFF, [entity('US', { homeCurrency: 'USD' })])).toEqual({
      refusal: 'Billing has a home currency, USD, so Currency Conversion is on.',
      value: { homeCurrency: 'USD' },
    });
    expect(refusalOfHome(OFF, [entity('US', { readable: false })])?.refusal).toContain('is not known');
  });
});
