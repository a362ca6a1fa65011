import { ALL_RULES } from '../settings/judge-rules.ts';
import { HOME_CURRENCY } from '../settings/home-currency.ts';
import type { ReportedRule } from '../settings/settings-result.ts';

/** What a setting says in an entity; null: Billing does not tell it. */
export interface DeviatingSetting {
  readonly entity: string;
  readonly org: string;
  readonly rule: string;
  readonly value: string | null;
  readonly required: string;
}

/** Something that is not as revenue needs it, or not known to be: it is accepted by its id, or changed. */
export interface Deviation {
  /** Of a setting, or of the known limitation that settings run into. */
  readonly id: string;
  readonly kind: 'setting' | 'limitation';
  /** The words for it in Billing, or the heading in the source. */
  readonly name: string;
  /** Where it is looked at and set. */
  readonly where: string;
  readonly required: string;
  readonly consequence: string;
  readonly settings: readonly DeviatingSetting[];
  /** Whoever accepts all ids of one of these accepts it. */
  readonly acceptedBy: readonly (readonly string[])[];
}

/** A known limitation with outcome `refuse` that settings run into. */
export interface RefusedThroughSettings {
  readonly id: string;
  readonly heading: string;
  readonly settings: readonly string[];
}

type JudgedInEntity = Pick<ReportedRule, 'entity' | 'rule' | 'value' | 'required' | 'fits' | 'binding'> & {
  readonly org: string;
};

/**
 * The binding rules that do not fit, or that Billing does not tell, each once with the entities concerned; those that run
 * into a limitation as that limitation. The home currency is not among them: step 3 sees to it.
 */
export function deviationsOf(
  rules: readonly JudgedInEntity[],
  limitations: readonly RefusedThroughSettings[],
): Deviation[] {
  const deviating = rules
    .filter(({ binding, fits, rule }) => binding && fits !== true && rule !== HOME_CURRENCY.id)
    .map((rule) => {
      const limitation = limitations.find(({ settings }) => settings.includes(rule.rule)) ?? null;
      return { rule, limitation, id: limitation?.id ?? rule.rule };
    });
  return [...new Set(deviating.map(({ id }) => id))].flatMap((id): Deviation[] => {
    const own = deviating.filter((each) => each.id === id);
    const [first] = own;
    const known = ALL_RULES.get(first?.rule.rule ?? '');
    if (first === undefined || known === undefined) return [];
    const { limitation } = first;
    // What is not told may be off: it may be accepted by the names of its settings as well.
    const untold = own.every(({ rule }) => rule.fits === null);
    return [
      {
        id,
        kind: limitation === null ? 'setting' : 'limitation',
        name: limitation === null ? known.name : limitation.heading,
        where: [...new Set(own.flatMap(({ rule }) => ALL_RULES.get(rule.rule)?.where ?? []))].join('; '),
        required: first.rule.required,
        consequence: known.why,
        settings: own.map(({ rule: { entity, org, rule, value, required } }) => ({
          entity,
          org,
          rule,
          value,
          required,
        })),
        acceptedBy: limitation === null || !untold ? [[id]] : [[id], own.map(({ rule }) => rule.rule)],
      },
    ];
  });
}

/** The deviations that nobody accepted. */
export const openDeviations = (
  deviations: readonly Deviation[],
  accepted: readonly string[],
): readonly Deviation[] =>
  deviations.filter(({ acceptedBy }) => !acceptedBy.some((ids) => ids.every((id) => accepted.includes(id))));

/** Advice that is not followed, or not known to be: nothing waits for it. */
export const adviceOf = (rules: readonly Pick<ReportedRule, 'rule' | 'fits' | 'binding'>[]): string[] => [
  ...new Set(rules.filter(({ binding, fits }) => !binding && fits !== true).map(({ rule }) => rule)),
];
