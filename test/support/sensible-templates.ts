import fc from 'fast-check';

import { checkTemplate } from '../../src/domain/mapping/checks/check-template.ts';
import { mandatoryLabels } from '../../src/domain/mapping/checks/mandatory.ts';
import { type MappableField, mappableFields } from '../../src/domain/mapping/mappable-fields.ts';
import { hasPolicy, POLICIES, POLICY_NAMES } from '../../src/domain/mapping/policies.ts';
import { ROUTES } from '../../src/domain/mapping/routes.ts';
import { templateDocument } from '../../src/domain/mapping/template-file.ts';
import type {
  BriefTemplate,
  TemplateConstant,
  TemplateRow,
  TemplateType,
  TransactionTemplate,
} from '../../src/domain/mapping/transaction-template.ts';
import { changedTemplate } from './dry-runs.ts';

const VALUES = { Character: 'EUR', Number: '7.5', Date: '2024-03-01' } as const;

/** Fields of the generated tenant that the catalogue does not have. */
const CUSTOM = [
  { object: 'Account', field: 'Region__c' },
  { object: 'InvoiceItem', field: 'CostCentre__c' },
  { object: 'RatePlanCharge', field: 'Region__c' },
].map((each) => ({ ...each, filled: '1', rows: '1' }));

/** Two bookings must not be told to be versions of each other: which of them stands would be chance. */
const FIXED = ['Subscription Version'];

const some = <Value>(values: readonly Value[], maxLength: number) =>
  fc.subarray([...values], { minLength: 0, maxLength });

/**
 * Templates of a type that pass the checks: rows from other fields, attributes, no row where none is needed,
 * constants, defaults, filters that let in all, some and no rows, and every policy.
 */
export function sensibleTemplate(type: TemplateType, entity: string): fc.Arbitrary<TransactionTemplate> {
  const seeded = changedTemplate(type, entity);
  const fields = mappableFields(type, CUSTOM).filter(({ path }) => path !== null);
  const mandatory = new Set([...mandatoryLabels(type), ...FIXED]);
  const change = fc.record({
    sources: some(
      seeded.rows.filter(({ to }) => !FIXED.includes(to)),
      3,
    ).chain((rows) => fc.tuple(...rows.map((row) => otherSource(row, fields)))),
    removed: some(
      seeded.rows.filter(({ to }) => !mandatory.has(to)),
      3,
    ),
    attributes: fc.array(fc.constantFrom(...fields), { maxLength: 3 }),
    constants: fc.array(fc.constantFrom('Character', 'Number', 'Date'), { maxLength: 2 }),
    defaults: some(seeded.rows, 2),
    filter: fc.option(filterOf(type)),
    policies: fc.record(
      Object.fromEntries(
        POLICY_NAMES.filter((name) => hasPolicy(type, name)).map((name) => [
          name,
          fc.constantFrom(...POLICIES[name].values),
        ]),
      ),
    ),
  });
  return change
    .map(({ sources, removed, attributes, constants, defaults, filter, policies }) => {
      const gone = new Set([...sources, ...removed].map(({ to }) => to));
      const left = seeded.rows.filter(({ to }) => !gone.has(to));
      const rows = [
        ...left,
        ...sources.filter(({ to }) => !removed.some((row) => row.to === to)),
        ...attributes.map(({ path }, at) => attribute(path ?? '', at)),
      ];
      const brief: Partial<BriefTemplate> = {
        rows,
        constants: constants.map((kind, at) => ({ to: `ATR${at + 10}`, type: kind, value: VALUES[kind] })),
        defaults: defaults.filter(({ to }) => rows.some((row) => row.to === to)).map(defaultOf),
        filter,
        policies,
      };
      return changedTemplate(type, entity, brief);
    })
    .filter((template) => checkTemplate(templateDocument(template)).mistakes.length === 0);
}

const otherSource = (row: TemplateRow, fields: readonly MappableField[]): fc.Arbitrary<TemplateRow> => {
  const alike = fields.filter(({ inputType, attributesOnly }) => inputType === row.type && !attributesOnly);
  return fc.constantFrom(...alike.map(({ path }) => ({ ...row, from: path ?? row.from })));
};

const attribute = (from: string, at: number): TemplateRow => ({
  from,
  to: `ATR${at + 1}`,
  type: 'Character',
});

const defaultOf = ({ to, type }: TemplateRow): TemplateConstant => ({ to, type, value: VALUES[type] });

/** Conditions about the driver and what it hangs on, alone, turned round, and two together. */
function filterOf(type: TemplateType): fc.Arbitrary<string> {
  const { driver } = ROUTES[type];
  const one = fc.constantFrom(
    "Account.Currency = 'USD'",
    "RatePlanCharge.Region__c = 'Region 0'",
    "RatePlanCharge.ChargeType in ('Recurring', 'Usage')",
    `${driver}.CreatedDate < '2024-09-01'`,
    'RatePlanCharge.Segment > 1',
    'RatePlanCharge.Id is not null',
    `${driver}.Id is null`,
  );
  const turned = fc.tuple(fc.constantFrom('', 'not '), one).map((parts) => parts.join(''));
  return fc.oneof(
    turned,
    fc.tuple(turned, fc.constantFrom(' and ', ' or '), turned).map((parts) => parts.join('')),
  );
}
