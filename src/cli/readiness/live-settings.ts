import { readEntitySettings } from '../../../activities/read-entity-settings.ts';
import type { Billing } from '../../billing/port.ts';
import { asReported, type ReadSettings } from '../../domain/readiness/as-reported.ts';
import { ALL_RULES, whyOf } from '../../domain/settings/judge-rules.ts';

interface Entity {
  readonly entity: string;
  readonly billingId: string | null;
  readonly homeCurrency: string | null;
}

/** What Billing's settings say now in one entity, in the report's shape; nothing is recorded. */
export async function readLiveSettings(billing: Billing, asked: Entity): Promise<ReadSettings> {
  const { entity } = asked;
  const said = await readEntitySettings(billing, { ...asked, settledBefore: false, closed: false });
  const rules = said.rules.flatMap((judged) => {
    const rule = ALL_RULES.get(judged.rule);
    if (rule === undefined) return [];
    const { name, binding } = rule;
    return [{ entity, ...judged, name, binding, why: whyOf(judged) }];
  });
  return asReported({ rules, features: said.features.map((each) => ({ entity, ...each })) });
}
