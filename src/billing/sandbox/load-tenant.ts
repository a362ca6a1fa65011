import { createReadStream } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { CATALOGUE, findObject } from '../../domain/catalogue/catalogue.ts';
import { type BillingObject } from '../../domain/catalogue/define-object.ts';
import { RevsyncError, reasonOf } from '../../domain/errors.ts';
import { readCsv } from './csv-read.ts';
import { exportPaths } from './export-fields.ts';
import { canonicalInstant } from './instants.ts';
import { customObject, isCustomObject, standardName } from './load-custom-object.ts';
import { dataError, pathError } from './load-errors.ts';
import { loadEntities } from './load-entities.ts';
import {
  type CustomObject,
  type ObjectRow,
  type Row,
  type Scope,
  type Tenant,
  type TenantEntity,
} from './tenant.ts';

/** One CSV file of the folder, its header understood. */
interface Source {
  readonly object: BillingObject;
  readonly path: string;
  /** The field of each column; null where the catalogue has no use for it. */
  readonly fields: readonly (string | null)[];
  readonly rows: number;
}

/**
 * A tenant from a folder of CSV files (interface.md, "Files"). Every file is read once and checked
 * before anything is served, and again from disk for every export: no row is kept. Throws
 * `SANDBOX_DATA_INVALID` with file and line.
 */
export async function loadTenant(folder: string, report: (line: string) => void): Promise<Tenant> {
  const names = await readdir(folder).catch((error: unknown) => {
    throw pathError(folder, error);
  });
  const entities = await loadEntities(folder, names);
  const sources = new Map<string, Source>();
  for (const name of names.filter((file) => /\.csv$/i.test(file)).toSorted()) {
    const object = name.replace(/\.csv$/i, '');
    if (object === 'Entity') continue;
    const found = findObject(object) ?? customObject(object);
    if (found === undefined) {
      report(`Sandbox: ${name} is left out: revsync has no object ${object}`);
      continue;
    }
    const ids = entities.map(({ id }) => id);
    sources.set(object, await checked({ object: found, path: join(folder, name) }, ids, report));
  }
  const settings = await loadSettings(folder, names);

  async function* scan(objects: readonly string[], { entity }: Scope = {}): AsyncGenerator<ObjectRow> {
    for (const object of objects) {
      const source = sources.get(object);
      if (source === undefined) continue;
      for await (const { row } of rowsOf(source)) {
        if (entity === undefined || row['EntityId'] === entity) yield [object, row];
      }
    }
  }

  const home = entities.some(({ homeCurrency }) => homeCurrency !== null);
  return {
    label: `loaded from ${folder}`,
    entities,
    objects: CATALOGUE.map(({ name }) => name).filter((name) => !MEMOS.includes(name) || sources.has(name)),
    dataQueryOnly: [],
    customObjects: [...sources.values()]
      .filter(({ object }) => isCustomObject(object))
      .map(({ object, fields }) => ({ name: object.name, fields: ownFields(object, fields) })),
    days: null,
    settingKeys: [...new Set([...settings.keys(), ...(home ? ['fx-currencies'] : [])])],
    small: [...sources.values()].reduce((total, { rows }) => total + rows, 0) <= 50_000,
    setting: (key, asked) => settingOf(settings, entities, key, asked),
    customFields: (object) =>
      sources
        .get(object)
        ?.fields.filter((field) => field?.endsWith('__c') === true)
        .map(String) ?? [],
    async *rows(object, scope) {
      for await (const [, row] of scan([object], scope)) yield row;
    },
    scan,
  };
}

/** The home currency of an entity comes from `Entity.csv`, whatever the file says for all. */
function settingOf(
  settings: ReadonlyMap<string, unknown>,
  entities: readonly TenantEntity[],
  key: string,
  { entity }: Scope = {},
): unknown {
  const body = settings.get(key);
  const home = entities.find(({ id }) => id === entity)?.homeCurrency;
  if (key !== 'fx-currencies' || home == null) return body;
  return { ...(typeof body === 'object' ? body : {}), homeCurrencyCode: home };
}

/** Without files of theirs, the tenant has no Invoice Settlement; other objects are there and empty. */
const MEMOS = ['CreditMemo', 'CreditMemoItem', 'DebitMemo', 'DebitMemoItem'];

