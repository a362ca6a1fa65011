import { Decimal } from '../../../domain/money/decimal.ts';
import { jsonCell, plainTimeText } from '../cell-json.ts';
import { type Row } from '../tenant.ts';
import { type RowTest, cellOrder } from '../zoql-filter.ts';
import { type MemoField } from './memo-fields.ts';

/** A row as the list has it: times without a zone, nulls as they are. */
export function memoRecord(fields: readonly MemoField[], row: Row): Record<string, unknown> {
  return Object.fromEntries(
    fields.map(({ key, field, type }) => [
      key,
      type === 'datetime' ? plainTimeText(row[field]) : jsonCell(type, row[field]),
    ]),
  );
}

/** Parameters named like members are filters: the value must be the same. Other parameters say nothing. */
export function memoTest(fields: readonly MemoField[], query: URLSearchParams): RowTest {
  const tests = fields.flatMap((field): RowTest[] => {
    const value = query.get(field.key);
    return value === null ? [] : [(row) => isSame(field, row[field.field], value)];
  });
  return (row) => tests.every((test) => test(row));
}

function isSame({ type }: MemoField, cell: string | null | undefined, value: string): boolean {
  if (cell == null) return false;
  if (type === 'datetime') return plainTimeText(cell) === value;
  if (type !== 'decimal') return cell.toLowerCase() === value.toLowerCase();
  return /^-?\d+(\.\d+)?$/.test(value) && new Decimal(cell).eq(value);
}

/**
 * `+number,-amount`: at most two members, descending unless it says `+`. In an address a `+` that is not
 * encoded stands for a blank.
 */
export function memoOrder(
  fields: readonly MemoField[],
  sort: string | null,
): ((one: Row, other: Row) => number) | null {
  const keys = (sort ?? '').split(',').flatMap((part) => {
    const [, sign = '', key = ''] = /^([+\s-]*)(\w+)\s*$/.exec(part) ?? [];
    const found = fields.find((field) => field.key === key);
    return found === undefined ? [] : [{ ...found, isAscending: sign !== '' && !sign.includes('-') }];
  });
  if (keys.length === 0) return null;
  return (one, other) => {
    for (const { field, type, isAscending } of keys.slice(0, 2)) {
      const found = cellOrder(type)(one[field] ?? null, other[field] ?? null);
      if (found !== 0) return isAscending ? found : -found;
    }
    return 0;
  };
}
