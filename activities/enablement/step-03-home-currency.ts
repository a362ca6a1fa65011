import {
  type CurrencyFacts,
  type HomeCurrencyAnswer,
  lackingHome,
  refusalOfHome,
  turnOfHome,
} from '../../src/domain/enablement/step-03-home-currency.ts';
import { changedHomeCurrencies } from '../../src/store/findings/home-currency.ts';
import { recordConversionOff } from '../../src/store/tenancy/conversion-off.ts';
import { currentOwner } from '../current-owner.ts';
import type { Dependencies } from '../dependencies.ts';
import { fewAtATime } from '../few-at-a-time.ts';
import { hasAccounts } from '../has-accounts.ts';
import { homeCurrencyChanged } from '../home-currency-changed.ts';
import { type ListedEntity, listedEntities } from '../listed-entities.ts';
import type { StepWork } from './step-work.ts';

const AT_ONCE = 4;

/** Step 3: takes the home currency over once it is set, or the decision to do without. */
export function createStep03(deps: Dependencies): StepWork<HomeCurrencyAnswer> {
  return {
    async advance({ answer, by, note }) {
      const entities = await facts();
      await requireUnchanged(entities);
      const off = answer !== null && 'currencyConversion' in answer ? { by: by ?? 'enablement' } : null;
      const turn = turnOfHome(entities, off);
      if (off !== null && turn.kind === 'done' && lackingHome(entities).length > 0) {
        await recordConversionOff(
          deps.db,
          entities.map(({ entity }) => entity),
          { by: off.by, reason: note ?? 'Enablement, step 3: Currency Conversion stays off' },
        );
      }
      return turn;
    },

    async refusal(answer) {
      return refusalOfHome(answer, await facts());
    },

    async arrived() {
      return lackingHome(await facts()).length === 0;
    },
  };

  async function facts(): Promise<CurrencyFacts[]> {
    const listed = await listedEntities(deps);
    return fewAtATime(AT_ONCE, listed, async (each) => ({
      ...each,
      accounts: await accountsOf(each),
    }));
  }

  /** Asked only where it decides something. */
  async function accountsOf({ billingId, homeCurrency }: ListedEntity): Promise<boolean | null> {
    if (homeCurrency !== null || billingId === null) return null;
    return hasAccounts(deps.billing(billingId, currentOwner().workflowId));
  }

  /** A home currency that is another in Billing now stops syncs; better it stops the enablement before. */
  async function requireUnchanged(entities: readonly CurrencyFacts[]): Promise<void> {
    const listed = new Set(entities.map(({ entity }) => entity));
    const changed = (await changedHomeCurrencies(deps.db)).find(({ entity }) => listed.has(entity));
    if (changed !== undefined) throw homeCurrencyChanged(changed);
  }
}
