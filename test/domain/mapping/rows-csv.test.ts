import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { csvOfRows, rowsOfCsv } from '../../../src/domain/mapping/rows-csv.ts';
import { RevsyncError } from '../../../src/domain/errors.ts';
import { anyTemplate, invoiceTemplate } from '../../support/templates.ts';

describe('csvOfRows', () => {
  test('has the columns of Revenue’s mappings, and the convention of end dates', () => {
    const [header, , ...rows] = csvOfRows(invoiceTemplate().rows).split('\r\n');
    expect(header).toBe('Seq,Staging Field Name,Input Value Label,Input Value Type,End Date Convention');
    const seq = invoiceTemplate().rows.findIndex(({ to }) => to === 'Revenue End Date') + 1;
    expect(rows).toContain(`${seq},Revenue End Date,InvoiceItem.ServiceEndDate,Date,exclusive`);
  });

  test('is read back as it was', () => {
    fc.assert(
      fc.property(anyTemplate, ({ rows }) => {
        expect(rowsOfCsv(csvOfRows(rows))).toEqual(rows);
      }),
    );
  });
});

describe('rowsOfCsv', () => {
  test('reads columns in any order and case, others not, and rows by their Seq', () => {
    const text = [
      'input value type,Comment,STAGING FIELD NAME,Seq,Input Value Label',
      'Number,x,Ext Sell Price,2,InvoiceItem.ChargeAmount',
      'Character,y,ATR1, 1 ,Account.Name',
    ].join('\n');
    expect(rowsOfCsv(text)).toEqual([
      { from: 'Account.Name', to: 'ATR1', type: 'Character' },
      { from: 'InvoiceItem.ChargeAmount', to: 'Ext Sell Price', type: 'Number' },
    ]);
  });

  test.each(['', 'Seq,Staging Field Name\n1,ATR1', 'a,"b'])('refuses %j and says what it needs', (text) => {
    expect(() => rowsOfCsv(text)).toThrow(RevsyncError);
    expect(() => rowsOfCsv(text)).toThrow(expect.objectContaining({ code: 'TEMPLATE_UNREADABLE' }));
  });
});
