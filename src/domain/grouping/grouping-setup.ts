import { defineSetup } from '../setups/setup-kind.ts';
import { checkGrouping } from './check-grouping.ts';
import { GroupingTemplateForm } from './grouping-template.ts';

/** Grouping templates: which SO lines make one revenue contract. */
export const GROUPING = defineSetup({
  kind: 'grouping',
  command: 'grouping',
  noun: 'grouping template',
  does: 'groups the new SO lines',
  schema: GroupingTemplateForm,
  check: checkGrouping,
  examples: {
    rules: 'For example rules: [{seq: 1, keys: [Customer Number, ATR1]}].',
    seq: 'Number the rules 1, 2, 3 in the order they are tried in.',
    keys: 'For example keys: [Subscription Name, Term Number].',
    window: 'For example window: {days: 30, field: SO Book Date}.',
    days: 'For example days: 30.',
    field: 'Write the label of a date, for example SO Book Date.',
    secondary: 'For example secondary: {label: SO Number, onSeveral: own}.',
    label: 'Write a staging label, for example SO Number.',
    filter: 'For example filter: "[Subscription Type] = \'TERMED\'".',
    enabled: 'Write true or false.',
    validFrom: 'For example validFrom: 2024-01-01.',
    validTo: 'For example validTo: 2025-01-01.',
  },
  seeds: [
    {
      name: 'Subscription and Term',
      isDefault: true,
      body: {
        rules: [
          { seq: 1, keys: ['Subscription Name', 'Term Number'], enabled: true },
          { seq: 2, keys: ['Customer Number', 'Term Number'], enabled: true },
        ],
      },
    },
    {
      name: 'Customer',
      isDefault: false,
      body: { rules: [{ seq: 1, keys: ['Customer Number'], enabled: true }] },
    },
  ],
});
