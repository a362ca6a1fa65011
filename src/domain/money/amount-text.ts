/**
 * Currencies whose minor unit is not a hundredth (ISO 4217). `Intl` follows the usage of a place instead of
 * the standard and shows, for example, no decimals of HUF and IQD.
 */
const MINOR_UNITS: ReadonlyMap<string, number> = new Map([
  ...['BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'UYI', 'VND', 'VUV'].map(
    (currency) => [currency, 0] as const,
  ),
  ...['XAF', 'XOF', 'XPF'].map((currency) => [currency, 0] as const),
  ...['BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND'].map((currency) => [currency, 3] as const),
  ...['CLF', 'UYW'].map((currency) => [currency, 4] as const),
]);

/**
 * An exact amount with at least the decimals of its currency: `100` USD is `100.00`. Nothing is rounded;
 * digits beyond the minor unit stay. An unknown currency counts in hundredths.
 */
export function amountText(amount: string, currency: string | null): string {
  const [whole = '0', fraction = ''] = amount.split('.');
  const digits = fraction.replace(/0+$/, '').padEnd(MINOR_UNITS.get(currency ?? '') ?? 2, '0');
  return digits === '' ? whole : `${whole}.${digits}`;
}
