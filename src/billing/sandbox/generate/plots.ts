import { type Purchase, add, cancel, change, create, renew } from './amend.ts';
import { type CycleDay, type Day, billingMonth, startOfBillingMonth } from './days.ts';
import { type Dice } from './dice.ts';
import { divided } from './money.ts';
import {
  BUSINESS,
  CALLS,
  ENTERPRISE,
  LOYALTY,
  ONBOARDING,
  PROFESSIONAL,
  type ProductCharge,
  STANDARD,
  SUPPORT,
  TEAM,
  isDiscount,
  listPrice,
} from './product-catalogue.ts';
import { type Story, type Version } from './story.ts';

/** What a subscription of an account has to fit into. */
export interface Setting {
  /** Its number within the account. */
  readonly number: number;
  /** The number of its first charge within the account. */
  readonly firstCharge: number;
  readonly cycleDay: CycleDay;
  readonly from: Day;
  readonly until: Day;
  readonly currency: string;
}

type Plot = (dice: Dice, setting: Setting) => Story;

/** A subscription as chance has it; each kind is as frequent as it is listed. */
export function plotStory(dice: Dice, setting: Setting): Story {
  return dice.pick(PLOTS)(dice, setting);
}

const plain: Plot = (dice, setting) => {
  const first = dice.pick([TEAM, BUSINESS, STANDARD, ENTERPRISE]);
  const bought = [first, ...(dice.chance(30) ? [SUPPORT] : []), ...(dice.chance(30) ? [ONBOARDING] : [])];
  return termed(dice, setting, bought, []);
};

const changed: Plot = (dice, setting) => {
  const product = dice.pick([BUSINESS, ENTERPRISE, BUSINESS, STANDARD, TEAM]);
  return termed(
    dice,
    setting,
    [product],
    [
      (before, at) => {
        const state = before.charges[0];
        const running = state?.segments.at(-1);
        if (state === undefined || running === undefined) return before;
        const byQuantity = product.model === 'Per Unit Pricing' && dice.chance(60);
        return byQuantity
          ? change(before, at, {
              charge: state.charge,
              quantity: 1 + ((running.quantity + 1 + dice.below(20)) % 60),
            })
          : change(before, at, {
              charge: state.charge,
              price: scaled(running.price, dice.pick([80, 120, 150])),
            });
      },
    ],
  );
};

const discounted: Plot = (dice, setting) =>
  termed(dice, setting, [dice.pick([TEAM, BUSINESS, STANDARD]), LOYALTY], []);

const metered: Plot = (dice, setting) => termed(dice, setting, [TEAM, CALLS], []);

const cancelled: Plot = (dice, setting) =>
  termed(dice, setting, [dice.pick([TEAM, STANDARD, ENTERPRISE])], [cancel]);

const extended: Plot = (dice, setting) => {
  const bought = dice.chance(50) ? [SUPPORT, ONBOARDING] : [SUPPORT];
  return termed(
    dice,
    setting,
    [dice.pick([TEAM, STANDARD])],
    [
      (before, at) =>
        add(before, at, purchasesOf(dice, setting, bought, before.number + 1, setting.firstCharge + 1)),
    ],
  );
};

const instalments: Plot = (dice, setting) => termed(dice, setting, [PROFESSIONAL], [], 12);

const evergreen: Plot = (dice, setting) => {
  const start = startOf(dice, setting);
  const purchases = purchasesOf(dice, setting, [TEAM], 1);
  return storyOf(setting, start, null, [create(start, null, orderedFor(dice, setting, start), purchases)]);
};

/** Monthly fees until a period ends early. */
const ended: Plot = (dice, setting) => {
  const start = startOf(dice, setting);
  const bought = purchasesOf(dice, setting, [dice.pick([TEAM, SUPPORT])], 1);
  const first = create(start, 12, orderedFor(dice, setting, start), bought);
  const month = billingMonth(start, setting.cycleDay) + 2 + dice.below(8);
  const effective = startOfBillingMonth(month, setting.cycleDay);
  const at = { orderedOn: effective - dice.below(15), effective };
  return storyOf(setting, start, 12, effective < setting.until ? [first, cancel(first, at)] : [first]);
};

/** A subscription that runs into no known limitation. */
export function plainStory(dice: Dice, setting: Setting): Story {
  return dice.pick(PLAIN)(dice, setting);
}

