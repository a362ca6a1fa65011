import type { TemplateType } from './transaction-template.ts';

const EVERY_TYPE: readonly TemplateType[] = ['SO', 'INV', 'IIA', 'CM', 'DM'];
const BILLINGS: readonly TemplateType[] = ['INV', 'IIA', 'CM', 'DM'];

/**
 * What a template decides beside its rows: the types of template that have the policy, and its values with the
 * default first (design 9 (4), (5), (7); domain.md 3.2, 3.4).
 */
export const POLICIES = {
  /** Whether a standalone transaction carries the reference to what it was made for. */
  standaloneReference: { types: BILLINGS, values: ['keep', 'remove'] },
  /** What a bill run's credit becomes that is opposite in sign to its booking. */
  billRunCredits: { types: ['CM'], values: ['CM', 'CM-C'] },
  /** How evergreen subscriptions are booked: 0 and lifted by their invoices, or their estimated contract value. */
  evergreen: { types: ['SO'], values: ['invoice-driven', 'ccv'] },
  /** Whose name Subscription Owner is: the present account's, or that of the account that subscribed first. */
  subscriptionOwner: { types: EVERY_TYPE, values: ['current', 'original'] },
  invoiceOwner: { types: EVERY_TYPE, values: ['current', 'original'] },
} as const satisfies Record<
  string,
  { types: readonly TemplateType[]; values: readonly [string, ...string[]] }
>;

export type PolicyName = keyof typeof POLICIES;

export type TemplatePolicies = {
  readonly [Name in PolicyName]?: (typeof POLICIES)[Name]['values'][number];
};

export const POLICY_NAMES = Object.keys(POLICIES) as PolicyName[];

/** Whether templates of the type have the policy. */
export function hasPolicy(type: TemplateType, name: PolicyName): boolean {
  return (POLICIES[name].types as readonly TemplateType[]).includes(type);
}

/** The policies in the order of `POLICIES`, with the default of every one that the type has and nobody chose. */
export function completePolicies(type: TemplateType, chosen: TemplatePolicies): TemplatePolicies {
  return Object.fromEntries(
    POLICY_NAMES.flatMap((name) => {
      const value = chosen[name] ?? (hasPolicy(type, name) ? POLICIES[name].values[0] : undefined);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
