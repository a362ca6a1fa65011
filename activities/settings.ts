import type { Billing } from '../src/billing/port.ts';
import { judgeFeatures, PROBED_OBJECTS } from '../src/domain/settings/judge-features.ts';
import { judgeRules, SETTING_KEYS } from '../src/domain/settings/judge-rules.ts';
import type { SettingRead } from '../src/domain/settings/setting-read.ts';
import { type SettingsReport, shortened } from '../src/domain/settings/settings-result.ts';
import { type EntityFacts, settingsWanted } from '../src/domain/settings/settings-wanted.ts';
import type { Db } from '../src/store/database.ts';
import { applySettings } from '../src/store/settings/apply-settings.ts';
import {
  entityFacts,
  listBillingSettings,
  recordBillingSettings,
} from '../src/store/settings/billing-settings.ts';
import { changesOf, type Writer } from '../src/store/settings/setting-changes.ts';
import { invoiceSettlementOf } from '../src/store/tenancy.ts';
import { currentOwner } from './current-owner.ts';
import type { Dependencies } from './dependencies.ts';
import { whileHeartbeating } from './heartbeating.ts';
import { readSetting } from './read-setting.ts';
import { recordTenant } from './record-tenant.ts';

export interface SettingsRead {
  readonly tenant: string;
  /** How many, as exact text. */
  readonly entities: string;
  /** Rules that do not fit, and such that are not known, over all entities. */
  readonly misfits: string;
  readonly unknown: string;
}

export function createSettingsActivities(deps: Dependencies) {
  const { db, billing, tenant } = deps;

  return {
    /** Records the tenant's entities, and what Billing's settings say in each of them. */
    async readSettings(): Promise<SettingsRead> {
      const unreadable = await recordTenant(deps, readSetting);
      const entities = await entityFacts(db);
      await whileHeartbeating(async () => {
        for (const each of entities) {
          const closed = each.billingId !== null && unreadable.has(each.billingId);
          await recordBillingSettings(db, await settingsOf(each, closed), writer());
        }
      });
      const { rules } = await listBillingSettings(db);
      return {
        tenant: tenant.tenant,
        entities: String(entities.length),
        misfits: String(rules.filter(({ fits }) => fits === false).length),
        unknown: String(rules.filter(({ fits }) => fits === null).length),
      };
    },

    /** Writes the profiles and lookups that follow; answers all that the workflow run read and changed. */
    async configureSettings(): Promise<SettingsReport> {
      const { workflowRun } = writer();
      const wanted = async (trx: Db) => settingsWanted(await entityFacts(trx));
      const kept = await applySettings(db, wanted, writer());
      const changes = await changesOf(db, workflowRun);
      const { rules, features } = await listBillingSettings(db);
      const outcome = changes.length > 0 ? 'completed' : 'nothing-to-do';
      const entities = (await entityFacts(db)).map(({ entity }) => entity);
      return shortened({ outcome, entities, rules, features, changes, kept });
    },
  };

  /** The same name for every run: what is the same is not written again. */
  function writer(): Writer & { readonly workflowRun: string } {
    return { by: `settings-sync/${tenant.tenant}`, workflowRun: currentOwner().runId };
  }

  async function settingsOf({ entity, billingId, homeCurrency }: EntityFacts, closed: boolean) {
    const port = billing(billingId, currentOwner().workflowId);
    const reads = closed ? allRefused() : await readAll(port);
    const described = closed ? new Map<string, boolean>() : await describeAll(port);
    const features = judgeFeatures({
      fxCurrencies: reads.get('fx-currencies') ?? { state: 'absent' },
      homeCurrency,
      described: (object) => described.get(object) ?? null,
      settledBefore: (await invoiceSettlementOf(db, entity)) === true,
      multiEntity: billingId !== null,
    });
    return { entity, rules: judgeRules(reads, homeCurrency), features };
  }
}
export type SettingsActivities = ReturnType<typeof createSettingsActivities>;

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
