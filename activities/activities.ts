import { type CollectActivities, createCollectActivities } from './collect.ts';
import type { Dependencies } from './dependencies.ts';
import { createEnablementActivities, type EnablementActivities } from './enablement.ts';
import { createStepWorks } from './enablement/works.ts';
import { createHoldActivities, type HoldActivities } from './decide-on-holds.ts';
import { createExchangeRateActivities, type ExchangeRateActivities } from './exchange-rates.ts';
import { createExportActivities, type ExportActivities } from './export.ts';
import { createFinishRunActivities, type FinishRunActivities } from './finish-run.ts';
import { createInstantOnActivities, type InstantOnActivities } from './instant-on.ts';
import { createLoadActivities, type LoadActivities } from './load.ts';
import { createOpenRunActivities, type OpenRunActivities } from './open-run.ts';
import { createReadSideActivities, type ReadSideActivities } from './read-side.ts';
import { createSettlementActivities, type SettlementActivities } from './settlement.ts';
import { createSettlementHistoryActivities, type SettlementHistoryActivities } from './settlement-history.ts';
import { createSettingsActivities, type SettingsActivities } from './settings.ts';
import { createTransformActivities, type TransformActivities } from './transform.ts';

export type Activities = OpenRunActivities &
  ExportActivities &
  LoadActivities &
  ReadSideActivities &
  TransformActivities &
  FinishRunActivities &
  CollectActivities &
  HoldActivities &
  ExchangeRateActivities &
  SettingsActivities &
  SettlementActivities &
  SettlementHistoryActivities &
  InstantOnActivities &
  EnablementActivities;

/** Everything a worker can be asked to do. */
export function createActivities(deps: Dependencies): Activities {
  return {
    ...createOpenRunActivities(deps),
    ...createExportActivities(deps),
    ...createLoadActivities(deps),
    ...createReadSideActivities(deps),
    ...createTransformActivities(deps),
    ...createFinishRunActivities(deps),
    ...createCollectActivities(deps),
    ...createHoldActivities(deps),
    ...createExchangeRateActivities(deps),
    ...createSettingsActivities(deps),
    ...createSettlementActivities(deps),
    ...createSettlementHistoryActivities(deps),
    ...createInstantOnActivities(deps),
    ...createEnablementActivities(deps, createStepWorks(deps)),
  };
}
