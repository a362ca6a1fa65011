/** What Billing is asked for: the price of other currencies in terms of one. */
export interface RatesWanted {
  readonly base: string;
  /** In order. */
  readonly currencies: readonly string[];
}

/** What decides on it. */
export interface Currencies {
  /** The entity's home currency; null while Currency Conversion is off. */
  readonly home: string | null;
  /** Profile REPORTING_CURRENCY; null: the home currency. */
  readonly reporting: string | null;
  /** Those of the entity's accounts. */
  readonly inUse: readonly string[];
  /** Those that a person wants, instead of those in use. */
  readonly chosen: readonly string[] | undefined;
}

/**
 * What to ask for: in terms of the home currency first, or of the reporting one where there is no home currency: lines
 * are then converted from the accounts' own. Nothing, where the entity converts nothing: `note` says why.
 */
export function ratesWanted({ home, reporting, inUse, chosen }: Currencies): {
  wanted: RatesWanted[];
  note: string;
} {
  const main = home ?? reporting;
  if (main === null) {
    return { wanted: [], note: 'The entity has no home currency: Currency Conversion is off in Billing.' };
  }
  const global = reporting === main ? null : reporting;
  const others = [...(chosen ?? [...inUse, ...(global === null ? [] : [global])])].filter(
    (currency) => currency !== main,
  );
  const wanted = [
    { base: main, currencies: [...new Set(others)].toSorted() },
    ...(global !== null && others.includes(global) ? [{ base: global, currencies: [main] }] : []),
  ].filter(({ currencies }) => currencies.length > 0);
  return { wanted, note: wanted.length > 0 ? '' : `The entity has no other currency than ${main}.` };
}
