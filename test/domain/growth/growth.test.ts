import { describe, expect, test } from 'vitest';

import { type Billed, growthOf } from '../../../src/domain/growth/growth.ts';
import { Decimal } from '../../../src/domain/money/decimal.ts';

type Amounts = Partial<Record<Exclude<keyof Billed, 'invoiceDriven'>, string>>;

const grown = (amounts: Amounts, { driven = false, allow = true } = {}) => {
  const of = (key: keyof Amounts) => new Decimal(amounts[key] ?? 0);
  const billed = {
    booked: of('booked'),
    invoiceDriven: driven,
    invoicedBefore: of('invoicedBefore'),
    invoicedSince: of('invoicedSince'),
    credited: of('credited'),
    reversed: of('reversed'),
  };
  const entries = Object.entries(growthOf(billed, allow)).filter(([, amount]) => !amount.isZero());
  return Object.fromEntries(entries.map(([name, amount]) => [name, amount.toString()]));
};

describe('growthOf', () => {
  test.each<[what: string, amounts: Amounts, expected: Record<string, string>]>([
    ['nothing while less is billed than booked', { booked: '1200', invoicedSince: '100' }, {}],
    ['a lift by an overstated invoice', { booked: '1150', invoicedSince: '1200' }, { lifted: '50' }],
    ['none once a CM takes it back', { booked: '1150', invoicedSince: '1200', credited: '-50' }, {}],
    ['none once a CM-C takes it back', { booked: '1150', invoicedSince: '1200', reversed: '-50' }, {}],
    [
      'a concession by a CM that takes back nothing overstated',
      { booked: '180', invoicedSince: '180', credited: '-30' },
      { conceded: '30' },
    ],
    [
      'a concession by what of a CM is beyond what was overstated',
      { booked: '100', invoicedSince: '120', credited: '-30' },
      { conceded: '10' },
    ],
    [
      'a system CM-C when a booking is lowered below what was invoiced',
      { booked: '200', invoicedBefore: '1200' },
      { systemCredit: '-1000' },
    ],
    [
      'a smaller one when Billing credits a part',
      { booked: '200', invoicedBefore: '1200', credited: '-600' },
      { systemCredit: '-400' },
    ],
    ['none when Billing credits it all', { booked: '200', invoicedBefore: '1200', credited: '-1000' }, {}],
    [
      'a lift by what is invoiced since, and a system CM-C for the rest',
      { booked: '200', invoicedBefore: '1200', invoicedSince: '70' },
      { lifted: '70', systemCredit: '-1000' },
    ],
    [
      'nothing when an invoice is credited and billed again',
      { booked: '1200', invoicedSince: '2400', credited: '-1200' },
      {},
    ],
    [
      'a lift by the debit that reverses the credit of a cancellation',
      { booked: '50', invoicedBefore: '100', invoicedSince: '50', reversed: '-50' },
      { lifted: '50' },
    ],
    [
      'a system CM-RO for what CM-Cs take beyond the invoices',
      { booked: '100', invoicedSince: '100', reversed: '-130' },
      { systemReturn: '-30' },
    ],
    [
      'none for what CMs take beyond them',
      { booked: '100', invoicedSince: '100', credited: '-130' },
      { conceded: '130' },
    ],
    ['nothing of nothing', {}, {}],
  ])('makes %s', (_what, amounts, expected) => {
    expect(grown(amounts)).toEqual(expected);
  });

  test('takes a discount as a booking in the other direction', () => {
    expect(grown({ booked: '-120', invoicedSince: '-150' })).toEqual({ lifted: '-30' });
    expect(grown({ booked: '-20', invoicedBefore: '-120' })).toEqual({ systemCredit: '100' });
    expect(grown({ booked: '-20', invoicedSince: '-20', credited: '5' })).toEqual({ conceded: '-5' });
  });

  test('goes by what is invoiced where nothing is booked, and lets credits alone lift nothing', () => {
    expect(grown({ invoicedSince: '-10' })).toEqual({ lifted: '-10' });
    expect(grown({ reversed: '10' })).toEqual({ systemReturn: '10' });
  });

  test('lifts an invoice-driven booking by all that is billed, under whatever version and profile', () => {
    const amounts = { invoicedBefore: '1200', invoicedSince: '300', credited: '-100' };
    expect(grown(amounts, { driven: true, allow: false })).toEqual({ lifted: '1400' });
  });

  test('makes everything beyond the booking a system CM-C under ALLOW_OVERSTATED_INVOICE = No', () => {
    expect(grown({ booked: '1150', invoicedSince: '1200' }, { allow: false })).toEqual({
      systemCredit: '-50',
    });
  });
});
