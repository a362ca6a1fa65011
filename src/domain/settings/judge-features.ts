import { homeCurrencyIn } from './home-currency.ts';
import type { SettingRead } from './setting-read.ts';

/** Features of Billing that decide what is synced, and how (domain.md section 6). */
export type FeatureName = 'Orders' | 'Invoice Settlement' | 'Currency Conversion' | 'Multi-entity';

export interface JudgedFeature {
  readonly feature: FeatureName;
  /** Null: it cannot be told. */
  readonly on: boolean | null;
  /** By what it was told. */
  readonly how: string;
}

/** What Billing answered when it was asked what the features leave behind. */
export interface FeatureClues {
  readonly fxCurrencies: SettingRead;
  /** As it was taken, perhaps the parent's; null: none so far. */
  readonly homeCurrency: string | null;
  /** Whether Billing describes the object to the credentials; null: it was not asked, or describes nothing at all. */
  readonly described: (object: string) => boolean | null;
  /** Invoice Settlement as earlier runs saw it. */
  readonly settledBefore: boolean;
  readonly multiEntity: boolean;
}

const ORDERS = ['Order', 'OrderAction'] as const;
const MEMOS = ['CreditMemo', 'CreditMemoItem', 'DebitMemo', 'DebitMemoItem'] as const;

/** The objects that have to be asked for; `Account`, which everybody has, tells whether Billing describes anything. */
export const PROBED_OBJECTS: readonly string[] = ['Account', ...ORDERS, ...MEMOS];

/**
 * Which features are on. Where Billing tells by a setting, that counts; Orders and Invoice Settlement have none, so
 * their objects are looked for (design 9 (27)).
 */
export function judgeFeatures(clues: FeatureClues): JudgedFeature[] {
  return [
    byObjects('Orders', ORDERS, clues),
    settlement(clues),
    currencyConversion(clues),
    {
      feature: 'Multi-entity',
      on: clues.multiEntity,
      how: clues.multiEntity ? 'Billing lists entities' : 'Billing lists no entities',
    },
  ];
}

function byObjects(
  feature: FeatureName,
  objects: readonly string[],
  { described }: FeatureClues,
): JudgedFeature {
  const there = objects.filter((object) => described(object) === true);
  if (there.length > 0) return { feature, on: true, how: `Billing describes ${there.join(', ')}` };
  if (described('Account') !== true) return { feature, on: null, how: 'Billing describes no objects' };
  return { feature, on: false, how: `Billing describes no ${objects.join(', ')} to these credentials` };
}

/** Billing never turns it off again. */
function settlement(clues: FeatureClues): JudgedFeature {
  const probed = byObjects('Invoice Settlement', MEMOS, clues);
  return clues.settledBefore && probed.on !== true
    ? { ...probed, on: true, how: 'an earlier run extracted memos, and it is never turned off again' }
    : probed;
}

/** Without it there is no home currency to be set. */
function currencyConversion({ fxCurrencies, homeCurrency }: FeatureClues): JudgedFeature {
  const feature = 'Currency Conversion';
  const told = homeCurrencyIn(fxCurrencies);
  if (told !== null) return { feature, on: true, how: `fx-currencies tells the home currency ${told}` };
  if (homeCurrency !== null) return { feature, on: true, how: `the home currency is ${homeCurrency}` };
  if (fxCurrencies.state === 'refused') {
    return { feature, on: null, how: 'the credentials may not read fx-currencies' };
  }
  return { feature, on: false, how: 'fx-currencies tells no home currency' };
}
