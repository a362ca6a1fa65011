import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { findObject } from '../../src/domain/catalogue/catalogue.ts';

/** The licensed rows lie beside the project, never in it. */
export const DBT_SEEDS = join(import.meta.dirname, '..', '..', '..', 'shared', 'data', 'dbt-zuora-seeds');

const camel = (snake: string): string =>
  snake.replace(/(^|_)([a-z])/g, (_all, _start, letter: string) => letter.toUpperCase());

const squeezed = (name: string): string => name.replaceAll('_', '').toLowerCase();

/**
 * Rewrites `zuora_invoice_item_data.csv` with its snake_case header as `InvoiceItem.csv` headed as the API
 * names fields; rows stay as they are. Columns the API has no name for (the loader's own, managed-package
 * fields) get a name that the sandbox ignores or keeps as custom.
 */
export async function adaptDbtSeeds(from: string, to: string): Promise<string[]> {
  await mkdir(to, { recursive: true });
  const files = (await readdir(from)).filter((file) => /^zuora_.*_data\.csv$/.test(file)).toSorted();
  for (const file of files) {
    const object = camel(file.replace(/^zuora_(.*)_data\.csv$/, '$1'));
    const text = await readFile(join(from, file), 'utf8');
    const end = text.indexOf('\n');
    const header = text
      .slice(0, end)
      .trim()
      .split(',')
      .map((column) => apiName(object, column));
    await writeFile(join(to, `${object}.csv`), `${header.join(',')}${text.slice(end)}`);
  }
  return files;
}

function apiName(object: string, column: string): string {
  if (column === '_fivetran_deleted') return 'Deleted';
  if (column === '_fivetran_synced') return 'Synced__c';
  const fields = Object.keys(findObject(object)?.fields ?? {});
  const field = fields.find((name) => squeezed(name) === squeezed(column));
  if (field !== undefined) return field;
  return column.endsWith('_c') ? `${column.slice(0, -2)}__c` : `${camel(column)}__c`;
}
