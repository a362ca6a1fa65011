import { Readable } from 'node:stream';

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { RevsyncError } from '../../../src/domain/errors.ts';
import type { SourceFile } from '../../../src/store/load/land-files.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { extracts, fileOf, inRun, loadFiles, opened, storedRows } from './load-ground.ts';

const AT = '2024-01-01T00:00:00Z';

const broken = (code = 'BILLING_UNREACHABLE') =>
  new RevsyncError('The connection broke.', { code, fate: 'retry', remedy: 'It is tried again.' });

/** Breaks off after the text, `times` times; then it is whole. */
function breakingFile(id: string, text: string, { times, after, error = broken() }: Breaking) {
  const seen = { openings: 0 };
  const file: SourceFile = {
    id,
    open: async () => {
      seen.openings += 1;
      if (seen.openings > times) return Readable.from([Buffer.from(text)]);
      return Readable.from(cut(text.slice(0, after), error));
    },
  };
  return { file, seen };
}
interface Breaking {
  readonly times: number;
  readonly after: number;
  readonly error?: Error;
}

async function* cut(text: string, error: Error): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += 4096) yield bytes.subarray(at, at + 4096);
  throw error;
}

describe('landFiles', () => {
  let database: TestDatabase;
  let entity = '';
  let entities = 0;
  beforeAll(async () => void (database = await openTestDatabase()));
  beforeEach(() => void (entity = `entity-${(entities += 1)}`));
  afterAll(() => database.close());

  const load = (files: readonly SourceFile[], recordCount: string) =>
    inRun(database, entity, (run) => loadFiles(database, run, 'InvoiceItem', files, { recordCount }));
  const amounts = async () =>
    (await storedRows(database, entity, 'invoice_item')).map(({ id, charge_amount: amount }) => [id, amount]);

  const first = fileOf(
    'seg-1',
    `Id,ChargeAmount,UpdatedDate,Extra,Region__c\n1,10,${AT},x,EMEA\n2,20,${AT},x,`,
  );
  const second = fileOf('seg-2', `Extra,Region__c,UpdatedDate,Id,ChargeAmount\nx,APAC,${AT},3,30\n`);

  test('puts segments together whose columns come in another order', async () => {
    expect(await load([first, second], '3')).toMatchObject({ extracted: '3', changed: '3' });
    expect(await amounts()).toEqual([
      ['1', 10],
      ['2', 20],
      ['3', 30],
    ]);
    const regions = (await storedRows(database, entity, 'invoice_item')).map(({ custom }) => custom);
    expect(regions).toEqual([{ Region__c: 'EMEA' }, undefined, { Region__c: 'APAC' }]);
  });

  test('takes the same content for unchanged, however it was cut and ordered', async () => {
    await load([first, second], '3');
    const again = [fileOf('b', `Region__c,UpdatedDate,Id,ChargeAmount,Extra\nAPAC,${AT},3,30,x`), first];
    expect(await load(again, '3')).toMatchObject({ unchanged: '3', changed: '0' });
  });

  test('names all files in the checkpoint', async () => {
    const run = await opened(database, entity);
    await loadFiles(database, run, 'InvoiceItem', [first, second], { recordCount: '3' });
    expect(await extracts(database, run)).toMatchObject({ export: { file_id: 'seg-1 seg-2' } });
  });

  test.each([
    ['lacks a column', `Extra,UpdatedDate,Id,ChargeAmount\nx,${AT},3,30\n`, 'lacks Region__c'],
    [
      'has one more',
      `Extra,Region__c,UpdatedDate,Id,ChargeAmount,Balance\nx,,${AT},3,30,1\n`,
      'has Balance besides',
    ],
    [
      'has one more of no use',
      `Extra,More,Region__c,UpdatedDate,Id,ChargeAmount\nx,,,${AT},3,30\n`,
      'besides',
    ],
  ])('refuses a file that %s than the file before it, and keeps nothing', async (_how, text, why) => {
    const loading = load([first, fileOf('other', text)], '3');
    await expect(loading).rejects.toMatchObject({ code: 'BILLING_FILE_UNREADABLE', fate: 'fix-input' });
    await expect(loading).rejects.toThrow(why);
    expect(await amounts()).toEqual([]);
  });

  test('counts the rows of all files against what Billing counted', async () => {
    const loading = load([first, second], '2');
    await expect(loading).rejects.toMatchObject({ code: 'RECORD_COUNT_MISMATCH', fate: 'retry' });
    await expect(loading).rejects.toThrow('The 2 files of InvoiceItem hold 3 rows, but Billing counted 2.');
  });

  test.each([
    ['no file', []],
    ['an empty file', ['']],
    ['a header alone', ['Id,ChargeAmount\n']],
    ['a header without a line break', ['Id,ChargeAmount']],
    ['an empty file and a header', ['', 'Id']],
  ])('takes %s for no rows', async (_what, texts) => {
    const files = texts.map((text, at) => fileOf(`file-${at}`, text));
    expect(await load(files, '0')).toMatchObject({ extracted: '0', changed: '0' });
    await expect(load(files, '1')).rejects.toMatchObject({ code: 'RECORD_COUNT_MISMATCH' });
  });

  test('refuses a first line that is no header', async () => {
    const loading = load([fileOf('binary', 'x'.repeat(1_200_000))], '0');
    await expect(loading).rejects.toMatchObject({ code: 'BILLING_FILE_BROKEN', fate: 'retry' });
  });

  describe('a file that breaks off', () => {
    const text = `Id,ChargeAmount,UpdatedDate,Extra,Region__c\n3,30,${AT},x,\n4,40,${AT},x,\n`;

    test.each([
      ['among its rows', text.length - 5],
      ['after a whole row', text.indexOf('\n4') + 1],
      ['in its header', 5],
    ])('%s is read again alone', async (_where, after) => {
      const { file, seen } = breakingFile('seg-2', text, { times: 2, after });
      let openings = 0;
      const before: SourceFile = { id: 'seg-1', open: () => ((openings += 1), first.open()) };
      expect(await load([before, file], '4')).toMatchObject({ changed: '4' });
      expect({ openings, again: seen.openings }).toEqual({ openings: 1, again: 3 });
      expect(await amounts()).toHaveLength(4);
    });

    test('as the first of all is read again, too', async () => {
      const { file } = breakingFile('seg-1', text, { times: 1, after: text.length - 5 });
      expect(await load([file], '2')).toMatchObject({ changed: '2' });
    });

    test('three times ends the load, and nothing is kept', async () => {
      const { file, seen } = breakingFile('seg-2', text, { times: 3, after: 60 });
      await expect(load([first, file], '4')).rejects.toMatchObject({ code: 'BILLING_UNREACHABLE' });
      expect(seen.openings).toBe(3);
      expect(await amounts()).toEqual([]);
    });

    test('for another reason is not read again', async () => {
      const { file, seen } = breakingFile('seg-1', text, {
        times: 1,
        after: 60,
        error: broken('BILLING_FILE_GONE'),
      });
      await expect(load([file], '2')).rejects.toMatchObject({ code: 'BILLING_FILE_GONE' });
      expect(seen.openings).toBe(1);
    });

    test('leaves the places of its rows as they are in the files', async () => {
      const many = Array.from({ length: 20_000 }, (_, at) => `${at + 3},1,${AT},x,`);
      const odd = ['Id,ChargeAmount,UpdatedDate,Extra,Region__c', ...many, `last,none,${AT},x,`].join('\n');
      // So much that most of it has reached the database before it breaks off.
      const { file } = breakingFile('seg-2', odd, { times: 1, after: odd.length - 5 });
      await load([first, file], '20003');
      const rejected = await database.db
        .selectFrom('prestaging.reject')
        .select(['file_row', 'reason'])
        .where('entity', '=', entity)
        .execute();
      expect(rejected).toEqual([{ file_row: '20003', reason: 'ChargeAmount: is not a decimal' }]);
    });
  });
});
