import type { StepNumber } from '../../src/domain/enablement/step.ts';
import type { Dependencies } from '../dependencies.ts';
import { createStep01 } from './step-01-support-ticket.ts';
import { createStep02 } from './step-02-entities.ts';
import { createStep03 } from './step-03-home-currency.ts';
import { createStep04 } from './step-04-settings.ts';
import { createStep05 } from './step-05-custom-fields.ts';
import { createStep06 } from './step-06-templates.ts';
import { createStep07 } from './step-07-sso-proxy.ts';
import { createStep08 } from './step-08-exchange-rates.ts';
import { createStep09 } from './step-09-invoice-settlement.ts';
import { createStep10 } from './step-10-revenue-sync.ts';
import { createStep11 } from './step-11-data-collection.ts';
import type { StepWork } from './step-work.ts';

/** What is done for each step. */
export type StepWorks = Readonly<Record<StepNumber, StepWork<object>>>;

export const createStepWorks = (deps: Dependencies): StepWorks => ({
  1: createStep01(deps),
  2: createStep02(deps),
  3: createStep03(deps),
  4: createStep04(deps),
  5: createStep05(deps),
  6: createStep06(deps),
  7: createStep07(deps),
  8: createStep08(deps),
  9: createStep09(deps),
  10: createStep10(deps),
  11: createStep11(deps),
});
