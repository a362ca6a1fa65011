import { stringify } from 'yaml';

import { csvOfRows } from '../../domain/mapping/rows-csv.ts';
import { templateDocument } from '../../domain/mapping/template-file.ts';
import type { TransactionTemplate } from '../../domain/mapping/transaction-template.ts';

export const TEMPLATE_FORMATS = ['yaml', 'json', 'csv'] as const;
export type TemplateFormat = (typeof TEMPLATE_FORMATS)[number];

const LINE_WIDTH = 110;

/** A template as a file: the same text for equal templates. CSV has the rows only. */
export function templateText(template: TransactionTemplate, format: TemplateFormat): string {
  switch (format) {
    case 'csv':
      return csvOfRows(template.rows);
    case 'json':
      return `${JSON.stringify(templateDocument(template), null, 2)}\n`;
    case 'yaml':
      return stringify(templateDocument(template), { lineWidth: LINE_WIDTH });
  }
}
