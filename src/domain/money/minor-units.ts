import { data } from 'currency-codes';

const HUNDREDTHS = 2;

/**
 * Currencies whose minor unit is not a hundredth, with the decimals that they have instead: ISO 4217, as `currency-codes`
 * keeps it. `Intl` follows the usage of a place instead of the standard and shows, for example, no decimals of HUF.
 */
export const OTHER_MINOR_UNITS: ReadonlyMap<string, number> = new Map(
  data.filter(({ digits }) => digits !== HUNDREDTHS).map(({ code, digits }) => [code, digits]),
);

/** Every code of ISO 4217. */
export const CURRENCY_CODES: readonly string[] = data.map(({ code }) => code);

/** Decimals of a currency's amounts: 0 for JPY, 3 for KWD; an unknown currency counts in hundredths. */
export const decimalsOf = (currency: string | null): number =>
  OTHER_MINOR_UNITS.get(currency ?? '') ?? HUNDREDTHS;
