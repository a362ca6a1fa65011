import { findStagingField, type InputValueType } from '../mapping/staging-fields.ts';
import { VALIDATED_TYPES, type ValidatedType } from './validation-rule.ts';

export type ScopeName = 'Booking' | 'Invoice' | 'Credited' | 'Before' | 'Elsewhere' | 'Entity';

interface Scope {
  /** The types of lines that have such a line beside them. */
  readonly types: readonly ValidatedType[];
  /** Its fields; null for every staging field. */
  readonly fields: Readonly<Record<string, InputValueType>> | null;
  /** Only for revsync's own rules. */
  readonly own: boolean;
}

/** Lines beside the one that is judged; where there is none, its fields are empty. */
export const SCOPES: Readonly<Record<ScopeName, Scope>> = {
  /** The SO line that a billing belongs to, in the version that it was billed under. */
  Booking: { types: ['INV', 'CM', 'CM-C'], fields: null, own: false },
  /** The invoice line that a credit names, in its newest form that counts, else as it came first. */
  Invoice: { types: ['CM', 'CM-C'], fields: null, own: false },
  /** What CMs before this one take of the invoice line that it names, and what they leave; without sign. */
  Credited: { types: ['CM'], fields: { Before: 'Number', Left: 'Number' }, own: true },
  /** The SO line as it was collected last, else its oldest version that is known; of those that are not zero. */
  Before: { types: ['SO'], fields: { 'Ext Sell Price': 'Number' }, own: false },
  /** The same SO line in another organisation. */
  Elsewhere: { types: ['SO'], fields: { Organization: 'Character' }, own: true },
  /** What the entity of the line has; Yes or No. */
  Entity: { types: VALIDATED_TYPES, fields: { 'Invoice Settlement': 'Character' }, own: true },
};

/** A label of a rule: `Ext Sell Price`, `Unsigned Sell Price`, `Booking.Ext Sell Price`. */
export interface RuleField {
  readonly scope: ScopeName | null;
  readonly label: string;
  readonly type: InputValueType;
}

/** Ext Sell Price without its sign: what credits and invoices can be compared by. */
export const UNSIGNED = 'Unsigned Sell Price';

/** The field that a label names, or undefined. */
export function findRuleField(name: string): RuleField | undefined {
  const [, prefix = '', label = name] = /^(\w+)\.(.+)$/.exec(name) ?? [];
  const scope = isScope(prefix) ? prefix : null;
  if (prefix !== '' && scope === null) return undefined;
  const fields = scope === null ? null : SCOPES[scope].fields;
  const type =
    fields === null ? (label === UNSIGNED ? 'Number' : findStagingField(label)?.type) : fields[label];
  return type && { scope, label, type };
}

const isScope = (name: string): name is ScopeName => Object.hasOwn(SCOPES, name);

/** The labels in braces of a rule's message. */
export function placeholdersOf(message: string): string[] {
  return [...message.matchAll(/\{([^{}]+)\}/g)].flatMap(([, name]) => (name === undefined ? [] : [name]));
}
