import { RevsyncError } from '../src/domain/errors.ts';
import { type Balance, readBalance } from '../src/store/balance/read-balance.ts';
import { strikeBalance } from '../src/store/balance/strike-balance.ts';
import { reportFindings } from '../src/store/limitations/report-findings.ts';
import { lookupValue } from '../src/store/lookups.ts';
import { ensureOpenPeriod } from '../src/store/periods.ts';
import { abortRun, broughtChanges, completeRun, isCompleted } from '../src/store/runs.ts';
import type { Dependencies } from './dependencies.ts';
import { whileHeartbeating } from './heartbeating.ts';
import type { OpenedRun } from './open-run.ts';

export interface FinishedRun {
  readonly outcome: 'completed' | 'nothing-to-do';
  /** Lines formed, by type, as exact text. */
  readonly lines: Readonly<Record<string, string>>;
  /** Lookup AUTO_REVENUE_SYNC, code Auto_Collect (enablement step 11). */
  readonly autoCollect: boolean;
}

export function createFinishRunActivities({ db, openPeriod }: Dependencies) {
  return {
    /** Reports what known limitations and practices tell of Billing, and proves the balance of the run; then completes it and moves the mark, in one transaction. */
    async finishRun({ run, entity, org, window }: OpenedRun): Promise<FinishedRun> {
      const balance = await whileHeartbeating(async () => {
        if (!(await isCompleted(db, run))) await reportFindings(db, { run, entity, org });
        return balanceOf(run, entity, org);
      });
      if (!balance.balanced) throw unequal(run, balance.unequal);
      const changed = await broughtChanges(db, run);
      const outcome = changed || Object.keys(balance.lines).length > 0 ? 'completed' : 'nothing-to-do';
      await completeRun(db, run, outcome);
      await ensureOpenPeriod(db, org, openPeriod ?? window.to);
      const autoCollect = (await lookupValue(db, 'AUTO_REVENUE_SYNC', 'Auto_Collect')) === 'Y';
      return { outcome, lines: balance.lines, autoCollect };
    },

    /** Gives the run up; its mark stays where it was. */
    async abandonRun({ run, reason }: { run: string; reason: string }): Promise<void> {
      await abortRun(db, run, reason);
    },
  };

  /**
   * A run that is completed already, by an attempt whose answer was lost, keeps the balance it has. It may even be
   * folded into a later one by now: then it had brought nothing.
   */
  async function balanceOf(run: string, entity: string, org: string): Promise<Balance> {
    if (!(await isCompleted(db, run))) return strikeBalance(db, { run, entity, org });
    return (await readBalance(db, run)) ?? { run, entity, balanced: true, unequal: [], rows: [], lines: {} };
  }
}
export type FinishRunActivities = ReturnType<typeof createFinishRunActivities>;

function unequal(run: string, objects: readonly string[]): RevsyncError {
  return new RevsyncError(`The balance of run ${run} is not equal for ${objects.join(', ')}.`, {
    code: 'BALANCE_UNEQUAL',
    fate: 'fix-input',
    remedy: 'The mark has not moved. Read the balance, report it, then `retry` or `abort`.',
    context: { run },
  });
}
