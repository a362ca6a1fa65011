import { defineSetup } from '../setups/setup-kind.ts';
import { checkValidation } from './check-validation.ts';
import { ValidationSetForm } from './validation-set.ts';

/** Sets of validation rules: what an administrator asks of lines beside the predefined rules. */
export const VALIDATION = defineSetup({
  kind: 'validation',
  command: 'validation',
  noun: 'set of validation rules',
  does: 'judges the lines',
  schema: ValidationSetForm,
  check: checkValidation,
  examples: {
    rules:
      'For example rules: [{id: price-below-floor, type: expression, expression: "[Ext Sell Price] > 0", message: ..., remedy: ...}].',
    predefined: 'For example predefined: [{id: missing-accounting-segments}].',
    id: 'For example id: price-below-floor.',
    type: 'Write expression or lookup.',
    appliesTo: 'For example appliesTo: [SO, INV].',
    when: 'For example when: "[Rate Plan Charge Type] = \'Recurring\'".',
    expression: 'For example expression: "[Ext Sell Price] > 0".',
    label: 'For example label: ATR1.',
    values: 'For example values: [EMEA, APAC].',
    lookup: 'For example lookup: SALES_REGIONS.',
    listed: 'Write true or false.',
    message: 'For example message: "The price {Ext Sell Price} is below the floor.".',
    remedy: 'For example remedy: Correct the price in Billing.',
    overridable: 'Write true or false.',
    from: 'For example from: 2024-01-01.',
    to: 'For example to: 2025-01-01.',
    filter: 'For example filter: "[Rate Plan Charge Type] <> \'Usage\'".',
  },
  seeds: [],
});
