import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { parseStatement } from '../../../../src/billing/sandbox/data-query/parse-statement.ts';
import { openQueryResult } from '../../../../src/billing/sandbox/data-query/query-result.ts';
import { type ResultFormat } from '../../../../src/billing/sandbox/data-query/result-lines.ts';
import { runQuery } from '../../../../src/billing/sandbox/data-query/run-query.ts';
import { tablesOf } from '../../../../src/billing/sandbox/data-query/tables.ts';
import { generateTenant } from '../../../../src/billing/sandbox/generate-tenant.ts';
import { type Row } from '../../../../src/billing/sandbox/tenant.ts';
import { parseTenantSpec } from '../../../../src/billing/sandbox/tenant-spec.ts';

export interface QuerySetting {
  readonly readDeleted?: boolean;
  readonly format?: ResultFormat;
  readonly separator?: string;
  readonly most?: number;
}

/** The text of a query's result over rows given by object, without a server. */
export async function textOfQuery(
  objects: Readonly<Record<string, readonly Row[]>>,
  sql: string,
  { readDeleted = false, format = 'JSON', separator = '|', most = 1000 }: QuerySetting = {},
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'query-'));
  try {
    const path = join(folder, 'result');
    await runQuery(parseStatement(sql), {
      tables: tablesOf(generateTenant(parseTenantSpec('items=1'))),
      readDeleted,
      scan: async (object, visit, goOn) => {
        for (const row of objects[object] ?? []) if (goOn()) visit(row);
      },
      open: (shape) => openQueryResult({ path, format, separator, most }, shape),
    });
    return await readFile(path, 'utf8');
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The rows of a JSON result. */
export async function rowsOfQuery(
  objects: Readonly<Record<string, readonly Row[]>>,
  sql: string,
  setting: QuerySetting = {},
): Promise<Record<string, unknown>[]> {
  const text = await textOfQuery(objects, sql, setting);
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
