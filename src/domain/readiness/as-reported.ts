import type { ReportedFeature, ReportedRule } from '../settings/settings-result.ts';
import type { ReadinessFeature, ReadinessSetting } from './report.ts';

export interface ReadSettings {
  readonly settings: readonly ReadinessSetting[];
  readonly features: readonly ReadinessFeature[];
}

/** Settings as they were read, in the shape of the readiness report. */
export const asReported = ({
  rules,
  features,
}: {
  readonly rules: readonly Omit<ReportedRule, 'limitation'>[];
  readonly features: readonly ReportedFeature[];
}): ReadSettings => ({
  settings: rules.map(({ entity, rule, name, value, required, fits, binding, why }) => ({
    entity,
    setting: rule,
    name,
    value,
    required,
    fits,
    binding,
    why,
  })),
  features: features.map(({ entity, feature, on, how }) => ({ entity, feature, on, how })),
});
