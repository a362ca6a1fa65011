import { activityInfo } from '@temporalio/activity';

import type { Billing } from '../../src/billing/port.ts';
import {
  adviceOf,
  deviationsOf,
  type RefusedThroughSettings,
} from '../../src/domain/enablement/deviations.ts';
import { type Configured, settingsDone } from '../../src/domain/enablement/settings-evidence.ts';
import {
  askToAccept,
  nextAtSettings,
  type ReadinessFound,
  reasonOf,
  type Reviewed,
  type SettingsAnswer,
  settingsRefusal,
  workAtSettings,
} from '../../src/domain/enablement/step-04-settings.ts';
import type { ChildResult, Turn } from '../../src/domain/enablement/step.ts';
import { RevsyncError } from '../../src/domain/errors.ts';
import { LIMITATION_IDS } from '../../src/domain/limitations.ts';
import { asReported } from '../../src/domain/readiness/as-reported.ts';
import type { DataSource } from '../../src/domain/readiness/report.ts';
import { isAffected } from '../../src/domain/readiness/summarize.ts';
import { ALL_RULES } from '../../src/domain/settings/judge-rules.ts';
import { settingsWanted } from '../../src/domain/settings/settings-wanted.ts';
import { LIMITATIONS } from '../../src/limitations/all-limitations.ts';
import { assess } from '../../src/store/readiness/assess.ts';
import { readDataSources } from '../../src/store/readiness/data-sources.ts';
import { acceptDeviations } from '../../src/store/settings/accept-deviations.ts';
import { keptSettings } from '../../src/store/settings/apply-settings.ts';
import { entityFacts, listBillingSettings } from '../../src/store/settings/billing-settings.ts';
import { changesOf, type Writer } from '../../src/store/settings/setting-changes.ts';
import { currentOwner } from '../current-owner.ts';
import type { Dependencies } from '../dependencies.ts';
import { fewAtATime } from '../few-at-a-time.ts';
import { readTenant } from '../readiness/read-tenant.ts';
import { recordSettings } from '../record-settings.ts';
import type { StepContext, StepWork } from './step-work.ts';

type Context = StepContext<SettingsAnswer>;

/** Limitations that a setting alone brings into effect: nothing of theirs can be synced rightly while it is so. */
const REFUSED: readonly RefusedThroughSettings[] = LIMITATIONS.filter(
  ({ outcome, settings }) => outcome === 'refuse' && settings.length > 0,
);

const ENTITIES_AT_ONCE = 4;

const ACCEPTABLE = { settings: [...ALL_RULES.keys()], limitations: LIMITATION_IDS };

/** Step 4: the settings of Billing against what revenue needs, and what readiness finds in the data. */
export function createStep04(deps: Dependencies): StepWork<SettingsAnswer> {
  const { db, billing, tenant } = deps;

  return {
    async advance(context: Context): Promise<Turn> {
      const sync = settingsSyncOf(context.runs);
      if (sync === undefined) await readAll(context);
      const reviewed = await review(context);
      const next = nextAtSettings(reviewed);
      if (next === 'ask') return askToAccept(reviewed, await look());
      await keepAcceptance(reviewed, context.enablement);
      if (sync === undefined) return workAtSettings(tenant.tenant);
      return settingsDone(reviewed, await look(), await configured(sync));
    },

    async refusal(answer: SettingsAnswer, context: Context) {
      const refused = async () => settingsRefusal({ ...(await review(context)), answer }, ACCEPTABLE);
      if ((await refused()) === null) return null;
      // What is named as missing may have been changed in Billing since the step asked.
      await recordSettings(deps, writer());
      return refused();
    },
  };

  function writer(): Writer {
    return { by: `enablement/${tenant.tenant}`, workflowRun: currentOwner().runId };
  }

  /** Settings always, since people change them; the data once, and anew where the step begins anew without an answer. */
  async function readAll({ enablement, answer }: Context): Promise<void> {
    const entities = await recordSettings(deps, writer());
    const { runId } = currentOwner();
    // Attempts of one activity have the same id: whoever goes on after a crash reads what is left.
    const turn = `${runId}/${activityInfo().activityId}`;
    await readTenant(
      deps,
      entities.filter(({ closed }) => !closed),
      { name: `enablement/${enablement}`, turn, anew: answer === null },
    );
  }

  async function review({ answer, by, note, runs }: Context): Promise<Reviewed> {
    const { rules } = await listBillingSettings(db);
    const orgs = new Map((await entityFacts(db)).map(({ entity, org }) => [entity, org]));
    const known = rules.flatMap((rule) => {
      const org = orgs.get(rule.entity);
      return org === undefined ? [] : [{ ...rule, org }];
    });
    const deviations = deviationsOf(known, REFUSED);
    return { deviations, answer, by, note, synced: settingsSyncOf(runs) !== undefined };
  }

  async function keepAcceptance(reviewed: Reviewed, enablement: string): Promise<void> {
    if (reviewed.deviations.length === 0) return;
    await acceptDeviations(db, reviewed.deviations, {
      by: reviewed.by ?? 'an operator',
      reason: reasonOf(reviewed) ?? 'no reason was given',
      request: `enablement/${enablement}/step-04-settings`,
    });
  }

  async function look(): Promise<ReadinessFound> {
    const data = await readDataSources(db);
    const { settings } = asReported(await listBillingSettings(db));
    const listed = await listedObjects(data);
    const { limitations } = await assess(db, {
      data,
      settings,
      access: (entity, object) => (listed.get(entity)?.has(object) === false ? 'absent' : null),
    });
    return {
      affected: limitations.filter(isAffected).map(({ id, count, amounts }) => ({ id, count, amounts })),
      cannotTell: String(limitations.filter(({ status }) => status === 'cannot-tell').length),
      unread: data.filter(({ source }) => source === 'none').map(({ entity }) => entity),
    };
  }

  /** What Billing lists in each entity: what it does not have needs no look. */
  async function listedObjects(
    data: readonly DataSource[],
  ): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
    const here = new Set(data.filter(({ source }) => source !== 'none').map(({ entity }) => entity));
    const entities = (await entityFacts(db)).filter(({ entity }) => here.has(entity));
    const listed = await fewAtATime(ENTITIES_AT_ONCE, entities, async ({ entity, billingId }) => {
      const names = await namesIn(billing(billingId, currentOwner().workflowId));
      return names === null ? [] : [[entity, new Set(names)] as const];
    });
    return new Map(listed.flat());
  }

  async function configured({ runId }: ChildResult): Promise<Configured> {
    const facts = await entityFacts(db);
    const { rules } = await listBillingSettings(db);
    return {
      changes: await changesOf(db, runId),
      kept: await keptSettings(db, settingsWanted(facts)),
      advice: adviceOf(rules),
    };
  }
}

/** What is kept from the credentials is not known, and nothing that the step has to fail for. */
async function namesIn(port: Billing): Promise<readonly string[] | null> {
  try {
    return await port.objects();
  } catch (error) {
    if (error instanceof RevsyncError && error.fate === 'fix-input') return null;
    throw error;
  }
}

const settingsSyncOf = (runs: readonly ChildResult[]): ChildResult | undefined =>
  runs.findLast(({ workflow }) => workflow === 'settingsSync');
