import { type FieldType } from '../../domain/catalogue/define-object.ts';
import { ExactNumber } from './exact-json.ts';
import { canonicalInstant, pacificText } from './instants.ts';

/** A cell as the value that replies in JSON have; null where there is none. */
export function jsonCell(
  type: FieldType,
  cell: string | null | undefined,
): string | boolean | ExactNumber | null {
  if (cell === null || cell === undefined) return null;
  switch (type) {
    case 'boolean':
      return cell.toLowerCase() === 'true';
    case 'decimal':
    case 'integer':
      return jsonNumber(cell);
    case 'datetime':
      return zonedText(cell);
    case 'date':
      return cell.slice(0, 10);
    case 'text':
      return cell;
  }
}

/** The text of a number as a number; other text stays text. */
export function jsonNumber(text: string): string | ExactNumber {
  return /^-?(0|[1-9]\d*)(\.\d+)?$/.test(text) ? new ExactNumber(text) : text;
}

/** `2016-10-20T05:46:14.000+02:00`, in the tenant's time (wire.md 2.4). */
export function zonedText(cell: string): string {
  const canonical = canonicalInstant(cell);
  if (canonical === null) return cell;
  const local = pacificText(canonical);
  return `${local.slice(0, 19)}.000${local.slice(19, 22)}:${local.slice(22)}`;
}

/** `2014-12-23 11:17:51`, in the tenant's time and without saying so, as /v1 has it (wire.md 2.4). */
export function plainTimeText(cell: string | null | undefined): string | null {
  if (cell === null || cell === undefined) return null;
  const canonical = canonicalInstant(cell);
  return canonical === null ? cell : pacificText(canonical).slice(0, 19).replace('T', ' ');
}
