import type { FieldType } from '../catalogue/define-object.ts';
import type { InputValueType } from './staging-fields.ts';

/** ATR1-ATR60 hold text, whatever it is the text of. */
export const isAttribute = (label: string): boolean => /^ATR([1-9]|[1-5]\d|60)$/.test(label);

const FITTING: Readonly<Record<InputValueType, readonly FieldType[]>> = {
  Character: ['text'],
  Number: ['integer', 'decimal'],
  Date: ['date', 'datetime'],
};

/** Whether a Billing field can be an input value of that type; of custom fields only Billing knows. */
export function fitsType(source: FieldType | 'custom', type: InputValueType): boolean {
  return source === 'custom' || FITTING[type].includes(source);
}

/** The type of input value that a Billing field is; null: text, unless a person says otherwise. */
export function inputTypeOf(source: FieldType | 'custom'): InputValueType {
  const types = Object.keys(FITTING) as InputValueType[];
  return types.find((type) => source !== 'custom' && FITTING[type].includes(source)) ?? 'Character';
}

/** Whether a written value is one of that type: an exact number, or a day that the calendar has. */
export function isValueOf(type: InputValueType, value: string): boolean {
  if (type === 'Number') return /^-?\d{1,30}(\.\d{1,18})?$/.test(value);
  return type === 'Date' ? isDay(value) : value !== '';
}

/** YYYY-MM-DD of a day there is. */
export function isDay(text: string): boolean {
  if (!/^(?!0000)\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const instant = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(text);
}
