import { createReadStream } from 'node:fs';
import { join } from 'node:path';

import { readCsv } from './csv-read.ts';
import { dataError, pathError } from './load-errors.ts';
import { type TenantEntity } from './tenant.ts';

const COLUMNS = ['Id', 'Name', 'DisplayName', 'ParentId', 'Timezone', 'HomeCurrency'];

/** The entities of `Entity.csv`, parents first; none without that file. */
export async function loadEntities(folder: string, names: readonly string[]): Promise<TenantEntity[]> {
  if (!names.includes('Entity.csv')) return [];
  const path = join(folder, 'Entity.csv');
  const entities: TenantEntity[] = [];
  let header: readonly string[] | undefined;
  try {
    for await (const { line, cells } of readCsv(createReadStream(path))) {
      if (header === undefined) {
        header = cells.map((cell) => cell.trim());
        const twice = header.find((name, index) => header?.indexOf(name) !== index);
        if (twice !== undefined)
          throw dataError(path, line, `two columns are ${twice}`, 'Keep one of the two.');
        const missing = ['Id', 'Name'].filter((name) => header?.includes(name) !== true);
        if (missing.length > 0) {
          throw dataError(
            path,
            line,
            `there is no column ${missing.join(' and ')}`,
            `Use the columns ${COLUMNS.join(', ')}.`,
          );
        }
        continue;
      }
      if (cells.length !== header.length) {
        const wrong = `the line has ${cells.length} cells, the header ${header.length}`;
        throw dataError(path, line, wrong, 'Give every line as many cells as the header.');
      }
      const cell = (name: string): string | null => cells[header?.indexOf(name) ?? -1] || null;
      const id = idOf(cell('Id'));
      if (id === null || entities.some((other) => other.id === id)) {
        throw dataError(path, line, 'Id is empty or there twice', 'Give every entity an Id of its own.');
      }
      entities.push({
        id,
        name: cell('Name') ?? id,
        displayName: cell('DisplayName') ?? cell('Name') ?? id,
        parentId: idOf(cell('ParentId')),
        timezone: cell('Timezone'),
        homeCurrency: cell('HomeCurrency'),
      });
    }
  } catch (error) {
    throw pathError(path, error);
  }
  return entities.toSorted((one, other) => Number(one.parentId !== null) - Number(other.parentId !== null));
}

/** With or without hyphens, an id is the same. */
function idOf(text: string | null): string | null {
  return text === null ? null : text.replaceAll('-', '').toLowerCase();
}
