import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { parseTemplateText } from '../../../src/cli/template/read-template-file.ts';
import { templateText } from '../../../src/cli/template/write-template.ts';
import { rowsOfCsv } from '../../../src/domain/mapping/rows-csv.ts';
import { templateDocument, TemplateFile, templateOf } from '../../../src/domain/mapping/template-file.ts';
import type { TransactionTemplate } from '../../../src/domain/mapping/transaction-template.ts';
import { loadTemplate } from '../../../src/store/templates/load-template.ts';
import { findTemplate } from '../../../src/store/templates/template-versions.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
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

describe('a template on its way through files and the database', () => {
  let database: TestDatabase;
  beforeAll(async () => void (database = await openTestDatabase()));
  afterAll(() => database.close());

  /** The template as the database gives it back, and whether it was there before. */
  const kept = async (template: TransactionTemplate) => {
    const { loaded, unchanged } = await loadTemplate(database.db, { template, by: 'ann' });
    return {
      template: (await findTemplate(database.db, loaded)).template,
      version: loaded.version,
      unchanged,
    };
  };

  test('comes back the same from each, and is a version of its own only once', async () => {
    let names = 0;
    await fc.assert(
      fc.asyncProperty(anyTemplate, async (any) => {
        // Shared names would number versions by chance.
        const template = { ...any, name: `${(names += 1)} ${any.name}` };
        const first = await kept(read(templateText(template, 'yaml')));
        expect(first).toEqual({ template, version: 1, unchanged: false });

        const again = await kept(read(templateText(first.template, 'json')));
        expect(again).toEqual({ template, version: 1, unchanged: true });

        const rows = rowsOfCsv(templateText(again.template, 'csv'));
        const like = templateOf(TemplateFile.parse({ ...templateDocument(again.template), rows }));
        expect(await kept(like)).toEqual({ template, version: 1, unchanged: true });

        const another = { ...template, rows: [...template.rows, ...template.rows.slice(0, 1)] };
        expect(await kept(read(templateText(another, 'yaml')))).toMatchObject({
          version: 2,
          unchanged: false,
        });
      }),
      { numRuns: 100 },
    );
  });
});
