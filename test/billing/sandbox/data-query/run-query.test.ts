import { describe, expect, test } from 'vitest';

import { rowsOfQuery, textOfQuery } from './query-rows.ts';

const ACCOUNTS = [
  {
    Id: 'a1',
    Name: 'Ann',
    Balance: '10.50',
    BillCycleDay: '1',
    AutoPay: 'true',
    LastInvoiceDate: '2024-01-31',
  },
  { Id: 'a2', Name: 'O\'Neill, "Ltd"', Balance: '9.5', BillCycleDay: '15', AutoPay: 'false', Notes: 'x' },
  {
    Id: 'a3',
    Name: 'Bob',
    Balance: null,
    BillCycleDay: '15',
    AutoPay: 'false',
    LastInvoiceDate: '2024-02-29',
  },
  { Id: 'a4', Name: 'Zed', Balance: '10.5', BillCycleDay: '1', Deleted: 'true' },
].map((row, index) => ({ ...row, UpdatedDate: `2024-03-10T0${index}:30:00+0000` }));
const ITEMS = [
  { Id: 'i1', AccountId: 'a1', ChargeAmount: '12345678901234567890.123456789' },
  { Id: 'i2', AccountId: 'a3', ChargeAmount: '-1.00' },
  { Id: 'i3', AccountId: null, ChargeAmount: '5' },
];
const OBJECTS = { Account: ACCOUNTS, InvoiceItem: ITEMS };

const ids = async (where: string, more: Parameters<typeof rowsOfQuery>[2] = {}): Promise<unknown[]> => {
  const rows = await rowsOfQuery(OBJECTS, `select id from account where ${where}`, more);
  return rows.map(({ id }) => id);
};
const failure = async (sql: string): Promise<string> =>
  textOfQuery(OBJECTS, sql).then(
    () => 'it did not fail',
    (error: Error) => error.message,
  );

