import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { customObject, loadCustomRecords } from '../../../src/store/load/custom-records.ts';
import { markDeleted } from '../../../src/store/load/tombstones.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { balanceOf, extracts, fileOf, inRun, type Opened, storedRows } from './load-ground.ts';

const TABLE = 'default__project__c';
const header = 'id,name__c,region__c,updateddate';
const AT = '2024-01-01T00:00:00-08:00';

describe('loadCustomRecords', () => {
  let database: TestDatabase;
  let entity = '';
  let entities = 0;
  beforeAll(async () => void (database = await openTestDatabase()));
  beforeEach(() => void (entity = `entity-${(entities += 1)}`));
  afterAll(() => database.close());

  const load = (run: Opened, lines: readonly string[], table = TABLE) =>
    loadCustomRecords(database.pool, {
      ...run,
      table,
      files: [fileOf('job-1', lines.join('\n'))],
      recordCount: String(lines.length - 1),
      onBytes: () => undefined,
    });
  const loaded = (...lines: string[]) => inRun(database, entity, (run) => load(run, lines));
  const records = async () =>
    (await storedRows(database, entity, 'custom_record')).map(
      ({ fingerprint: _, object: __, ...record }) => record,
    );

  test('keeps every column but the two of ours as text, nulls left out', async () => {
    expect(await loaded(header, `r1,"Bridge, west",,${AT}`, `r2,,EMEA,`)).toMatchObject({ changed: '2' });
    expect(await records()).toEqual([
      {
        id: 'r1',
        deleted: false,
        updated_date: '2024-01-01T08:00:00+00:00',
        content: { name__c: 'Bridge, west' },
      },
      { id: 'r2', deleted: false, content: { region__c: 'EMEA' } },
    ]);
  });

  test('keeps a record that has nothing but its id', async () => {
    await loaded('id', 'r1');
    expect(await records()).toEqual([{ id: 'r1', deleted: false, content: {} }]);
  });

  test('does not write what is unchanged, whatever the order of the columns', async () => {
    await loaded(header, `r1,a,b,${AT}`);
    const xmin = async () =>
      (await sql`select xmin from prestaging.custom_record where entity = ${entity}`.execute(database.db))
        .rows;
    const before = await xmin();
    expect(await loaded('updateddate,region__c,id,name__c', `${AT},b,r1,a`)).toMatchObject({
      unchanged: '1',
      changed: '0',
    });
    expect(await xmin()).toEqual(before);
  });

  test('lets the newest version win and keeps the one before it in history', async () => {
    await loaded(header, `r1,new,,2024-03-01T00:00:00Z`, `r1,old,,2024-02-01T00:00:00Z`);
    await loaded(header, `r1,late,,2024-01-01T00:00:00Z`);
    expect(await records()).toMatchObject([{ content: { name__c: 'new' } }]);
    await loaded(header, `r1,newer,,2024-04-01T00:00:00Z`);
    expect(await records()).toMatchObject([{ content: { name__c: 'newer' } }]);
    const { rows } = await sql<{ name: string }>`
      select content #>> '{content,name__c}' as name from prestaging.history
      where entity = ${entity} and object = ${TABLE} order by 1`.execute(database.db);
    expect(rows.map(({ name }) => name)).toEqual(['late', 'new', 'old']);
  });

  test('keeps tables with the same ids apart', async () => {
    await inRun(database, entity, async (run) => {
      await load(run, [header, `r1,project,,`]);
      await load(run, [header, `r1,site,,`], 'default__site__c');
    });
    await inRun(database, entity, (run) => load(run, [header, `r1,changed,,`], 'default__site__c'));
    expect((await records()).map(({ content }) => content)).toEqual(
      expect.arrayContaining([{ name__c: 'project' }, { name__c: 'changed' }]),
    );
  });

  test('counts as reference, under the name of the table', async () => {
    await inRun(database, entity, async (run) => {
      await load(run, [header, `r1,a,,`, `,b,,`, `r3,c,,soon`]);
      expect(await extracts(database, run)).toEqual({
        'data-query': { file_id: 'job-1', extracted: '3', changed: '1' },
      });
      expect(await balanceOf(database, run)).toEqual({
        [`${TABLE} count`]: { extracted: '3', reference: '1', rejected: '2' },
      });
    });
  });

  test.each([
    ['without ids', 'name__c\na'],
    ['with a column twice', 'id,NAME__c,name__c\nr1,a,b'],
  ])('refuses a file %s', async (_what, text) => {
    await expect(loaded(...text.split('\n'))).rejects.toMatchObject({ code: 'BILLING_FILE_UNREADABLE' });
  });

  test('takes names of columns for names, not for SQL', async () => {
    await loaded(`id,"it's ""odd""__c"`, 'r1,a');
    expect(await records()).toMatchObject([{ content: { [`it's "odd"__c`]: 'a' } }]);
  });

  test('marks deleted records, told by the row itself or apart', async () => {
    await loaded(header, `r1,a,,`, `r2,b,,`, `r3,c,,`);
    await loaded(`${header},deleted`, `r1,a,,,true`);
    await inRun(database, entity, (run) =>
      markDeleted(database.pool, {
        ...run,
        object: customObject(TABLE),
        files: [fileOf('deleted', 'id\nr2')],
        recordCount: '1',
        onBytes: () => undefined,
      }),
    );
    expect((await records()).map(({ deleted }) => deleted)).toEqual([true, true, false]);
  });
});
