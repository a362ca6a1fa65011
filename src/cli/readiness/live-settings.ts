import { readSetting } from '../../../activities/read-setting.ts';
import type { Billing } from '../../billing/port.ts';
import { judgeFeatures, PROBED_OBJECTS } from '../../domain/settings/judge-features.ts';
import { ALL_RULES, judgeRules, SETTING_KEYS, whyOf } from '../../domain/settings/judge-rules.ts';
import type { SettingRead } from '../../domain/settings/setting-read.ts';
import type { ReadinessFeature, ReadinessSetting } from '../../domain/readiness/report.ts';
import type { ReportedFeature, ReportedRule } from '../../domain/settings/settings-result.ts';

export interface ReadSettings {
  readonly settings: readonly ReadinessSetting[];
  readonly features: readonly ReadinessFeature[];
}

interface Entity {
  readonly entity: string;
  readonly billingId: string | null;
  readonly homeCurrency: string | null;
}

/** What Billing's settings say now in one entity; nothing is recorded. A setting that is refused is one not told. */
export async function readLiveSettings(billing: Billing, entity: Entity): Promise<ReadSettings> {
  const reads = new Map<string, SettingRead>();
  for (const key of SETTING_KEYS) reads.set(key, await readSetting(billing, key));
  const described = new Map<string, boolean>();
  for (const object of PROBED_OBJECTS) described.set(object, (await billing.describe(object)) !== null);
  const features = judgeFeatures({
    fxCurrencies: reads.get('fx-currencies') ?? { state: 'absent' },
    homeCurrency: entity.homeCurrency,
    described: (object) => described.get(object) ?? null,
    settledBefore: false,
    multiEntity: entity.billingId !== null,
  });
  const rules = judgeRules(reads, entity.homeCurrency).flatMap((judged) => {
    const rule = ALL_RULES.get(judged.rule);
    if (rule === undefined) return [];
    const { name, binding } = rule;
    return [{ entity: entity.entity, ...judged, name, binding, why: whyOf(judged) }];
  });
  return asReported({ rules, features: features.map((each) => ({ entity: entity.entity, ...each })) });
}

/** Settings as they were read before, in the report's shape. */
export function asReported({
  rules,
  features,
}: {
  readonly rules: readonly Omit<ReportedRule, 'limitation'>[];
  readonly features: readonly ReportedFeature[];
}): ReadSettings {
  return {
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
  };
}
