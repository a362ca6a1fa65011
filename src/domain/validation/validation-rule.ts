/** Types of lines that rules are about; CM-RO lines are made by the system only. */
export const VALIDATED_TYPES = ['SO', 'INV', 'CM', 'CM-C'] as const;
export type ValidatedType = (typeof VALIDATED_TYPES)[number];

/** What has to be so: a condition, or that a field has one of the listed values (or none of them). */
export type Requirement =
  | { readonly kind: 'expression'; readonly expression: string }
  | {
      readonly kind: 'lookup';
      readonly label: string;
      /** The values, or the name of the lookup whose codes they are. */
      readonly among: readonly string[] | { readonly lookup: string };
      /** False: the field has to have none of them. */
      readonly listed: boolean;
    };

/**
 * A rule that lines have to keep before they are collected. Conditions are in the filter language over labels in
 * brackets, as `[Ext Sell Price] > 0`; scopes.ts tells which lines beside the line itself they can name.
 */
export interface ValidationRule {
  /** Kebab case; the limitation of its holds. */
  readonly id: string;
  /** Zuora's number of the error that it stands for; null where there is none. */
  readonly code: string | null;
  readonly appliesTo: readonly ValidatedType[];
  /** Which lines of these types; null for all. */
  readonly when: string | null;
  readonly requires: Requirement;
  /** For a person; a label in braces stands for the line's value. */
  readonly message: string;
  readonly remedy: string;
  /** Whether a person may let a line pass that breaks it. */
  readonly overridable: boolean;
  /** First day, and first day after, of the lines it is about, by booking or invoice date. */
  readonly from: string | null;
  readonly to: string | null;
}

/** A predefined rule, short: what most of them have need not be said. */
export type BriefRule = Pick<ValidationRule, 'id' | 'appliesTo' | 'message' | 'remedy'> &
  Partial<Pick<ValidationRule, 'code' | 'when' | 'overridable'>> & { readonly expression: string };

export function predefined({ expression, ...rule }: BriefRule): ValidationRule {
  return {
    code: null,
    when: null,
    overridable: false,
    from: null,
    to: null,
    ...rule,
    requires: { kind: 'expression', expression },
  };
}