const PLAIN: readonly [Plot, ...Plot[]] = [plain, plain, plain, plain, instalments, ended];

const PLOTS: readonly [Plot, ...Plot[]] = [
  ...([plain, plain, plain, plain, plain] as const),
  ...([changed, changed, changed, changed] as const),
  ...([discounted, discounted, discounted] as const),
  ...([metered, metered] as const),
  ...([extended, extended] as const),
  cancelled,
  instalments,
  evergreen,
];

/** A subscription with exactly so many monthly items, the last of them in the last month. */
export function filler(dice: Dice, setting: Setting, items: number, product = TEAM): Story {
  const lastMonth = billingMonth(setting.until - 1, setting.cycleDay);
  const start = startOfBillingMonth(lastMonth - items + 1, setting.cycleDay);
  const purchases = purchasesOf(dice, setting, [product], 1);
  return storyOf(setting, start, 24, [create(start, 24, orderedFor(dice, setting, start), purchases)]);
}

/** The most items that a filler can have: the cycle days between `from` and `until`. */
export function fillerLimit(setting: Setting): number {
  const { cycleDay, from, until } = setting;
  return billingMonth(until - 1, cycleDay) - billingMonth(from - 1, cycleDay);
}

export function storyOf(
  setting: Setting,
  start: Day,
  termMonths: number | null,
  versions: Story['versions'],
): Story {
  return { number: setting.number, start, cycleDay: setting.cycleDay, termMonths, versions, pending: false };
}

type Turn = (before: Version, at: { orderedOn: Day; effective: Day }) => Version;

/** Terms follow each other as long as they are renewed; what happens, happens in the first. */
function termed(
  dice: Dice,
  setting: Setting,
  bought: readonly ProductCharge[],
  turns: readonly Turn[],
  months = dice.pick([12, 12, 6]),
): Story {
  const start = startOf(dice, setting);
  const first = create(
    start,
    months,
    orderedFor(dice, setting, start),
    purchasesOf(dice, setting, bought, 1),
  );
  const versions: [Version, ...Version[]] = [first];
  let current = first;
  const next = (version: Version): void => void versions.push((current = version));

  for (const turn of turns) {
    const month = billingMonth(start, setting.cycleDay) + 2 + dice.below(months - 4);
    const boundary = startOfBillingMonth(month, setting.cycleDay);
    const effective = dice.chance(50) ? boundary : boundary + 1 + dice.below(20);
    const orderedOn = effective - dice.below(15);
    if (effective < setting.until) next(turn(current, { orderedOn, effective }));
  }
  while (current.cancelledOn === null && (current.termEnd ?? 0) < setting.until && dice.chance(80)) {
    next(renew(current, (current.termEnd ?? 0) - 1 - dice.below(30), months));
  }
  return storyOf(setting, start, months, versions);
}

/** Mostly a cycle day; else any day, so that the first period is a part one. */
function startOf(dice: Dice, setting: Setting): Day {
  const { cycleDay, from, until } = setting;
  const firstMonth = billingMonth(from - 1, cycleDay) + 1;
  const lastMonth = billingMonth(until - 1, cycleDay) - 1;
  const start = startOfBillingMonth(firstMonth + dice.below(Math.max(lastMonth - firstMonth, 1)), cycleDay);
  return dice.chance(70) ? start : start + 1 + dice.below(26);
}

function orderedFor(dice: Dice, setting: Setting, start: Day): Day {
  return Math.max(setting.from, start - dice.below(21));
}

export function purchasesOf(
  dice: Dice,
  setting: Setting,
  products: readonly ProductCharge[],
  since: number,
  firstCharge = setting.firstCharge,
): Purchase[] {
  return products.map((product, index) => {
    const list = listPrice(product, setting.currency);
    const price = dice.chance(2) ? 0n : scaled(list, dice.pick([100, 100, 100, 95, 90, 110]));
    return {
      charge: { number: firstCharge + index, product, since },
      listPrice: isDiscount(product) ? 0n : list,
      price: isDiscount(product) ? 0n : price,
      quantity: product.model === 'Per Unit Pricing' && product.type !== 'Usage' ? 1 + dice.below(50) : 1,
    };
  });
}

function scaled(price: bigint, percent: number): bigint {
  return divided(price * BigInt(percent), 100n);
}
