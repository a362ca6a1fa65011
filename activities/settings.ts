import { type SettingsReport, shortened } from '../src/domain/settings/settings-result.ts';
import { settingsWanted } from '../src/domain/settings/settings-wanted.ts';
import type { Db } from '../src/store/database.ts';
import { applySettings } from '../src/store/settings/apply-settings.ts';
import { entityFacts, listBillingSettings } from '../src/store/settings/billing-settings.ts';
import { changesOf, type Writer } from '../src/store/settings/setting-changes.ts';
import { currentOwner } from './current-owner.ts';
import type { Dependencies } from './dependencies.ts';
import { whileHeartbeating } from './heartbeating.ts';
import { recordSettings } from './record-settings.ts';

export interface SettingsRead {
  readonly tenant: string;
  /** How many, as exact text. */
  readonly entities: string;
  /** Rules that do not fit, and such that are not known, over all entities. */
  readonly misfits: string;
  readonly unknown: string;
}

export function createSettingsActivities(deps: Dependencies) {
  const { db, tenant } = deps;

  return {
    /** Records the tenant's entities, and what Billing's settings say in each of them. */
    async readSettings(): Promise<SettingsRead> {
      const entities = await whileHeartbeating(() => recordSettings(deps, writer()));
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
}
export type SettingsActivities = ReturnType<typeof createSettingsActivities>;
