import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { parseTemplateText } from '../../../src/cli/template/read-template-file.ts';
import { templateText } from '../../../src/cli/template/write-template.ts';
import { rowsOfCsv } from '../../../src/domain/mapping/rows-csv.ts';
import { templateDocument, TemplateFile, templateOf } from '../../../src/domain/mapping/template-file.ts';
import type { TransactionTemplate } from '../../../src/domain/mapping/transaction-template.ts';
import { anyTemplate } from '../../support/templates.ts';

function read(text: string): TransactionTemplate {
  const parsed = parseTemplateText(text);
  if ('mistake' in parsed) throw new Error(parsed.mistake.message);
  return templateOf(TemplateFile.parse(parsed.input));
}

describe('templateText', () => {
  test.each(['yaml', 'json'] as const)(
    'in %s is read back as it was, and written the same again',
    (format) => {
      fc.assert(
        fc.property(anyTemplate, (template) => {
          const text = templateText(template, format);
          expect(read(text)).toEqual(template);
          expect(templateText(read(text), format)).toBe(text);
        }),
        { numRuns: 300 },
      );
    },
  );

  test('in CSV is read back into a template like it', () => {
    fc.assert(
      fc.property(anyTemplate, (template) => {
        const rows = rowsOfCsv(templateText(template, 'csv'));
        expect(templateOf(TemplateFile.parse({ ...templateDocument(template), rows }))).toEqual(template);
      }),
    );
  });
});
