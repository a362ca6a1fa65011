import type { Billing } from '../src/billing/port.ts';
import { type JudgedFeature, judgeFeatures, PROBED_OBJECTS } from '../src/domain/settings/judge-features.ts';
import { type JudgedRule, judgeRules, SETTING_KEYS } from '../src/domain/settings/judge-rules.ts';
import type { SettingRead } from '../src/domain/settings/setting-read.ts';
import { readSetting } from './read-setting.ts';

/** An entity, and what is known of it beside its settings. */
export interface AskedEntity {
  readonly billingId: string | null;
  readonly homeCurrency: string | null;
  /** Invoice Settlement as earlier runs saw it. */
  readonly settledBefore: boolean;
  /** Kept from the credentials: nothing of it is asked for, and nothing is known. */
  readonly closed: boolean;
}

export interface JudgedSettings {
  readonly rules: readonly JudgedRule[];
  readonly features: readonly JudgedFeature[];
}

/** What Billing's settings say now in one entity, judged; nothing is recorded. A setting that is refused is one not told. */
export async function readEntitySettings(
  port: Billing,
  { billingId, homeCurrency, settledBefore, closed }: AskedEntity,
): Promise<JudgedSettings> {
  const reads = closed ? allRefused() : await readAll(port);
  const described = closed ? new Map<string, boolean>() : await describeAll(port);
  const features = judgeFeatures({
    fxCurrencies: reads.get('fx-currencies') ?? { state: 'absent' },
    homeCurrency,
    described: (object) => described.get(object) ?? null,
    settledBefore,
    multiEntity: billingId !== null,
  });
  return { rules: judgeRules(reads, homeCurrency), features };
}

const allRefused = (): Map<string, SettingRead> =>
  new Map(SETTING_KEYS.map((key) => [key, { state: 'refused' }]));

async function readAll(port: Billing): Promise<Map<string, SettingRead>> {
  const reads = await Promise.all(
    SETTING_KEYS.map(async (key) => [key, await readSetting(port, key)] as const),
  );
  return new Map(reads);
}

async function describeAll(port: Billing): Promise<Map<string, boolean>> {
  const found = await Promise.all(
    PROBED_OBJECTS.map(async (object) => [object, (await port.describe(object)) !== null] as const),
  );
  return new Map(found);
}