describe('runQuery', () => {
  test('compares by type: decimals by value, text by characters, days as days', async () => {
    expect(await ids('balance = 10.5')).toEqual(['a1']);
    expect(await ids('Balance > 9.50')).toEqual(['a1']);
    expect(await ids('balance >= 9.50 and billcycleday < 9')).toEqual(['a1']);
    expect(await ids("name <> 'Ann'")).toEqual(['a2', 'a3']);
    expect(await ids("name = 'O''Neill, \"Ltd\"'")).toEqual(['a2']);
    expect(await ids("lastinvoicedate between date '2024-02-01' and date '2024-02-29'")).toEqual(['a3']);
    expect(await ids('autopay = true or autopay')).toEqual(['a1']);
  });

  test('takes null for neither true nor false', async () => {
    expect(await ids('balance is null')).toEqual(['a3']);
    expect(await ids('balance is not null')).toEqual(['a1', 'a2']);
    expect(await ids('not (balance = 10.5)')).toEqual(['a2']);
    expect(await ids('balance <> 9.5 or balance = 9.5')).toEqual(['a1', 'a2']);
    expect(await ids('balance in (10.5, null)')).toEqual(['a1']);
    expect(await ids('balance not in (10.5, null)')).toEqual([]);
  });

  test('knows lists, patterns and subqueries', async () => {
    expect(await ids("id in ('a1', 'a3', 'b')")).toEqual(['a1', 'a3']);
    expect(await ids('balance in (10.50)')).toEqual(['a1']);
    expect(await ids("name like '_o%'")).toEqual(['a3']);
    expect(await ids("name not like '%n%'")).toEqual(['a2', 'a3']);
    expect(await ids('id in (select accountid from invoiceitem where chargeamount < 0)')).toEqual(['a3']);
    // One item has no account: then nothing is certainly not among them.
    expect(await ids('id not in (select accountid from invoiceitem)')).toEqual([]);
    expect(await ids('id not in (select accountid from invoiceitem where accountid is not null)')).toEqual([
      'a2',
    ]);
  });

  test('reads timestamps with offsets, zones and fractions, and without a zone as the tenant’s time', async () => {
    for (const from of [
      "timestamp '2024-03-09 17:30:00.000000 -08:00'",
      "TIMESTAMP '2024-03-10 01:30:00 UTC'",
      "timestamp '2024-03-10T01:30:00Z'",
      "timestamp '2024-03-09 17:30:00'",
      "timestamp '2024-03-09 17:30'",
      "timestamp '2024-03-10 02:30:00 Europe/Berlin'",
    ]) {
      expect(await ids(`updateddate >= ${from}`), from).toEqual(['a2', 'a3']);
      expect(await ids(`updateddate > ${from}`), from).toEqual(['a3']);
    }
    const fraction = "timestamp '2024-03-10 01:30:00.5 UTC'";
    expect(await ids(`updateddate >= ${fraction}`)).toEqual(['a3']);
    expect(await ids(`updateddate < ${fraction}`)).toEqual(['a1', 'a2']);
    expect(await failure("select id from account where updateddate > timestamp 'soon'")).toBe(
      "line 1:44: 'soon' is not a valid timestamp literal",
    );
  });

  test('writes JSON lines with lower-case keys, exact numbers and the tenant’s time', async () => {
    expect(await textOfQuery(OBJECTS, 'select * from InvoiceItem limit 1')).toMatch(
      /^\{"id":"i1","accountid":"a1",.*"chargeamount":12345678901234567890\.123456789,/,
    );
    expect(
      await textOfQuery(
        OBJECTS,
        "select Id, AutoPay, BillCycleDay, Balance, UpdatedDate from Account where id = 'a3'",
      ),
    ).toBe(
      '{"id":"a3","autopay":false,"billcycleday":15,"balance":null,"updateddate":"2024-03-09T18:30:00-08:00"}\n',
    );
  });

  test('writes CSV, TSV and text with a separator, quoted where it must be', async () => {
    const sql = "select name, notes as remark from account where id in ('a1', 'a2')";
    expect(await textOfQuery(OBJECTS, sql, { format: 'CSV' })).toBe(
      'name,remark\nAnn,\n"O\'Neill, ""Ltd""",x\n',
    );
    expect(await textOfQuery(OBJECTS, sql, { format: 'TSV' })).toBe(
      'name\tremark\nAnn\t\n"O\'Neill, ""Ltd"""\tx\n',
    );
    expect(await textOfQuery(OBJECTS, sql, { format: 'DSV', separator: ',' })).toContain(
      '"O\'Neill, ""Ltd"""',
    );
  });

  test('counts, adds up and groups', async () => {
    expect(await rowsOfQuery(OBJECTS, 'select count(*) from account')).toEqual([{ _col0: 3 }]);
    expect(await rowsOfQuery(OBJECTS, "select count(*) n from account where id = 'none'")).toEqual([
      { n: 0 },
    ]);
    expect(
      await textOfQuery(
        OBJECTS,
        'select billcycleday, count(balance) as n, min(name) as first, max(balance) as most from account group by billcycleday order by n desc, 1',
      ),
    ).toBe(
      '{"billcycleday":1,"n":1,"first":"Ann","most":10.50}\n{"billcycleday":15,"n":1,"first":"Bob","most":9.5}\n',
    );
    expect(await textOfQuery(OBJECTS, 'select sum(chargeamount) total from invoiceitem')).toBe(
      '{"total":12345678901234567894.123456789}\n',
    );
    expect(
      await rowsOfQuery(
        OBJECTS,
        "select date_trunc('day', updateddate) d, count(*) n from account group by 1",
      ),
    ).toEqual([{ d: '2024-03-09T00:00:00-08:00', n: 3 }]);
  });

  test('cuts times where the tenant’s hours and days begin, around a change of the clocks too', async () => {
    const rows = [{ Id: 'a', UpdatedDate: '2024-03-10T10:45:30+0000' }];
    const cut = async (unit: string): Promise<unknown> =>
      (await rowsOfQuery({ Account: rows }, `select date_trunc('${unit}', updateddate) t from account`))[0]?.[
        't'
      ];
    expect(await cut('minute')).toBe('2024-03-10T03:45:00-07:00');
    expect(await cut('hour')).toBe('2024-03-10T03:00:00-07:00');
    expect(await cut('day')).toBe('2024-03-10T00:00:00-08:00');
    expect(await cut('month')).toBe('2024-03-01T00:00:00-08:00');
  });

  test('orders by columns, aliases, places and what is not selected; nulls last', async () => {
    const order = async (by: string): Promise<unknown[]> => {
      const rows = await rowsOfQuery(OBJECTS, `select id, balance as b from account order by ${by}`);
      return rows.map(({ id }) => id);
    };
    expect(await order('b')).toEqual(['a2', 'a1', 'a3']);
    expect(await order('balance desc')).toEqual(['a1', 'a2', 'a3']);
    expect(await order('2 desc, id')).toEqual(['a1', 'a2', 'a3']);
    expect(await order('billcycleday desc, name')).toEqual(['a3', 'a2', 'a1']);
    expect(await order('id desc offset 1 limit 1')).toEqual(['a2']);
  });

  test('puts selects together', async () => {
    const sql = 'select id from account union all select id from invoiceitem';
    expect(await rowsOfQuery(OBJECTS, `${sql} order by id desc limit 2`)).toEqual([
      { id: 'i3' },
      { id: 'i2' },
    ]);
    expect(await rowsOfQuery(OBJECTS, `${sql} limit 4`)).toHaveLength(4);
    expect(await failure('select id from account union all select id, name from account')).toContain(
      'different number of fields: 1, 2',
    );
    expect(await failure('select id from account union all select balance from account')).toContain(
      'incompatible types: varchar, decimal(22,9)',
    );
  });

  test('casts', async () => {
    const sql =
      "select cast(balance as varchar) a, cast(balance as decimal(10,1)) b, cast(updateddate as date) c, cast('7' as bigint) d from account limit 1";
    expect(await textOfQuery(OBJECTS, sql)).toBe('{"a":"10.50","b":10.5,"c":"2024-03-09","d":7}\n');
    expect(await failure('select cast(name as date) from account')).toBe(
      "line 1:8: Cannot cast 'Ann' to date",
    );
  });

  test('tells live rows, or deleted ones, or both where the query names the column deleted', async () => {
    expect(await ids("name like '%'")).toEqual(['a1', 'a2', 'a3']);
    expect(await ids("name like '%'", { readDeleted: true })).toEqual(['a4']);
    expect(await rowsOfQuery(OBJECTS, 'select id, deleted from account where balance = 10.5')).toEqual([
      { id: 'a1', deleted: false },
      { id: 'a4', deleted: true },
    ]);
    expect((await rowsOfQuery(OBJECTS, 'select * from account'))[0]).not.toHaveProperty('deleted');
  });

  test('lists tables and columns as Trino does', async () => {
    const tables = await rowsOfQuery({}, 'show tables');
    expect(tables).toContainEqual({ Table: 'invoiceitem' });
    expect(tables).toContainEqual({ Table: 'chargecontractualvalue' });
    expect(tables).toContainEqual({ Table: 'default__projectcode__c' });
    expect(await rowsOfQuery({}, "SHOW TABLES LIKE 'invoicei%'")).toEqual([
      { Table: 'invoiceitem' },
      { Table: 'invoiceitemadjustment' },
    ]);
    const columns = await rowsOfQuery({}, 'DESCRIBE Account');
    expect(columns).toContainEqual({ Column: 'balance', Type: 'decimal(22,9)', Extra: '', Comment: '' });
    expect(columns).toContainEqual({
      Column: 'updateddate',
      Type: 'timestamp with time zone',
      Extra: '',
      Comment: '',
    });
    expect(columns).toContainEqual({ Column: 'region__c', Type: 'varchar', Extra: '', Comment: '' });
    expect(await rowsOfQuery({}, 'show columns from account')).toEqual(columns);
  });

  test('finds custom objects with and without the end of their name', async () => {
    const rows = { default__projectcode__c: [{ Id: 'p1', ProjectCode__c: 'P-1', Owner__c: 'Ada' }] };
    for (const table of ['default__projectcode__c', 'default__ProjectCode']) {
      expect(await rowsOfQuery(rows, `select projectcode__c, owner__c from ${table}`)).toEqual([
        { projectcode__c: 'P-1', owner__c: 'Ada' },
      ]);
    }
  });

  test('finds orders by a name that needs no quotes', async () => {
    const rows = { Order: [{ Id: 'o1', OrderNumber: 'O-1' }] };
    for (const table of ['orders', 'order', '"order"']) {
      expect(await rowsOfQuery(rows, `select ordernumber from ${table}`)).toEqual([{ ordernumber: 'O-1' }]);
    }
  });

  test('says in Trino’s words what does not exist and what does not go together', async () => {
    for (const [sql, message] of [
      ['select id from accounts', "line 1:16: Table 'owl.data.accounts' does not exist"],
      ['select id,\n  nam from account', "line 2:3: Column 'nam' cannot be resolved"],
      ['select id from account a where account.id = 1', "line 1:32: Column 'account.id' cannot be resolved"],
      [
        "select id from account where updateddate > '2024-01-01'",
        "line 1:30: '>' cannot be applied to timestamp with time zone, varchar",
      ],
      [
        'select id from account where balance',
        'line 1:30: A condition must evaluate to a boolean (actual: decimal(22,9))',
      ],
      [
        'select name, count(*) from account',
        "line 1:8: 'name' must be an aggregate expression or appear in GROUP BY clause",
      ],
      ['select id from account where', "line 1:29: mismatched input '<EOF>'. Expecting: <expression>"],
      ['select from account', "line 1:8: mismatched input 'from'. Expecting: <expression>"],
      ['update account', "line 1:1: mismatched input 'update'. Expecting: 'DESCRIBE', 'SELECT', 'SHOW'"],
      ['select nothing(id) from account', "line 1:8: Function 'nothing' not registered"],
    ] as const) {
      expect(await failure(sql)).toBe(message);
    }
  });

  test('refuses SQL outside of its subset at its place', async () => {
    for (const [sql, place] of [
      ['select a.id from account a join invoice i on a.id = i.accountid', '1:28: JOIN'],
      ['select id from account, invoice', '1:23: A join of tables'],
      ['select distinct id from account', '1:8: DISTINCT'],
      ['select id || name from account', "1:11: The operator '||'"],
      ['select count(*) from account group by id having count(*) > 1', '1:42: HAVING'],
      ['with a as (select 1) select 1', '1:1: WITH'],
      ['select case when true then 1 end', '1:8: CASE'],
    ] as const) {
      expect(await failure(sql)).toBe(`line ${place} is not part of the SQL that the sandbox knows`);
    }
  });

  test('fails beyond the most rows of a result, ordered or not', async () => {
    for (const sql of ['select id from account', 'select id from account order by id']) {
      await expect(textOfQuery(OBJECTS, sql, { most: 2 })).rejects.toThrow(
        'Query exceeded the maximum number of output rows of 2',
      );
      await expect(textOfQuery(OBJECTS, `${sql} limit 2`, { most: 2 })).resolves.toContain('a2');
    }
  });

  test('answers a select without a table', async () => {
    expect(await rowsOfQuery({}, "select 1 as one, 'x' -- a remark\n;")).toEqual([{ one: 1, _col1: 'x' }]);
  });
});
