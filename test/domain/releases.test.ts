import { describe, expect, test } from 'vitest';

import { canBeRejected, choicesFor, type HeldFor, refusalOf } from '../../src/domain/releases.ts';

const held = (limitation: string, kind: string, type = 'SO', overridable = false): HeldFor => ({
  limitation,
  kind,
  type,
  overridable,
});

describe('what can be decided on a held line', () => {
  test.each([
    [held('same-version-recollection', 'limitation'), ['correction', 'amendment'], true],
    [held('same-version-recollection', 'limitation', 'INV'), ['correction', 'amendment'], true],
    [held('evergreen-conversion', 'limitation'), ['new-contract'], true],
    [held('change-plan-order-action', 'limitation'), [], true],
    [held('waits-for-booking', 'waiting', 'INV'), ['standalone'], true],
    [held('waits-for-booking', 'waiting', 'CM'), [], true],
    [held('waits-for-open-period', 'waiting'), [], false],
    [held('waits-for-charge-version', 'waiting', 'INV'), [], false],
    [held('waits-for-price', 'waiting'), [], false],
    [held('missing-ordered-qty', 'withheld'), [], false],
    [held('orphan-account', 'orphan'), [], false],
    [held('missing-invoice-qty', 'validation', 'INV'), [], true],
    [held('credit-beyond-invoice', 'validation', 'CM', true), ['correction'], true],
    [held('blank-grouping-key', 'validation'), ['new-contract'], true],
    [held('contract-closed', 'validation', 'INV'), [], true],
    [held('rejected', 'validation', 'INV'), ['correction', 'standalone'], true],
  ])('%o: %j', (line, choices, rejected) => {
    expect(choicesFor(line)).toEqual(choices);
    expect(canBeRejected(line)).toBe(rejected);
    for (const as of choices) expect(refusalOf(line, as as never)).toBeNull();
    expect(refusalOf(line, null) === null).toBe(rejected);
  });

  test.each([
    [held('missing-ordered-qty', 'withheld'), /not complete .* by itself/],
    [held('waits-for-price', 'waiting'), /not complete/],
    [held('waits-for-open-period', 'waiting'), /only waits/],
    [held('same-version-recollection', 'limitation'), /correction or amendment, or rejected/],
    [held('waits-for-booking', 'waiting', 'CM-C'), /only INV lines can stand alone, and this one is CM-C/],
    [held('missing-invoice-qty', 'validation', 'INV'), /can only be rejected, or corrected in Billing/],
  ])('a refusal for %o says why and what is possible', (line, said) => {
    expect(refusalOf(line, line.type === 'SO' ? 'standalone' : 'amendment')).toMatch(said);
  });
});
