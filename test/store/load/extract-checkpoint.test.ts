import { Readable } from 'node:stream';

import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';

import { objectOf } from '../../../src/domain/catalogue/catalogue.ts';
import { customObject, loadCustomRecords } from '../../../src/store/load/custom-records.ts';
import type { SourceFile } from '../../../src/store/load/land-files.ts';
import { loadObject } from '../../../src/store/load/load-object.ts';
import { markDeleted } from '../../../src/store/load/tombstones.ts';
import { markVanished } from '../../../src/store/load/vanished.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { balanceOf, inRun, load, opened, type Opened, readHeader } from './load-ground.ts';

const TABLE = 'default__project__c';

describe('two attempts at once', () => {
  let database: TestDatabase;
  let entity = '';
  let entities = 0;
  beforeAll(async () => void (database = await openTestDatabase()));
  beforeEach(() => void (entity = `entity-${(entities += 1)}`));
  afterAll(() => database.close());

  const waiting = async (): Promise<boolean> => {
    const { rows } = await sql`
      select from pg_locks where locktype = 'advisory' and not granted
        and database = (select oid from pg_database where datname = current_database())`.execute(database.db);
    return rows.length > 0;
  };
  /** A file that no attempt reads on before the other one has come as far, or has to wait. */
  const slowFile = (text: string): SourceFile => {
    let openings = 0;
    const both = async (): Promise<void> =>
      vi.waitFor(async () => expect(openings > 1 || (await waiting())).toBe(true), 10_000);
    return {
      id: 'file',
      open: async () => {
        openings += 1;
        await both();
        return Readable.from([Buffer.from(text)]);
      },
    };
  };
  const of = (run: Opened, text: string) => ({
    ...run,
    object: objectOf('InvoiceItem'),
    files: [slowFile(text)],
    recordCount: String(text.split('\n').length - 1),
    readHeader: readHeader('InvoiceItem'),
    onBytes: () => undefined,
  });

  type Attempt = (run: Opened) => () => Promise<{ readonly changed: string }>;
  const attempts: [string, Attempt, Record<string, unknown>][] = [
    [
      'loading a file',
      (run) => {
        const request = { ...of(run, 'Id\nnew'), destiny: { kind: 'lines' } as const };
        return () => loadObject(database.pool, request);
      },
      { 'InvoiceItem count': { extracted: '1' } },
    ],
    [
      'loading custom records',
      (run) => {
        const request = { ...of(run, 'id\nnew'), table: TABLE };
        return () => loadCustomRecords(database.pool, request);
      },
      { [`${customObject(TABLE).name} count`]: { extracted: '1', reference: '1' } },
    ],
    [
      'marking what is deleted',
      (run) => {
        const request = of(run, 'Id\nold');
        return () => markDeleted(database.pool, request);
      },
      { 'InvoiceItem count': { extracted: '1', excluded: '1', deleted: '1' } },
    ],
    [
      'marking what vanished',
      (run) => {
        const request = of(run, 'Id\nother');
        return () => markVanished(database.pool, request);
      },
      { 'InvoiceItem count': { extracted: '1', excluded: '1', deleted: '1' } },
    ],
  ];

  test.each(attempts)('%s do it once, and answer the same counts', async (_what, attempt, balance) => {
    await inRun(database, entity, (run) =>
      load(database, run, 'InvoiceItem', [{ Id: 'old' }, { Id: 'other' }]),
    );
    const run = await opened(database, entity);
    const work = attempt(run);
    const [one, other] = await Promise.all([work(), work()]);
    expect(one.changed).toBe('1');
    // What an attempt need not look up again it does not know.
    expect({ ...other, unknown: null }).toEqual({ ...one, unknown: null });
    expect(await balanceOf(database, run)).toMatchObject(balance);
  });

  test('at loads of two objects do not wait for each other', async () => {
    const run = await opened(database, entity);
    const names = ['Product', 'Contact'] as const;
    let openings = 0;
    const meeting = (name: string) => ({
      ...of(run, 'Id\n1'),
      object: objectOf(name),
      readHeader: readHeader(name),
      destiny: { kind: 'reference' } as const,
      files: [
        {
          id: name,
          open: async () => {
            openings += 1;
            await vi.waitFor(() => expect(openings).toBe(2), 10_000);
            return Readable.from([Buffer.from('Id\n1')]);
          },
        },
      ],
    });
    const loads = await Promise.all(names.map((name) => loadObject(database.pool, meeting(name))));
    expect(loads.map(({ changed }) => changed)).toEqual(['1', '1']);
  });
});
