import { isCustomObject } from '../mapping/resolve-path.ts';
import { checkMapping, withoutRows } from './check-mapping.ts';
import {
  type CustomFieldFacts,
  type FoundField,
  type MappedField,
  mappingOf,
} from './custom-field-proposal.ts';
import { cutList, listed } from './cut-list.ts';
import { listedNames } from './listed-names.ts';
import type { Refusal } from './refusal.ts';
import type { CustomFieldsAnswer } from './step-05-custom-fields.ts';
import type { JsonObject, Turn } from './step.ts';

/** What comes next at the custom fields, by what was answered. */
export function turnOfCustomFields(facts: CustomFieldFacts, answer: CustomFieldsAnswer | null): Turn {
  if (facts.fields.length === 0) {
    return { kind: 'not-applicable', note: 'No row of Billing has a custom field.', evidence: {} };
  }
  return answer === null ? asksForMapping(facts) : mapped(facts, mappingOf(answer, facts));
}

/** Why a mapping cannot be taken; an approval without one takes the proposal. */
export function refusalOfCustomFields(answer: CustomFieldsAnswer, facts: CustomFieldFacts): Refusal | null {
  const { mistakes, usable } = checkMapping(mappingOf(answer, facts), facts.seen);
  if (mistakes.length === 0) return null;
  return { refusal: mistakes.join(' '), value: valueOf(usable) };
}

const MOST_FIELDS = 8;

function asksForMapping({ fields, proposal }: CustomFieldFacts): Turn {
  const count = fields.length === 1 ? '1 custom field' : `${fields.length} custom fields`;
  const fullest = listedNames(fields.map(withRate), MOST_FIELDS);
  const proposed = proposal.length === 0 ? 'None of them can be proposed' : `Proposed: ${arrows(proposal)}`;
  return {
    kind: 'ask',
    message: `Rows of Billing have values in ${count}: ${fullest}. What is mapped to no attribute of Revenue is not synced. ${proposed}.`,
    remedy: [
      'Send the value as it is, or with a mapping of your own; [] maps none.',
      '"from" is Object.Field, or Object.Relation.Field as in InvoiceItem.BillToContact.City; "to" is ATR1 to ATR60.',
      ...(fields.some(({ object }) => isCustomObject(object)) ? [OF_CUSTOM_OBJECTS] : []),
      '`revsync template fields` lists what can be mapped.',
    ].join('\n'),
    value: valueOf(proposal),
    polls: false,
  };
}

const OF_CUSTOM_OBJECTS =
  'A field of a custom object needs the field before it that leads there: Account.Project__c.default__project__c.region__c.';

const EVIDENCE = 1_600;

function mapped(facts: CustomFieldFacts, mapping: readonly MappedField[]): Turn {
  const empty = withoutRows(mapping, facts.seen);
  const nowhere =
    empty.length === 0 ? '' : ` No row has ${listedNames(empty.map(({ from }) => from))} by now.`;
  return {
    kind: 'done',
    note: mapping.length === 0 ? 'No custom field is mapped.' : `Mapped: ${arrows(mapping)}.${nowhere}`,
    evidence: {
      ...listed('fields', cutList(facts.fields.map(toJson), { characters: EVIDENCE })),
      ...listed('mapping', cutList(mapping.map(pairOf), { characters: EVIDENCE })),
      ...(empty.length === 0
        ? {}
        : listed(
            'withoutRows',
            cutList(
              empty.map(({ from }) => from),
              { characters: 500 },
            ),
          )),
    },
  };
}

const valueOf = (mapping: readonly MappedField[]): JsonObject => ({
  approve: true,
  mapping: mapping.map(pairOf),
});

const pairOf = ({ from, to }: MappedField) => ({ from, to });

const toJson = ({ object, field, rate }: FoundField) => ({
  field: `${object}.${field}`,
  filledPercent: rate,
});

const withRate = ({ object, field, rate }: FoundField): string =>
  rate === null ? `${object}.${field}` : `${object}.${field} (${rate} %)`;

const arrows = (mapping: readonly MappedField[]): string =>
  listedNames(
    mapping.map(({ from, to }) => `${from} to ${to}`),
    MOST_FIELDS,
  );
