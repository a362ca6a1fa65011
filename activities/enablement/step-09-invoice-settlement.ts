import {
  type InvoiceSettlementAnswer,
  settlementDone,
  type SettlementOutcome,
  settlementRefusal,
  settlementTurn,
} from '../../src/domain/enablement/step-09-invoice-settlement.ts';
import { type EntityReport, listReports } from '../../src/store/settlement/report.ts';
import { settlementFacts } from '../../src/store/settlement/settlement-facts.ts';
import type { Dependencies } from '../dependencies.ts';
import { entitiesToRun } from './entities-to-run.ts';
import type { StepWork } from './step-work.ts';

/** Invoice Settlement: memos take over from adjustments, where there are any. */
export function createStep09({
  db,
  tenant,
}: Pick<Dependencies, 'db' | 'tenant'>): StepWork<InvoiceSettlementAnswer> {
  return {
    async advance({ answer }) {
      const turn = settlementTurn(tenant.tenant, await readFacts(), answer);
      if (turn.kind !== 'ready') return turn;
      return settlementDone(await readFacts(), (await listReports(db)).map(outcomeOf));
    },

    async refusal(answer) {
      return settlementRefusal(await readFacts(), answer);
    },
  };

  async function readFacts() {
    const synced = new Set((await entitiesToRun(db)).map(({ entity }) => entity));
    return (await settlementFacts(db)).filter(({ entity }) => synced.has(entity));
  }
}

const outcomeOf = ({ entity, state, switchDate, chunks, memos, proof }: EntityReport): SettlementOutcome => ({
  entity,
  state,
  switchDate,
  chunks: `${chunks.done} of ${chunks.total}`,
  memos: memos.memos,
  differences: String(proof.filter(({ equal }) => !equal).length),
});
