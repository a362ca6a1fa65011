import fc from 'fast-check';

import { Decimal } from '../../src/domain/money/decimal.ts';
import type { Billing, Story } from './charge-stories.ts';

/** Accounts of other currencies than the sample's, one without a minor unit and one with three digits of it. */
export const OTHER_ACCOUNTS = ['EUR', 'JPY', 'KWD'].map((currency) => ({
  Id: currency,
  AccountNumber: `A-${currency}`,
  Name: `Customer in ${currency}`,
  Currency: currency,
  UpdatedDate: '2024-01-05T10:00:00Z',
}));

const KINDS = {
  termed: {},
  usage: { charge: { ChargeType: 'Usage' } },
  evergreen: { subscription: { TermType: 'EVERGREEN', SubscriptionEndDate: null } },
} satisfies Record<string, Partial<Story>>;

/** Few amounts, so that they meet: equal to what is booked, a little more, much more. */
const AMOUNT = fc.constantFrom('100', '200', '50', '0.01', '99.99', '1000', '33.333');
/** The last one lies after the open period, February 2024. */
const DATE = fc.constantFrom('2024-01-10', '2024-01-11', '2024-02-20', '2024-03-05');

const BILLING = fc.record({
  kind: fc.constantFrom<Billing['kind']>(
    'invoice',
    'invoice',
    'invoice',
    'credit',
    'credit of invoice',
    'reversal',
  ),
  amount: AMOUNT,
  date: DATE,
  version: fc.nat({ max: 2 }),
  of: fc.option(fc.nat({ max: 4 }), { nil: null }),
  ends: fc.constantFrom('2024-02-01', '2024-03-01'),
});

const STORY = fc.record({
  kind: fc.constantFrom<keyof typeof KINDS>('termed', 'termed', 'usage', 'evergreen'),
  discount: fc.boolean(),
  account: fc.constantFrom(undefined, ...OTHER_ACCOUNTS.map(({ Id }) => Id)),
  versions: fc.array(
    fc.record({ booked: AMOUNT, dated: fc.constantFrom('2024-01-02', '2024-01-02', '2024-03-03') }),
    { minLength: 1, maxLength: 3 },
  ),
  billings: fc.array(BILLING, { maxLength: 5 }),
});

/** Charges of all kinds with up to three versions and five billings each, some of them credits of others. */
export const stories = (size: {
  readonly minLength: number;
  readonly maxLength: number;
}): fc.Arbitrary<Story[]> =>
  fc.array(STORY, size).map((list) => list.map((each, index) => toStory(`c${index}`, each)));

type Drawn = typeof STORY extends fc.Arbitrary<infer Value> ? Value : never;

function toStory(id: string, { kind, discount, account, versions, billings }: Drawn): Story {
  const signed = (amount: string): string => (discount ? `-${amount}` : amount);
  const ids = billings.map((billing, index) => `${id}-${billing.kind.slice(0, 3)}${index}`);
  const named = (wanted: Billing['kind'], of: number | null): Partial<Billing> => {
    const found = ids.filter((_id, index) => billings[index]?.kind === wanted);
    return of === null || found.length === 0 ? {} : { of: found[of % found.length] ?? '' };
  };
  return {
    id,
    ...KINDS[kind],
    ...(account === undefined ? {} : { account }),
    versions: versions.map(({ booked, dated }) => ({
      booked: signed(booked),
      dated,
      ends: kind === 'evergreen' ? null : '2025-01-01',
    })),
    billings: withinInvoices(
      billings.map(({ version, amount, of, ...billing }, index) => ({
        ...billing,
        id: ids[index] ?? '',
        amount: signed(amount),
        version: 1 + (version % versions.length),
        ...named(billing.kind === 'reversal' ? 'credit' : 'invoice', of),
      })),
    ),
  };
}

/**
 * Of credits that name one invoice and together are beyond it, the one that comes last is stopped: these tell nothing of
 * the order of arrival. A credit that is beyond it by itself is stopped whenever it comes.
 */
function withinInvoices(billings: readonly Billing[]): Billing[] {
  const left = new Map(billings.map(({ id, amount }) => [id, new Decimal(amount).abs()]));
  return billings.map((billing) => {
    const { of, ...unnamed } = billing;
    const rest = of === undefined || billing.kind === 'reversal' ? undefined : left.get(of);
    if (of === undefined || rest === undefined) return billing;
    const amount = new Decimal(billing.amount).abs();
    const whole = billings.find(({ id }) => id === of)?.amount ?? 0;
    if (amount.greaterThan(new Decimal(whole).abs())) return billing;
    if (amount.greaterThan(rest)) return unnamed;
    left.set(of, rest.minus(amount));
    return billing;
  });
}
