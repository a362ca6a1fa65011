import type { StagingField } from '../../domain/mapping/staging-fields.ts';
import { amountText } from '../../domain/money/amount-text.ts';

const isPrice = ({ label, type }: StagingField): boolean => type === 'Number' && label.endsWith(' Price');

/** The exact value of a field as it is shown: a price with at least the decimals of the line's currency. */
export const fieldText = (
  field: StagingField,
  value: string | null,
  currency: string | null,
): string | null => (value !== null && isPrice(field) ? amountText(value, currency) : value);
