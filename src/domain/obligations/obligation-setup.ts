import { defineSetup } from '../setups/setup-kind.ts';
import { checkObligations } from './check-obligations.ts';
import { ObligationSetupForm, RATABLE_METHODS } from './obligation-setup-form.ts';
import { PRE_CONFIGURED } from './seeded-setup.ts';

/** Obligation set-ups: the templates of performance obligations, and which charges get which. */
export const OBLIGATIONS = defineSetup({
  kind: 'obligations',
  command: 'obligation',
  noun: 'obligation set-up',
  does: 'assigns templates to the new obligations',
  schema: ObligationSetupForm,
  check: checkObligations,
  examples: {
    templates:
      'For example templates: [{name: Ratable, ratableMethod: Ratable, releaseEvent: Upon Booking}].',
    name: 'For example name: Ratable.',
    ratableMethod: `Write one of ${RATABLE_METHODS.join(', ')}.`,
    releaseEvent:
      'Write Upon Booking, Upon Billing, Manual, or an event: {event: Go-live, processing: by-percent}.',
    event: 'For example event: Go-live.',
    processing: 'Write by-percent, or by-amount for one-time and usage charges.',
    accounting: 'Write daily or partial-monthly.',
    retain: 'Write percent or amount.',
    assignment: 'For example assignment: [{kind: item, items: [Setup Fee], template: Ratable}].',
    kind: 'Write rule, attributes or item.',
    when: 'For example when: "[Rate Plan Charge Type] = \'OneTime\'".',
    match: 'For example match: {ATR1: hardware, Rate Plan Charge Type: OneTime}.',
    items: 'For example items: [Setup Fee].',
    template: 'Write the name of a template of this file.',
    automatic: 'For example automatic: {recurring: Ratable, usage: As Billed}.',
  },
  seeds: [{ name: 'Pre-Configured', isDefault: true, body: PRE_CONFIGURED }],
});
