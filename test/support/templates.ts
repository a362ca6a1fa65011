import fc from 'fast-check';

import { findObject } from '../../src/domain/catalogue/catalogue.ts';
import { POLICIES, POLICY_NAMES } from '../../src/domain/mapping/policies.ts';
import { ORDER_TEMPLATE } from '../../src/domain/mapping/seeded/order.ts';
import { INVOICE_ITEM_TEMPLATE } from '../../src/domain/mapping/seeded/invoice-item.ts';
import { STAGING_FIELDS } from '../../src/domain/mapping/staging-fields.ts';
import {
  type BriefTemplate,
  completeTemplate,
  TEMPLATE_TYPES,
  type TemplateRow,
  type TransactionTemplate,
} from '../../src/domain/mapping/transaction-template.ts';

/** The pre-configured template of invoice items under another name, changed. */
export const invoiceTemplate = (change: Partial<BriefTemplate> = {}): TransactionTemplate =>
  completeTemplate({ ...INVOICE_ITEM_TEMPLATE, name: 'Mine', ...change });

/** The same of bookings. */
export const orderTemplate = (change: Partial<BriefTemplate> = {}): TransactionTemplate =>
  completeTemplate({ ...ORDER_TEMPLATE, name: 'Mine', ...change });

/** Rows of the pre-configured invoice item template, with more. */
export const invoiceRows = (...more: readonly TemplateRow[]): readonly TemplateRow[] => [
  ...INVOICE_ITEM_TEMPLATE.rows,
  ...more,
];

/** Text that files and spreadsheets are known to change. */
const awkward = fc.constantFrom(
  '=1+1',
  '+49 30',
  '-5',
  '@home',
  "'quoted",
  "''",
  '"',
  'a,b;c\td',
  'two\nlines',
  'yes',
  'null',
  '~',
  '1.10',
  '0x1F',
  '1e3',
  '2024-01-31',
  '# no comment',
  'key: value',
  '- item',
  '&anchor',
  '*alias',
  '!tag',
  '%',
  'Ünïcode ☃',
  '\u2028',
  ' spaces ',
);
const text = fc.oneof(awkward, fc.string({ minLength: 1, maxLength: 30, unit: 'grapheme' }));
const name = text.map((each) => each.trim()).filter((each) => each !== '' && !/\p{Cc}/u.test(each));
const label = fc.constantFrom(...STAGING_FIELDS.map((field) => field.label));
const type = fc.constantFrom('Character', 'Number', 'Date');
const path = fc
  .tuple(
    fc.constantFrom('InvoiceItem', 'Subscription.Account', 'Account'),
    fc.oneof(
      fc.constantFrom(...Object.keys(findObject('InvoiceItem')?.fields ?? {})),
      fc.constant('Region__c'),
    ),
  )
  .map((parts) => parts.join('.'));
const row = fc.record(
  { from: path, to: label, type, end: fc.constantFrom('exclusive', 'inclusive') },
  {
    requiredKeys: ['from', 'to', 'type'],
  },
) as fc.Arbitrary<TemplateRow>;
const constants = fc.array(fc.record({ to: label, type, value: text }), { maxLength: 3 });

/** Anything that has the form of a template, whether it makes sense or not. */
export const anyTemplate: fc.Arbitrary<TransactionTemplate> = fc
  .record({
    name,
    type: fc.constantFrom(...TEMPLATE_TYPES),
    entity: fc.option(fc.stringMatching(/^[A-Za-z0-9._-]{1,64}$/)),
    rows: fc.array(row, { minLength: 1, maxLength: 12 }),
    constants,
    defaults: constants,
    filter: fc.option(name),
    policies: fc.record(
      Object.fromEntries(POLICY_NAMES.map((each) => [each, fc.constantFrom(...POLICIES[each].values)])),
      { requiredKeys: [] },
    ),
  })
  .map((parts) => completeTemplate(parts as BriefTemplate));
