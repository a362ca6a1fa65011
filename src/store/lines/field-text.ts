import type { StagingField } from '../../domain/mapping/staging-fields.ts';
import { amountText } from '../../domain/money/amount-text.ts';

const isPrice = ({ label, type }: StagingField): boolean => type === 'Number' && label.endsWith(' Price');

/** The column that names the currency of a price. */
const currencyOf = ({ label }: StagingField): string =>
  label.startsWith('Functional ')
    ? 'functional_currency'
    : label.startsWith('Reporting ')
      ? 'reporting_currency'
      : 'transaction_currency';

/**
 * The exact value of a field as it is shown: a price with at least the decimals of its currency. `line` answers the
 * value of any column of the line.
 */
export function fieldText(
  field: StagingField,
  line: (column: string) => string | null | undefined,
): string | null {
  const value = line(field.column) ?? null;
  return value !== null && isPrice(field) ? amountText(value, line(currencyOf(field)) ?? null) : value;
}
