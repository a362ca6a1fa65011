import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { csvRows, csvText } from '../../../src/domain/csv/csv-text.ts';

const cell = fc.oneof(
  fc.string({ maxLength: 12, unit: fc.constantFrom(...`=+-@'",;\t\r\n aZ0é`.split('')) }),
  fc.string({ unit: 'binary', maxLength: 8 }),
);
const table = fc.array(
  fc.array(cell, { minLength: 1, maxLength: 4 }).filter((row) => row.length > 1 || row[0] !== ''),
  { maxLength: 5 },
);

describe('csvText', () => {
  test('is read back as it was, whatever the cells hold', () => {
    fc.assert(
      fc.property(table, (rows) => {
        expect(csvRows(csvText(rows))).toEqual(rows);
      }),
      { numRuns: 500 },
    );
  });

  test('has no cell that a spreadsheet runs as a formula', () => {
    fc.assert(
      fc.property(cell, (each) => {
        expect(csvText([[each, 'x']])).not.toMatch(/^"?[=+\-@\t\r]/);
      }),
      { numRuns: 500 },
    );
  });
});
