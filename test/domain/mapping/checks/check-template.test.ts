import { describe, expect, test } from 'vitest';

import { checkTemplate } from '../../../../src/domain/mapping/checks/check-template.ts';
import type { KnownTenant } from '../../../../src/domain/mapping/checks/known-tenant.ts';
import { SEEDED_TEMPLATES } from '../../../../src/domain/mapping/seeded/seeded-templates.ts';
import { templateDocument } from '../../../../src/domain/mapping/template-file.ts';
import type { TemplateRow } from '../../../../src/domain/mapping/transaction-template.ts';
import { invoiceRows, invoiceTemplate, orderTemplate } from '../../../support/templates.ts';

const FIRST = invoiceTemplate().rows.length;

/** `rows[n]` of the row that fills a label. */
const rowOf = (label: string) => `rows[${invoiceTemplate().rows.findIndex(({ to }) => to === label)}]`;

const mistakesOf = (input: unknown, tenant?: KnownTenant) => checkTemplate(input, tenant).mistakes;
const withRow = (row: object) => ({
  ...templateDocument(invoiceTemplate()),
  rows: invoiceRows(row as TemplateRow),
});
/** One line a mistake: path, message, suggestion. */
const linesOf = (input: unknown, tenant?: KnownTenant) =>
  mistakesOf(input, tenant).map(({ path, message, suggestion }) => `${path} | ${message} | ${suggestion}`);

