import type { StepDefinition, StepNumber } from './step.ts';
import { STEP_01 } from './step-01-support-ticket.ts';
import { STEP_02 } from './step-02-entities.ts';
import { STEP_03 } from './step-03-home-currency.ts';
import { STEP_04 } from './step-04-settings.ts';
import { STEP_05 } from './step-05-custom-fields.ts';
import { STEP_06 } from './step-06-templates.ts';
import { STEP_07 } from './step-07-sso-proxy.ts';
import { STEP_08 } from './step-08-exchange-rates.ts';
import { STEP_09 } from './step-09-invoice-settlement.ts';
import { STEP_10 } from './step-10-revenue-sync.ts';
import { STEP_11 } from './step-11-data-collection.ts';

/** The eleven steps of the source, in its order. */
export const ENABLEMENT_STEPS: readonly StepDefinition[] = [
  STEP_01,
  STEP_02,
  STEP_03,
  STEP_04,
  STEP_05,
  STEP_06,
  STEP_07,
  STEP_08,
  STEP_09,
  STEP_10,
  STEP_11,
];

const BY_NUMBER: ReadonlyMap<number, StepDefinition> = new Map(
  ENABLEMENT_STEPS.map((definition) => [definition.step, definition]),
);

export function stepOf(step: StepNumber): StepDefinition {
  const found = BY_NUMBER.get(step);
  if (found === undefined) throw new TypeError(`there is no step ${step}`);
  return found;
}
