import { decimalsOf } from './minor-units.ts';

/**
 * An exact amount with at least the decimals of its currency: `100` USD is `100.00`. Nothing is rounded;
 * digits beyond the minor unit stay. An unknown currency counts in hundredths.
 */
export function amountText(amount: string, currency: string | null): string {
  const [whole = '0', fraction = ''] = amount.split('.');
  const digits = fraction.replace(/0+$/, '').padEnd(decimalsOf(currency), '0');
  return digits === '' ? whole : `${whole}.${digits}`;
}
