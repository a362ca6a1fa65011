/** What a stopped or waiting line can be released as. */
export const RELEASED_AS = ['correction', 'amendment', 'standalone', 'new-contract'] as const;
export type ReleasedAs = (typeof RELEASED_AS)[number];

/** Why a line does not go on, as far as it matters for a decision. */
export interface HeldFor {
  readonly type: string;
  readonly limitation: string;
  readonly kind: string;
  /** Of a rule of validation: whether a person may let a line pass that breaks it. */
  readonly overridable: boolean;
}

/** What each stop can be released as; what is not here can only be rejected. */
const CHOICES: Readonly<Record<string, readonly ReleasedAs[]>> = {
  'same-version-recollection': ['correction', 'amendment'],
  'custom-field-update': ['correction', 'amendment'],
  'possible-replacement': ['correction'],
  'evergreen-conversion': ['new-contract'],
  'blank-grouping-key': ['new-contract'],
  'contract-closed': ['new-contract'],
};

/** What a line is held for that a person rejected: it may be released after all. */
export const REJECTED = 'rejected';
const AFTER_REJECTION: Readonly<Record<string, readonly ReleasedAs[]>> = {
  INV: ['standalone'],
  SO: ['new-contract'],
};

/** What a line that is held for this can be released as, none in many cases. */
export function choicesFor({ type, limitation, kind, overridable }: HeldFor): readonly ReleasedAs[] {
  if (limitation === 'waits-for-booking') return type === 'INV' ? ['standalone'] : [];
  if (limitation === REJECTED) return ['correction', ...(AFTER_REJECTION[type] ?? [])];
  if (kind === 'withheld' || kind === 'orphan' || kind === 'waiting') return [];
  const choices = (CHOICES[limitation] ?? []).filter((as) => as !== 'new-contract' || type === 'SO');
  return overridable ? ['correction', ...choices] : choices;
}

/** Whether a person may say that the line shall never be collected. */
export const canBeRejected = ({ limitation, kind }: HeldFor): boolean =>
  limitation === 'waits-for-booking' || kind === 'limitation' || kind === 'validation';

/** Why a decision cannot be taken, in a sentence that ends what is said of the line; null where it can. */
export function refusalOf(held: HeldFor, as: ReleasedAs | null): string | null {
  const { limitation, kind, type } = held;
  if (as === null ? canBeRejected(held) : choicesFor(held).includes(as)) return null;
  if (kind === 'withheld' || kind === 'orphan' || limitation === 'waits-for-price') {
    return `it is not complete (${limitation}): it goes on by itself once Billing delivers what is missing`;
  }
  if (kind === 'waiting' && limitation !== 'waits-for-booking') {
    return `it only waits (${limitation}) and goes on by itself`;
  }
  const choices = choicesFor(held);
  if (choices.length > 0)
    return `for ${limitation} it can be released as ${choices.join(' or ')}, or rejected`;
  if (limitation === 'waits-for-booking') {
    return `only INV lines can stand alone, and this one is ${type}; it can be rejected`;
  }
  return `for ${limitation} it can only be rejected, or corrected in Billing`;
}
