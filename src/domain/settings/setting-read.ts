/** What came of reading a setting. `refused`: it may not be read; `absent`: Billing has no such setting. */
export type SettingRead =
  | { readonly state: 'told'; readonly body: unknown }
  | { readonly state: 'absent' }
  | { readonly state: 'refused' };

const LONGEST_VALUE = 200;

/** A field of the body as text, as Billing spells it; null where it is not told. */
export function fieldText(read: SettingRead, field: string): string | null {
  if (read.state !== 'told') return null;
  const { body } = read;
  if (typeof body !== 'object' || body === null || !Object.hasOwn(body, field)) return null;
  const value: unknown = (body as Readonly<Record<string, unknown>>)[field];
  if (value === null || value === undefined) return null;
  const text = typeof value === 'string' ? value.trim() : JSON.stringify(value);
  return text === '' ? null : text.slice(0, LONGEST_VALUE);
}