/** Reads the whole file once: header, cell counts, ids and entities. */
async function checked(
  file: Pick<Source, 'object' | 'path'>,
  entities: readonly string[],
  report: (line: string) => void,
): Promise<Source> {
  let fields: (string | null)[] | undefined;
  let rows = 0;
  try {
    for await (const { line, cells } of readCsv(createReadStream(file.path))) {
      if (fields === undefined) {
        fields = headerOf(file, cells, report);
        continue;
      }
      const row = rowOf(file, fields, { line, cells });
      rows += 1;
      if (row['Id'] == null) throw dataError(file.path, line, 'Id is empty', 'Give every row its Id.');
      if (entities.length > 0 && !entities.includes(row['EntityId'] ?? '')) {
        const remedy = 'Put the Id of an entity of Entity.csv into EntityId.';
        throw dataError(file.path, line, `EntityId ${row['EntityId'] ?? ''} is no entity`, remedy);
      }
    }
  } catch (error) {
    throw pathError(file.path, error);
  }
  if (fields === undefined)
    throw dataError(file.path, 1, 'the file is empty', 'Begin it with a header line.');
  return { ...file, fields, rows };
}

async function* rowsOf(source: Source): AsyncGenerator<{ row: Row }> {
  let header = true;
  for await (const record of readCsv(createReadStream(source.path))) {
    if (!header) yield { row: rowOf(source, source.fields, record) };
    header = false;
  }
}

function headerOf(
  { object, path }: Pick<Source, 'object' | 'path'>,
  cells: readonly string[],
  report: (line: string) => void,
): (string | null)[] {
  const paths = new Map(exportPaths(object).map(({ path: name, field }) => [`${name}.Id`, field]));
  const unknown: string[] = [];
  const fields = cells.map((cell) => {
    const written = isCustomObject(object) ? standardName(cell.trim()) : cell.trim();
    const name = written.replace(new RegExp(`^${object.name}\\.(?!Id$)`), '');
    const field = cell.trim() === `${object.name}.Id` && !paths.has(name) ? 'Id' : (paths.get(name) ?? name);
    const known = field in object.fields || /^[A-Za-z]\w*__c$/.test(field) || PLUS.includes(field);
    if (!known) unknown.push(cell);
    return known ? field : null;
  });
  const named = fields.filter((field) => field !== null);
  const twice = named.find((field, index) => named.indexOf(field) !== index);
  if (twice !== undefined) throw dataError(path, 1, `two columns are ${twice}`, 'Keep one of the two.');
  if (!named.includes('Id'))
    throw dataError(path, 1, 'there is no column Id', 'Add a column Id with a unique id per row.');
  if (unknown.length > 0) {
    report(`Sandbox: ${path}: columns left out, ${object.name} has no such field: ${unknown.join(', ')}`);
  }
  return fields;
}

const PLUS = ['EntityId', 'Deleted'];

/** The fields that the columns of a custom object's file are. */
function ownFields(object: BillingObject, columns: Source['fields']): CustomObject['fields'] {
  const names = columns.filter((name) => name !== null && !PLUS.includes(name)).map(String);
  return Object.fromEntries(names.map((name) => [name, object.fields[name] ?? 'text']));
}

function rowOf(
  { object, path }: Pick<Source, 'object' | 'path'>,
  fields: readonly (string | null)[],
  { line, cells }: { line: number; cells: readonly string[] },
): Row {
  if (cells.length !== fields.length) {
    const wrong = `the line has ${cells.length} cells, the header ${fields.length}`;
    throw dataError(
      path,
      line,
      wrong,
      'Give every line as many cells as the header; quote those with commas.',
    );
  }
  const row: Record<string, string | null> = {};
  fields.forEach((field, index) => {
    const cell = cells[index] ?? '';
    if (field === null || cell === '') return;
    if (field === 'EntityId') row[field] = cell.replaceAll('-', '').toLowerCase();
    else if (field === 'Deleted') row[field] = /^(true|1|yes)$/i.test(cell) ? 'true' : null;
    else row[field] = object.fields[field] === 'datetime' ? (canonicalInstant(cell) ?? cell) : cell;
  });
  return row;
}

async function loadSettings(folder: string, names: readonly string[]): Promise<ReadonlyMap<string, unknown>> {
  const settings = new Map<string, unknown>();
  if (!names.includes('settings')) return settings;
  const place = join(folder, 'settings');
  const files = await readdir(place).catch((error: unknown) => {
    throw pathError(place, error);
  });
  for (const file of files.filter((name) => name.endsWith('.json')).toSorted()) {
    const path = join(place, file);
    try {
      settings.set(file.replace(/\.json$/, ''), JSON.parse(await readFile(path, 'utf8')));
    } catch (error) {
      if (error instanceof SyntaxError) {
        throw new RevsyncError(`${path} is not JSON: ${reasonOf(error)}`, {
          code: 'SANDBOX_DATA_INVALID',
          fate: 'fix-input',
          remedy: 'Put the body of GET /settings/<key> there, as JSON.',
        });
      }
      throw pathError(path, error);
    }
  }
  return settings;
}
