import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { diffTemplates } from '../../../src/domain/mapping/template-diff.ts';
import type { TemplateRow } from '../../../src/domain/mapping/transaction-template.ts';
import { anyTemplate, invoiceRows, invoiceTemplate } from '../../support/templates.ts';

const ATR1: TemplateRow = { from: 'Account.Name', to: 'ATR1', type: 'Character' };

describe('diffTemplates', () => {
  test('tells rows that were added, removed and changed by the field they fill', () => {
    const before = invoiceTemplate();
    const [first, second, ...rest] = before.rows;
    const changed = { from: 'Account.Name', to: 'Company Code', type: 'Character' } as const;
    const diff = diffTemplates(before, invoiceTemplate({ rows: [changed, ...rest, ATR1] }));
    expect(diff.rows).toEqual({
      added: [ATR1],
      removed: [first],
      changed: [{ to: 'Company Code', before: second, after: changed }],
    });
    expect([diff.same, diff.reordered]).toEqual([false, false]);
  });

  test('tells that a row got a part that it did not have, or lost one', () => {
    const plain: TemplateRow = { from: 'Account.Until__c', to: 'ATR1', type: 'Date' };
    const short = invoiceTemplate({ rows: [plain] });
    const long = invoiceTemplate({ rows: [{ ...plain, end: 'inclusive' }] });
    expect(diffTemplates(short, long).rows.changed).toHaveLength(1);
    expect(diffTemplates(long, short).rows.changed).toHaveLength(1);
  });

  test('tells constants, defaults, filter and policies', () => {
    const constant = { to: 'ATR1', type: 'Character', value: 'x' } as const;
    const after = invoiceTemplate({
      constants: [constant],
      defaults: [{ ...constant, to: 'Customer Name' }],
      filter: "Account.Currency = 'EUR'",
      policies: { invoiceOwner: 'original' },
    });
    expect(diffTemplates(invoiceTemplate(), after)).toMatchObject({
      constants: { added: [constant] },
      defaults: { added: [{ to: 'Customer Name' }] },
      filter: { before: null, after: "Account.Currency = 'EUR'" },
      policies: [{ policy: 'invoiceOwner', before: 'current', after: 'original' }],
      same: false,
    });
  });

  test('tells that rows only stand in another order', () => {
    const before = invoiceTemplate();
    const diff = diffTemplates(before, invoiceTemplate({ rows: before.rows.toReversed() }));
    expect(diff).toMatchObject({ reordered: true, rows: { added: [], removed: [], changed: [] } });
    expect(diffTemplates(before, invoiceTemplate({ rows: invoiceRows(ATR1) })).reordered).toBe(false);
  });

  test('finds nothing between a template and itself, whatever the order of names in its parts', () => {
    fc.assert(
      fc.property(anyTemplate, (template) => {
        const rows = template.rows.filter(
          ({ to }, at) => template.rows.findIndex((row) => row.to === to) === at,
        );
        const turned = rows.map((row) => Object.fromEntries(Object.entries(row).toReversed()) as TemplateRow);
        expect(diffTemplates({ ...template, rows }, { ...template, rows: turned }).rows.changed).toEqual([]);
      }),
    );
    expect(diffTemplates(invoiceTemplate(), invoiceTemplate({ name: 'Other' })).same).toBe(true);
  });
});
