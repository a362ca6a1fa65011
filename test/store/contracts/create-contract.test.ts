import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { createContract } from '../../../src/store/contracts/create-contract.ts';
import { closeContracts } from '../../../src/store/contracts/mass-actions.ts';
import { regroupContracts } from '../../../src/store/contracts/regroup-contracts.ts';
import { showContract } from '../../../src/store/contracts/show-contract.ts';
import { listContracts } from '../../../src/store/contracts.ts';
import { contractAmounts } from '../../support/contract-amounts.ts';
import { contractGroups, contractKeys } from '../../support/contract-groups.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { run } from '../../support/server-database.ts';
import { stageBookings, type StagedBooking } from '../../support/staged-bookings.ts';
import { collectOrg } from '../../support/sync-rows.ts';

const WHY = { reason: 'Converted to evergreen.', by: 'ann' };

describe('createContract', () => {
  let database: TestDatabase;
  let org = '';
  let orgs = 0;
  beforeAll(async () => void (database = await openTestDatabase()));
  beforeEach(() => void (org = `org-${(orgs += 1)}`));
  afterAll(() => database.close());

  const stage = (...bookings: StagedBooking[]) => stageBookings(database, org, bookings);
  const collect = () => collectOrg(database, org);
  const create = (...lines: string[]) => createContract(database.db, { org, lines, ...WHY });
  const groups = () => contractGroups(database, org);
  const keys = () => contractKeys(database, org);
  const holds = async () =>
    (await sql<{ line: string }>`select line from staging.hold where org = ${org}`.execute(database.db)).rows;

  /** As a rule of the known limitations leaves a line that it stops. */
  const stopConverted = (line: string) =>
    run(
      database.url,
      `update staging.line set withheld = '{evergreen-conversion}' where org = '${org}' and id = '${line}';
       update staging.line_state set status = 'stopped' where org = '${org}' and id = '${line}';
       insert into staging.hold (entity, org, line, limitation, kind, message, remedy)
       values ('${org}', '${org}', '${line}', 'evergreen-conversion', 'limitation', 'It was converted.', 'Make a contract.')`,
    );

  test('makes the contract of a converted evergreen line by hand; the next collection puts it in', async () => {
    await stage({ soLineId: 'a.1' }, { soLineId: 'a.2', fields: { 'Subscription Type': 'EVERGREEN' } });
    await stopConverted('SO:a.2@1');
    await collect();
    expect(await groups()).toEqual([['a.1']]);

    const made = await create('SO:a.2@1');
    expect(made).toEqual({ id: made.id, org, key: 'S-1|1|a.2', lines: ['SO:a.2@1'] });
    expect(await holds()).toEqual([]);
    await collect();
    expect(await groups()).toEqual([['a.1'], ['a.2']]);
    expect(await showContract(database.db, { id: made.id, org })).toMatchObject({
      key: 'S-1|1|a.2',
      origin: 'by-hand',
      lines: 1,
      versions: [
        { version: 1, cause: 'Made by hand', by: 'ann' },
        { version: 2, by: 'ann' },
      ],
    });
  });

  test('keeps who made it and why', async () => {
    await stage({ soLineId: 'a.1' });
    const { id } = await create('SO:a.1@1');
    const { rows } = await sql`
      select kind, subject, reason, decided_by from control.decision
      where org = ${org} and kind <> 'open-period' order by decision`.execute(database.db);
    const why = { reason: 'Converted to evergreen.', decided_by: 'ann' };
    expect(rows).toEqual([
      { kind: 'release-line', subject: 'SO:a.1@1', ...why },
      { kind: 'contract-create', subject: id, ...why },
    ]);
  });

  test('takes several lines, ready and waiting ones too, and later lines follow them', async () => {
    await stage({ soLineId: 'b.1' }, { soLineId: 'a.1' }, { soLineId: 'c.1' });
    expect(await create('SO:b.1@1', 'SO:a.1@1', 'SO:b.1@1')).toMatchObject({ key: 'S-1|1|a.1' });
    await collect();
    await stage({ soLineId: 'a.1', version: 2, amount: '70' });
    await collect();
    expect(await groups()).toEqual([['a.1', 'b.1'], ['c.1']]);
  });

  test('lets a line without a key have a contract of its own', async () => {
    await stage({ soLineId: 'a.1', fields: { 'Subscription Name': null, 'Customer Number': null } });
    await collect();
    await create('SO:a.1@1');
    await collect();
    expect(await keys()).toEqual(['a.1']);
    expect(await groups()).toEqual([['a.1']]);
  });

  test('moves all of an SO line that is in another contract, also out of a closed one', async () => {
    await stage({ soLineId: 'a.1' }, { soLineId: 'b.1' });
    await collect();
    const [was] = await listContracts(database.db, { org });
    await closeContracts(database.db, { org, ids: [was?.id ?? ''], ...WHY });
    await stage({ soLineId: 'a.1', version: 2, amount: '30' });
    await collect();
    expect(await holds()).toMatchObject([{ line: 'SO:a.1@2' }]);
    await create('SO:a.1@2');
    await collect();
    expect(await contractAmounts(database, org)).toEqual([
      { key: 'S-1|1', bookings: '100.00', billings: '0.00', lines: 1, obligations: 1 },
      { key: 'S-1|1|a.1', bookings: '30.00', billings: '0.00', lines: 2, obligations: 1 },
    ]);
    const { versions } = await showContract(database.db, { id: was?.id ?? '', org });
    expect(versions.at(-1)).toMatchObject({ changes: [{ action: 'moved-out', soLineId: 'a.1' }] });
  });

  test('makes none of lines that are collected, unknown, or no SO lines, and changes nothing', async () => {
    await stage({ soLineId: 'a.1' }, { soLineId: 'b.1' });
    await collect();
    await expect(create('SO:a.1@1')).rejects.toMatchObject({ code: 'LINE_COLLECTED' });
    await stage({ soLineId: 'c.1' });
    await expect(create('SO:c.1@1', 'SO:x.1@1')).rejects.toMatchObject({ code: 'LINE_UNKNOWN' });
    await sql`
      insert into staging.line (entity, org, id, type, source_object, source_id, template, template_version, run, sources)
      values (${org}, ${org}, 'INV:i', 'INV', 'InvoiceItem', 'i', 't', 1, 0, '{}')`.execute(database.db);
    await sql`insert into staging.line_state values (${org}, ${org}, 'INV:i', 'waiting')`.execute(
      database.db,
    );
    await expect(create('SO:c.1@1', 'INV:i')).rejects.toMatchObject({
      code: 'CONTRACT_NOT_CREATED',
      message:
        'No contract was made: INV:i cannot go into it: contracts are made of SO lines, and billings follow them.',
    });
    await collect();
    expect(await keys()).toEqual(['S-1|1']);
  });

  test('makes no second one for the same SO lines', async () => {
    await stage({ soLineId: 'a.1' });
    await create('SO:a.1@1');
    await expect(create('SO:a.1@1')).rejects.toMatchObject({ code: 'CONTRACT_NOT_CREATED' });
  });

  test('is not undone by grouping anew', async () => {
    await stage({ soLineId: 'a.1' });
    const { id } = await create('SO:a.1@1');
    await collect();
    await expect(regroupContracts(database.db, { org, ids: [id], ...WHY })).rejects.toMatchObject({
      message: `Nothing was grouped anew: contract ${id} was made by hand.`,
    });
  });
});
