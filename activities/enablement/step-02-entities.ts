import {
  asksAgain,
  asksForMapping,
  type EntitiesAnswer,
  mappedTurn,
  ONE_ENTITY,
  readAnswer,
  refusalOfMapping,
} from '../../src/domain/enablement/step-02-entities.ts';
import type { MappableEntity } from '../../src/domain/tenancy/mapping.ts';
import { keptOfEntities } from '../../src/store/tenancy/entity-records.ts';
import { mapEntities } from '../../src/store/tenancy/map-entities.ts';
import { currentOwner } from '../current-owner.ts';
import type { Dependencies } from '../dependencies.ts';
import { fewAtATime } from '../few-at-a-time.ts';
import { hasAccounts } from '../has-accounts.ts';
import { listedEntities } from '../listed-entities.ts';
import { readSetting } from '../read-setting.ts';
import type { StepWork } from './step-work.ts';

/** Calls at once: a tenant may have hundreds of entities, and Billing limits what runs beside each other. */
const AT_ONCE = 4;

/** Step 2: maps the entities that Billing lists to organisations. */
export function createStep02(deps: Dependencies): StepWork<EntitiesAnswer> {
  const { db } = deps;
  return {
    async advance({ answer, by, note }) {
      const known = await mappable();
      if (known.length === 0) return ONE_ENTITY;
      if (answer === null) return asksForMapping(known);
      const read = readAnswer(answer, known);
      if ('mistakes' in read) {
        const refusal = refusalOfMapping(answer, known);
        return refusal === null ? asksForMapping(known) : asksAgain(refusal);
      }
      const who = by ?? 'enablement';
      const mapped = await mapEntities(db, read.mapping, { by: who, reason: note ?? 'Enablement, step 2' });
      return mappedTurn(mapped, known, who);
    },

    async refusal(answer) {
      const known = await mappable();
      return known.length === 0 ? null : refusalOfMapping(answer, known);
    },
  };

  /** The entities that Billing lists, with what the check of a mapping has to know. */
  async function mappable(): Promise<MappableEntity[]> {
    const listed = await listedEntities(deps, readSetting);
    const kept = await keptOfEntities(db);
    return fewAtATime(
      AT_ONCE,
      listed.filter(({ billingId }) => billingId !== null),
      async ({ entity, billingId, displayName, org }) => ({
        entity,
        billingId,
        displayName,
        org,
        accounts: await hasAccounts(deps.billing(billingId, currentOwner().workflowId)),
        kept: kept.get(entity) ?? [],
      }),
    );
  }
}