describe('checkTemplate', () => {
  test.each(SEEDED_TEMPLATES.map((template) => [template.name, template] as const))(
    'finds nothing wrong with %s',
    (_name, template) => {
      expect(checkTemplate(templateDocument(template))).toEqual({ template, mistakes: [] });
    },
  );

  test('accepts what custom mappings may do', () => {
    const rows = [
      { from: 'RatePlanCharge.Region__c', to: 'ATR1', type: 'Character' },
      { from: 'RatePlanCharge.MRR', to: 'ATR2', type: 'Number' },
      { from: 'RatePlanCharge.MRR', to: 'ATR3', type: 'Character' },
      { from: 'InvoiceItem.BillToContact.FirstName', to: 'ATR4', type: 'Character' },
      { from: 'Subscription.AutoRenew', to: 'ATR5', type: 'Character' },
      {
        from: 'Account.Project__c.default__project__c.Region__c',
        to: 'ATR60',
        type: 'Date',
        end: 'inclusive',
      },
    ] as const;
    const template = invoiceTemplate({
      rows: invoiceRows(...rows),
      defaults: [{ to: 'ATR1', type: 'Character', value: 'none' }],
      filter:
        "InvoiceItem.ChargeAmount <> 0 and Invoice.PostedDate >= '2024-01-01' and Account.Vip__c = true",
      policies: { standaloneReference: 'remove', subscriptionOwner: 'original' },
    });
    expect(mistakesOf(template)).toEqual([]);
  });

  test.each([
    [
      'an unknown field',
      { from: 'InvoiceItem.ChargAmount', to: 'ATR1', type: 'Number' },
      'from',
      'InvoiceItem has no field ChargAmount.',
      'Did you mean InvoiceItem.ChargeAmount?',
    ],
    [
      'an unknown object',
      { from: 'Subscripton.Name', to: 'ATR1', type: 'Character' },
      'from',
      'There is no object Subscripton.',
      'Did you mean Subscription.Name?',
    ],
    [
      'a path with no relation',
      { from: 'Ramp.Number', to: 'ATR1', type: 'Character' },
      'from',
      'No relation leads from InvoiceItem to Ramp.',
      'Did you mean Subscription.Ramp.Number?',
    ],
    [
      'a forbidden object',
      { from: 'Subscription.Order.OrderNumber', to: 'ATR1', type: 'Character' },
      'from',
      'Fields of Order cannot be used in any template.',
      'Leave it out: the objects of a line are its charge, subscription, account, product and document.',
    ],
    [
      'a tax field',
      { from: 'InvoiceItem.TaxAmount', to: 'ATR1', type: 'Number' },
      'from',
      'InvoiceItem.TaxAmount is a tax field; tax is not extracted.',
      'Map an amount without tax, or leave the row out.',
    ],
    [
      'a contact that goes elsewhere than to an attribute',
      { from: 'InvoiceItem.BillToContact.FirstName', to: 'Amendment Id', type: 'Character' },
      'to',
      'InvoiceItem.BillToContact.FirstName is a field of a contact; those go to ATR1-ATR60 only.',
      'Write to: ATR1.',
    ],
    [
      'a field that is filled already',
      { from: 'Account.Name', to: 'Ext Sell Price', type: 'Number' },
      'to',
      `Ext Sell Price is filled by ${rowOf('Ext Sell Price')} already.`,
      'Keep one of the two, or fill ATR1 with this one.',
    ],
    [
      'an unknown label',
      { from: 'Account.Name', to: 'Amendement Id', type: 'Character' },
      'to',
      'There is no staging field Amendement Id.',
      'Did you mean Amendment Id?',
    ],
    [
      'a label that is derived',
      { from: 'Account.Name', to: 'SO Number', type: 'Character' },
      'to',
      'SO Number is derived; no template fills it.',
      'Leave it out.',
    ],
    [
      'a type other than the label’s',
      { from: 'Account.Name', to: 'Amendment Id', type: 'Number' },
      'type',
      'Amendment Id is a Character, and the row says Number.',
      'Write type: Character.',
    ],
    [
      'a field of another type than the row says',
      { from: 'Account.Name', to: 'Ext List Price', type: 'Number' },
      'from',
      'Account.Name is a text in Billing, which is no Number.',
      'Take a field that is a Number',
    ],
    [
      'a number that is to be text where only text belongs',
      { from: 'InvoiceItem.ChargeAmount', to: 'Amendment Id', type: 'Character' },
      'from',
      'InvoiceItem.ChargeAmount is a decimal in Billing, which is no Character.',
      'or fill one of ATR1-ATR60 with it',
    ],
    [
      'text that is to be a number in an attribute',
      { from: 'Account.Name', to: 'ATR1', type: 'Number' },
      'from',
      'Account.Name is a text in Billing, which is no Number.',
      'as Character',
    ],
    [
      'a convention of what is no date',
      { from: 'Account.Name', to: 'ATR1', type: 'Character', end: 'exclusive' },
      'end',
      'A Character has no end convention.',
      'Leave end out.',
    ],
    [
      'a standard end date that is said to be inclusive',
      { from: 'Subscription.TermEndDate', to: 'ATR1', type: 'Date', end: 'inclusive' },
      'end',
      'Subscription.TermEndDate is the first day after the end in Billing, so it is exclusive.',
      'Write end: exclusive, or leave it out.',
    ],
    [
      'a name that rows do not have',
      { from: 'Account.Name', too: 'ATR1', to: 'ATR1', type: 'Character' },
      'too',
      'There is no too here.',
      'Did you mean to?',
    ],
    [
      'a row without its label',
      { from: 'Account.Name', type: 'Character' },
      'to',
      'is missing.',
      'Write a staging label',
    ],
    [
      'a type that is none',
      { from: 'Account.Name', to: 'ATR1', type: 'Charcter' },
      'type',
      'cannot be "Charcter".',
      'Did you mean Character?',
    ],
    [
      'a path that is none',
      { from: 'Name', to: 'ATR1', type: 'Character' },
      'from',
      'has to be Object.Field',
      'Write Object.Field',
    ],
  ])('finds %s', (_what, row, part, message, suggestion) => {
    const mistakes = mistakesOf(withRow(row));
    expect(mistakes[0]).toEqual({
      path: `rows[${FIRST}].${part}`,
      message: expect.stringContaining(message),
      suggestion: expect.stringContaining(suggestion),
    });
    expect(mistakes.slice(1).filter(({ path }) => path.endsWith(`.${part}`))).toEqual([]);
  });

  test('finds the convention of an end date that nobody gave, or that is none', () => {
    const rows = (end: object, to: string) =>
      invoiceTemplate().rows.map((row) =>
        row.to === to ? ({ from: 'InvoiceItem.Until__c', to, type: 'Date', ...end } as TemplateRow) : row,
      );
    expect(linesOf(invoiceTemplate({ rows: rows({}, 'Revenue End Date') }))).toEqual([
      `${rowOf('Revenue End Date')}.end | Whether InvoiceItem.Until__c is the last day or the first day after cannot be told. | Write end: inclusive if it is the last day, else end: exclusive.`,
    ]);
    expect(mistakesOf(invoiceTemplate({ rows: rows({ end: 'inclusive' }, 'Revenue End Date') }))).toEqual([]);
    expect(linesOf(invoiceTemplate({ rows: rows({ end: 'exclusive' }, 'Revenue Start Date') }))).toEqual([
      `${rowOf('Revenue Start Date')}.end | Revenue Start Date is no end date. | Leave end out.`,
    ]);
  });

  test.each([
    [
      'INV',
      invoiceTemplate(),
      [
        'Business Unit',
        'Company Code',
        'Functional Currency',
        'Transaction Currency',
        'Sales Order Date',
        'Revenue Start Date',
        'Revenue End Date',
        'Ordered Qty',
        'Ext Sell Price',
        'Deferred Segments',
        'Revenue Segments',
        'Invoice Num',
        'Invoice Date',
        'Invoice Qty',
      ],
    ],
    ['SO', orderTemplate(), ['Ext Sell Price', 'Ext List Price', 'Ordered Qty', 'Sales Order Date']],
  ])('finds each mandatory field of %s that nothing fills', (type, template, labels) => {
    for (const label of labels) {
      const rows = template.rows.filter(({ to }) => to !== label);
      const usual = template.rows.find(({ to }) => to === label);
      expect(mistakesOf({ ...template, rows })).toEqual([
        {
          path: 'rows',
          message: `Nothing fills ${label}, which every line of ${type} needs.`,
          suggestion: `Add a row {from: ${usual?.from}, to: ${label}, type: ${usual?.type}}, or a constant.`,
        },
      ]);
      const constants = [
        { to: label, type: usual?.type, value: usual?.type === 'Date' ? '2024-01-31' : '1' },
      ];
      expect(mistakesOf({ ...template, rows, constants })).toEqual([]);
    }
  });

  test('a booking needs no invoice, and a billing no list price', () => {
    expect(orderTemplate().rows.some(({ to }) => to === 'Invoice Num')).toBe(false);
    expect(invoiceTemplate().rows.some(({ to }) => to === 'Ext List Price')).toBe(false);
  });

  test('finds what is wrong with constants and defaults', () => {
    const template = invoiceTemplate({
      constants: [
        { to: 'Company Code', type: 'Character', value: 'ACME' },
        { to: 'Ext List Price', type: 'Number', value: '1,50' },
        { to: 'ATR1', type: 'Date', value: '2024-02-30' },
        { to: 'Amendment Id', type: 'Number', value: '1' },
      ],
      defaults: [
        { to: 'ATR2', type: 'Character', value: 'x' },
        { to: 'Customer Name', type: 'Character', value: 'x' },
        { to: 'Customer Name', type: 'Character', value: 'y' },
      ],
    });
    expect(linesOf(template)).toEqual([
      `constants[0].to | Company Code is filled by ${rowOf('Company Code')} already. | Keep one of the two, or fill ATR2 with this one.`,
      'constants[1].value | "1,50" is no Number. | Write a number such as "12.50", with a point and without separators.',
      'constants[2].value | "2024-02-30" is no Date. | Write a day as "2024-01-31".',
      'constants[3].type | Amendment Id is a Character, and this says Number. | Write type: Character.',
      'defaults[0].to | No row fills ATR2, so its default is never used. | Add a row for it, or make this a constant.',
      'defaults[2].to | Customer Name has a default in defaults[1] already. | Keep one of the two.',
    ]);
  });

  test.each([
    [
      "Account.Currency = 'EUR' and",
      'At character 29: Here the filter ends, and a field or a value belongs here.',
    ],
    ['Account.Curency is null', 'At character 1: Account has no field Curency.'],
    ['not Order.OrderNumber is null', 'At character 5: Fields of Order cannot be used in any template.'],
    [
      "InvoiceItem.ChargeAmount > 'x'",
      'At character 28: InvoiceItem.ChargeAmount is a number, and this is not.',
    ],
    ['Account.Currency in (1)', 'At character 22: Account.Currency is a text, and this is not.'],
    ["Invoice.InvoiceDate > '2024-02-30'", 'At character 23: Invoice.InvoiceDate is a day, and this is not.'],
    ['Subscription.AutoRenew > true', 'At character 1: Subscription.AutoRenew is true or false.'],
    [
      'Invoice.InvoiceDate < InvoiceItem.Quantity',
      'At character 23: Invoice.InvoiceDate is a day, and this is not.',
    ],
  ])('finds what is wrong with the filter %s', (filter, message) => {
    expect(mistakesOf(invoiceTemplate({ filter }))).toEqual([
      { path: 'filter', message, suggestion: expect.any(String) },
    ]);
  });

  test('finds policies that the type does not have, or that have nothing to decide', () => {
    const rows = invoiceTemplate().rows.filter(({ to }) => to !== 'Invoice Owner');
    const policies = { evergreen: 'ccv', invoiceOwner: 'original', standaloneReference: 'drop' };
    expect(linesOf({ ...templateDocument(invoiceTemplate({ rows })), policies })).toEqual([
      'policies.standaloneReference | policies.standaloneReference cannot be "drop". | Write one of keep, remove.',
      'policies.evergreen | A template of INV has no policy evergreen. | Leave it out; it is for SO.',
      'policies.invoiceOwner | No row fills Invoice Owner from Subscription.InvoiceOwner, so the policy does nothing. | Add a row {from: Subscription.InvoiceOwner.Name, to: Invoice Owner, type: Character}, or leave the policy out.',
    ]);
  });

  test('finds that an owner’s policy has no say over a row of another path', () => {
    const rows = invoiceTemplate().rows.map((row) =>
      row.to === 'Subscription Owner' ? { ...row, from: 'Account.Name' } : row,
    );
    const template = invoiceTemplate({ rows, policies: { subscriptionOwner: 'original' } });
    expect(mistakesOf(template)).toMatchObject([{ path: 'policies.subscriptionOwner' }]);
  });

  describe('of what is known of the tenant', () => {
    const entities = [{ entity: 'US', billingId: '1a', displayName: 'Acme US' }];
    const row = { from: 'Account.Regoin__c', to: 'ATR1', type: 'Character' } as const;
    const known = (complete: boolean): KnownTenant => ({
      customFields: new Map([['Account', { names: new Set(['Region__c']), complete }]]),
    });
    const region = (field: string) =>
      invoiceTemplate({ rows: invoiceRows({ ...row, from: `Account.${field}` }) });

    test('an entity has to be one of its keys, once there are any', () => {
      expect(linesOf(invoiceTemplate({ entity: 'Us' }), { entities })).toEqual([
        'entity | There is no entity Us. | Did you mean US?',
      ]);
      expect(linesOf(invoiceTemplate({ entity: '1a' }), { entities })).toEqual([
        'entity | There is no entity 1a. | Did you mean US?',
      ]);
      expect(mistakesOf(invoiceTemplate({ entity: 'US' }), { entities })).toEqual([]);
      expect(mistakesOf(invoiceTemplate({ entity: 'any' }), { entities: [] })).toEqual([]);
    });

    test('a custom field has to be one of the object’s', () => {
      const path = `rows[${FIRST}].from`;
      expect(linesOf(region('Regoin__c'), known(true))).toEqual([
        `${path} | Account of this tenant has no custom field Regoin__c. | Did you mean Account.Region__c?`,
      ]);
      expect(mistakesOf(region('Segment__c'), known(true))).toMatchObject([{ path }]);
      expect(mistakesOf(region('Region__c'), known(true))).toEqual([]);
      expect(mistakesOf(region('Regoin__c'))).toEqual([]);
    });

    test('fields of custom objects may be spelled as Billing has them, whatever Data Query makes of them', () => {
      const names = new Set(['region__c', 'name']);
      const customFields = new Map([['default__project__c', { names, complete: true }]]);
      const at = (field: string) => region(`Project__c.default__project__c.${field}`);
      for (const field of ['Region__c', 'region__c', 'Name', 'Id', 'UpdatedDate']) {
        expect(mistakesOf(at(field), { customFields })).toEqual([]);
      }
      expect(mistakesOf(at('Regoin__c'), { customFields })).toHaveLength(1);
    });

    test('where fields were only seen in rows, one that nobody filled yet is none the worse', () => {
      expect(mistakesOf(region('Segment__c'), known(false))).toEqual([]);
      expect(mistakesOf(region('Regoin__c'), known(false))).toHaveLength(1);
    });
  });

  test('finds everything at once, in the order of the file, whatever else is wrong', () => {
    const paths = mistakesOf({
      policies: { evergeen: 'ccv' },
      type: 'INV',
      name: '',
      colour: 'red',
      filter: 'x',
      entity: 'a b',
      rows: [
        ...invoiceTemplate().rows,
        { from: 'Subscripton.Name', to: 'ATR0', type: 'Text' },
        'no row',
        { from: 'InvoiceItem.TaxAmount', to: 'Company Code', type: 'Number' },
      ].slice(1),
      constants: [{ to: 'ATR1', type: 'Character', value: [] }],
    }).map(({ path }) => path);
    expect(paths).toEqual([
      'name',
      'entity',
      `rows[${FIRST - 1}].type`,
      `rows[${FIRST - 1}].to`,
      `rows[${FIRST - 1}].from`,
      `rows[${FIRST}]`,
      `rows[${FIRST + 1}].to`,
      `rows[${FIRST + 1}].from`,
      `rows[${FIRST + 1}].type`,
      'rows',
      'constants[0].value',
      'filter',
      'policies.evergeen',
      'colour',
    ]);
  });

  test.each([null, 7, 'text', [], undefined])(
    'an input that is no object at all has its mistakes, too',
    (input) => {
      const { template, mistakes } = checkTemplate(input);
      expect(template).toBeNull();
      expect(mistakes.length).toBeGreaterThan(0);
      for (const { message, suggestion } of mistakes) expect([message, suggestion]).not.toContain('');
    },
  );
});
