import { pipeline } from 'node:stream/promises';
import { Writable } from 'node:stream';

import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import {
  dropConstraints,
  genericRow,
  hasOrg,
  insertOf,
  outcomeOf,
  type Relation,
  relations,
  withClient,
} from '../support/generic-rows.ts';
import { openReader, type Reader } from '../support/reader.ts';
import { run } from '../support/server-database.ts';

/** Organisations whose names stand in every text of their rows. */
const OURS = 'northern';
const THEIRS = 'southern';
const DENIED = '42501';

/** What has no organisation, and why every reader may see it. */
const TENANT_WIDE: Readonly<Record<string, string>> = {
  'control.profile': 'settings hold for the whole tenant',
  'control.tenant_name': 'the name of the whole tenant',
};

/** What no person reads, whatever he may see. */
const WORKERS_ONLY: Readonly<Record<string, string>> = {
  'control.access': 'who may see what is for workers only',
  'control.enablement': 'what is awaited may name any organisation',
  'control.enablement_step': 'evidence and answers name all organisations',
  'control.enablement_event': 'so does what happened',
};
const DENIED_TO_PEOPLE = Object.fromEntries(Object.keys(WORKERS_ONLY).map((name) => [name, DENIED]));

/** What belongs to an organisation in another way than by a column that is always filled. */
const OTHERWISE: Readonly<Record<string, string>> = {
  'staging.transaction_template': 'by its entity; templates of no entity are everybody’s',
  ...WORKERS_ONLY,
};

let database: TestDatabase;
let everything: Relation[];
let protectedOnes: Relation[];
let reader: Reader;
let operator: Reader;
let admin: pg.Client;

beforeAll(async () => {
  database = await openTestDatabase();
  await dropConstraints(database.url);
  admin = new pg.Client({ connectionString: database.url });
  await admin.connect();
  await admin.query(`select prestaging.ensure_history_month('2031-05-01')`);
  everything = await relations(admin);
  protectedOnes = everything.filter(
    ({ name, kind }) => kind !== 'partition' && TENANT_WIDE[name] === undefined,
  );
  for (const relation of protectedOnes.filter(({ kind }) => kind === 'table' || kind === 'partitioned')) {
    for (const [at, org] of [OURS, THEIRS].entries()) {
      await admin.query(...insertOf(relation, genericRow(relation, org, at)));
    }
  }
  await admin.query('analyze');
  reader = await openReader(database, [OURS]);
  operator = await openReader(database, [OURS], 'revsync_operator');
});
afterAll(async () => {
  await admin.end();
  await reader.close();
  await operator.close();
  await database.close();
});

const texts = async (client: pg.ClientBase, { name }: Relation): Promise<string[]> => {
  const { rows } = await client.query<{ text: string }>(`select t::text as text from ${name} as t`);
  return rows.map(({ text }) => text);
};

/** What a session sees of every protected relation: `ours`, `theirs`, `both`, `none` or the SQLSTATE of its refusal. */
async function sights(url: string, prepare: readonly string[] = []): Promise<Record<string, string>> {
  return withClient(url, async (client) => {
    for (const statement of prepare) await client.query(statement);
    const seen: Record<string, string> = {};
    for (const relation of everything.filter(({ name }) => TENANT_WIDE[name] === undefined)) {
      seen[relation.name] = await texts(client, relation).then(sightOf, ({ code }: { code: string }) => code);
    }
    return seen;
  });
}

function sightOf(rows: readonly string[]): string {
  const ours = rows.some((row) => row.includes(OURS));
  const theirs = rows.some((row) => row.includes(THEIRS));
  return ours && theirs ? 'both' : ours ? 'ours' : theirs ? 'theirs' : 'none';
}

/** The same answer for every relation that is not named otherwise. */
const expected = (usual: string, partitions = DENIED, others: Readonly<Record<string, string>> = {}) =>
  Object.fromEntries(
    everything
      .filter(({ name }) => TENANT_WIDE[name] === undefined)
      .map(({ name, kind }) => [name, others[name] ?? (kind === 'partition' ? partitions : usual)]),
  );

describe('row security', () => {
  test('knows everything that rows can be read from: protected by its organisation, or named with a reason', () => {
    expect(everything.length).toBeGreaterThan(60);
    for (const relation of everything) {
      const { name, kind, rowSecurity, forced, policyRoles, securityInvoker } = relation;
      expect(['table', 'partitioned', 'partition', 'view'], name).toContain(kind);
      if (TENANT_WIDE[name] !== undefined) {
        expect(hasOrg(relation), name).toBe(false);
      } else if (kind === 'view') {
        expect(securityInvoker, name).toBe(true);
      } else {
        expect(hasOrg(relation) || OTHERWISE[name] !== undefined, name).toBe(true);
        expect([rowSecurity, forced], name).toEqual([true, true]);
        const people = WORKERS_ONLY[name] !== undefined ? [] : ['revsync_operator', 'revsync_reader'];
        expect(policyRoles, name).toEqual(kind === 'partition' ? [] : [...people, 'revsync_worker']);
      }
    }
  });

  test('shows the worker every row, and partitions only through their table', async () => {
    expect(await sights(database.url, ['set role revsync_worker'])).toEqual(expected('both'));
  });

  test.each(['reader', 'operator'] as const)('shows a %s the rows of his organisation only', async (who) => {
    const url = who === 'reader' ? reader.url : operator.url;
    expect(await sights(url)).toEqual(expected('ours', DENIED, DENIED_TO_PEOPLE));
  });

  test('shows a reader without an organisation nothing', async () => {
    const stranger = await openReader(database, []);
    expect(await sights(stranger.url)).toEqual(expected('none', DENIED, DENIED_TO_PEOPLE));
    await stranger.close();
  });

  test('shows who is none of the three nothing, even where PostgreSQL lets him read all tables', async () => {
    const nobody = await openReader(database, [OURS]);
    await run(database.url, `revoke revsync_reader from ${nobody.name}`);
    expect(new Set(Object.values(await sights(nobody.url)))).toEqual(new Set([DENIED]));
    await run(database.url, `grant pg_read_all_data to ${nobody.name}`);
    expect(await sights(nobody.url)).toEqual(expected('none', 'none'));
    await run(database.url, `revoke pg_read_all_data from ${nobody.name}`);
    await nobody.close();
  });

  test('holds for the owner of the tables too', async () => {
    const owner = await openReader(database, [OURS]);
    const [table] = protectedOnes.filter(({ name }) => name === 'staging.line');
    await run(database.url, `alter table staging.line owner to ${owner.name}`);
    await run(database.url, `grant usage, create on schema staging to ${owner.name}`);
    expect(await withClient(owner.url, async (client) => table && sightOf(await texts(client, table)))).toBe(
      'ours',
    );
    await run(database.url, `reassign owned by ${owner.name} to current_user`);
    await run(database.url, `drop owned by ${owner.name}`);
    await owner.close();
  });

  test.each([
    ['becoming his role', ['set role revsync_reader']],
    ['settings of his own', [`set revsync.org = '${THEIRS}'`, `set search_path = pg_temp, control`]],
    [
      'a table that looks like the list of access',
      [
        'create temporary table access (role_name name, org text)',
        `insert into access select session_user, '${THEIRS}'`,
        'set search_path = pg_temp, control, pg_catalog',
      ],
    ],
  ])('lets a reader see no more by %s', async (_how, statements) => {
    expect(await sights(reader.url, statements)).toEqual(expected('ours', DENIED, DENIED_TO_PEOPLE));
  });

  test.each([
    'set role revsync_worker',
    'set role revsync_operator',
    'set role postgres',
    'set session authorization postgres',
    'set session_replication_role = replica',
    'grant revsync_worker to current_user',
    `insert into control.access (role_name, org) values (session_user, '${THEIRS}')`,
    'alter table staging.line disable row level security',
    'alter table staging.line no force row level security',
    'create policy mine on staging.line using (true)',
    'drop policy visible_orgs on staging.line',
    'create or replace function control.visible_orgs() returns setof text language sql return null',
    'create table staging.mine (org text)',
    `create view public.mine as select * from staging.line`,
    `copy staging.line to '/lines'`,
    `copy (select 1) to program 'true'`,
    `copy staging.line from program 'true'`,
    `select pg_read_file('PG_VERSION')`,
    'select * from pg_statistic',
    'select * from pg_authid',
    `select lo_import('/etc/passwd')`,
    "load 'auto_explain'",
    'truncate staging.line',
    'begin; lock table staging.line in access exclusive mode',
  ])('refuses a reader: %s', async (statement) => {
    expect(await withClient(reader.url, (client) => outcomeOf(client, statement))).toBe(DENIED);
  });

  test('answers nothing at all to whom switches row security off', async () => {
    const seen = await sights(reader.url, ['set row_security = off']);
    expect(new Set(Object.values(seen))).toEqual(new Set([DENIED]));
  });

  test('hands no row of others to a function that is cheaper than the policy', async () => {
    await withClient(reader.url, async (client) => {
      const notices: string[] = [];
      client.on('notice', ({ message }) => notices.push(String(message)));
      await client.query(`create function pg_temp.tell(row_text text) returns boolean language plpgsql cost 0.0000001
        as $$ begin raise notice '%', row_text; return true; end $$`);
      for (const { name } of protectedOnes.filter(({ name: each }) => WORKERS_ONLY[each] === undefined)) {
        notices.length = 0;
        await client.query(`select count(*) from ${name} as t where pg_temp.tell(t::text)`);
        expect(sightOf(notices), name).toBe('ours');
      }
    });
  });

  test('copies out what one may see, and nothing in', async () => {
    await withClient(reader.url, async (client) => {
      for (const { name } of protectedOnes.filter(({ name: each }) => WORKERS_ONLY[each] === undefined)) {
        const rows: string[] = [];
        const take = new Writable({
          write: (chunk: Buffer, _encoding, done) => (rows.push(chunk.toString()), done()),
        });
        await pipeline(client.query(copyTo(`copy (select * from ${name}) to stdout`)), take);
        expect(sightOf(rows), name).toBe('ours');
        expect(await outcomeOf(client, `copy ${name} from stdin`), name).toBe(DENIED);
      }
    });
  });

  test('keeps statistics of protected tables from readers', async () => {
    const ours = `schemaname in ('control', 'prestaging', 'staging', 'revenue')`;
    const { rows: all } = await admin.query(`select from pg_stats where ${ours}`);
    expect(all.length).toBeGreaterThan(500);
    const seen = await withClient(reader.url, async (client) => {
      const { rows } = await client.query<{ name: string }>(
        `select distinct schemaname || '.' || tablename as name from pg_stats where ${ours}
         union select distinct schemaname || '.' || tablename from pg_stats_ext where ${ours}
         union select distinct schemaname || '.' || tablename from pg_stats_ext_exprs where ${ours}`,
      );
      return rows.map(({ name }) => name);
    });
    expect(seen.filter((name) => TENANT_WIDE[name] === undefined)).toEqual([]);
  });
});

describe('writing', () => {
  const stateOf = async () => {
    const state: Record<string, string[]> = {};
    for (const relation of everything.filter(({ kind }) => kind !== 'partition')) {
      state[relation.name] = (await texts(admin, relation)).toSorted();
    }
    return state;
  };

  /** What becomes of every way to change a row; each is taken back. */
  async function attempts(client: pg.Client, relation: Relation): Promise<Record<string, string | number>> {
    const { name, columns } = relation;
    const key = hasOrg(relation) ? 'org' : columns.find((each) => each.name === 'entity')?.name;
    const theirs = hasOrg(relation) ? THEIRS : `${THEIRS}-entity`;
    const ofTheirs = key === undefined ? 'true' : `${key} = '${theirs}'`;
    const [insert, values] = insertOf(relation, genericRow(relation, THEIRS, 7));
    const again = insertOf(relation, genericRow(relation, THEIRS, 1));
    const [column = 'org'] = columns
      .filter((each) => !each.counted && !each.generated)
      .map((each) => each.name)
      .filter((each) => each !== key);
    const tried = async (statement: string, parameters: readonly unknown[] = []) => {
      await client.query('begin');
      const outcome = await outcomeOf(client, statement, parameters);
      await client.query('rollback');
      return outcome;
    };
    return {
      insert: await tried(insert, values),
      'insert a row there is': await tried(...again),
      'update theirs': await tried(`update ${name} set "${column}" = null where ${ofTheirs}`),
      'update blindly': await tried(`update ${name} set "${column}" = "${column}"`),
      'delete theirs': await tried(`delete from ${name} where ${ofTheirs}`),
      'give away': await tried(`update ${name} set ${key === undefined ? `"${column}" = null` : ofTheirs}`),
    };
  }

  test('is nothing that a reader does, anywhere', async () => {
    const before = await stateOf();
    await withClient(reader.url, async (client) => {
      for (const relation of everything) {
        expect(new Set(Object.values(await attempts(client, relation))), relation.name).toEqual(
          new Set([DENIED]),
        );
      }
    });
    expect(await stateOf()).toEqual(before);
  });

  /** Tables that an operator writes in, and what he may do to rows of his own organisation there. */
  const OPERATED: Readonly<Record<string, Readonly<Record<string, string | number>>>> = {
    'control.period': { 'update theirs': 0, 'update blindly': 1 },
    'control.decision': {},
    'staging.release': { 'update theirs': 0, 'update blindly': 1 },
    'staging.hold': { 'delete theirs': 0 },
    'staging.line_state': {},
  };

  test('is an operator’s where his work needs it, and nowhere else', async () => {
    const { rows } = await admin.query<{ may: string }>(
      `select c.oid::regclass || ': ' || string_agg(lower(p.privilege_type), ', ' order by p.privilege_type) as may
       from pg_class as c, aclexplode(c.relacl) as p
       where p.grantee = 'revsync_operator'::regrole and p.privilege_type <> 'SELECT'
         and c.relnamespace::regnamespace::text in ('control', 'prestaging', 'staging', 'revenue')
       group by c.oid
       union all
       select a.attrelid::regclass || '.' || a.attname || ': ' || lower(p.privilege_type)
       from pg_attribute as a, aclexplode(a.attacl) as p where p.grantee = 'revsync_operator'::regrole
       order by 1`,
    );
    expect(rows.map(({ may }) => may)).toEqual([
      'control.decision: insert',
      'control.period: insert, update',
      'staging.hold: delete',
      'staging.line_state.status: update',
      'staging.release: insert, update',
    ]);
  });

  test('reaches nothing of another organisation when an operator does it', async () => {
    const before = await stateOf();
    await withClient(operator.url, async (client) => {
      for (const relation of everything) {
        const allowed = OPERATED[relation.name] ?? {};
        const all = await attempts(client, relation);
        for (const [what, outcome] of Object.entries(all)) {
          expect(outcome, `${what} in ${relation.name}`).toBe(allowed[what] ?? DENIED);
        }
      }
      expect(
        await outcomeOf(client, `update staging.line_state set status = 'ready' where org = '${THEIRS}'`),
      ).toBe(0);
      // A line of their entity under our name would stand in the way of their own decision on it.
      const theirs = [`${THEIRS}-entity`, OURS, 'INV:1'];
      expect(
        await outcomeOf(
          client,
          `insert into staging.release (entity, org, line, released_as, content, reason, released_by)
           values ($1, $2, $3, 'rejected', 'x', 'x', 'x')`,
          theirs,
        ),
      ).toBe(DENIED);
    });
    expect(await stateOf()).toEqual(before);
  });
});

describe('functions and sequences', () => {
  /** Functions of the reading roles: arithmetic on what is passed, and who one is. */
  const FOR_READERS = [
    'control.visible_orgs()',
    'revenue.charge_of(so_line_id text)',
    'revenue.id_of(prefix text, org text, key text)',
    'revenue.segments_of(so_line_id text)',
    'staging.hold_kind(limitation text)',
    'staging.months(start_day date, end_day date)',
    'staging.part_of_month(day date)',
    'staging.status_of(withheld text[])',
  ];

  const functions = async () => {
    const { rows } = await admin.query<{
      name: string;
      reader: boolean;
      operator: boolean;
      everybody: boolean;
      definer: boolean;
      path: boolean;
      trigger: boolean;
    }>(
      `select p.oid::regprocedure::text, p.pronamespace::regnamespace || '.' || p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')' as name,
         has_function_privilege('revsync_reader', p.oid, 'execute') as reader,
         has_function_privilege('revsync_operator', p.oid, 'execute') as operator,
         exists (select from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) where grantee = 0) as everybody,
         p.prosecdef as definer, exists (select from unnest(p.proconfig) as c where c like 'search_path=%') as path,
         p.prorettype = 'trigger'::regtype as trigger
       from pg_proc as p where p.pronamespace::regnamespace::text in ('control', 'prestaging', 'staging', 'revenue') order by 2`,
    );
    return rows;
  };

  test('are for those who need them', async () => {
    const all = await functions();
    expect(all.filter(({ everybody }) => everybody)).toEqual([]);
    expect(all.filter(({ definer, path }) => definer && !path)).toEqual([]);
    expect(all.filter((each) => each.reader).map(({ name }) => name)).toEqual(FOR_READERS);
    expect(all.filter((each) => each.operator).map(({ name }) => name)).toEqual(FOR_READERS);
  });

  test('that work as their owner tell a reader his organisations, and refuse the rest', async () => {
    await withClient(reader.url, async (client) => {
      const { rows } = await client.query('select control.visible_orgs() as org');
      expect(rows).toEqual([{ org: OURS }]);
      for (const call of [
        `select prestaging.ensure_history_month('2032-01-01')`,
        `select control.refresh_statistics('staging.line')`,
        `select control.protect('staging.line')`,
      ]) {
        expect(await outcomeOf(client, call), call).toBe(DENIED);
      }
    });
  });

  test('sequences are nobody’s', async () => {
    const { rows } = await admin.query<{ name: string }>(
      `select oid::regclass::text as name from pg_class
       where relkind = 'S' and relnamespace::regnamespace::text in ('control', 'prestaging', 'staging', 'revenue')`,
    );
    expect(rows.length).toBeGreaterThan(3);
    await withClient(operator.url, async (client) => {
      for (const { name } of rows) {
        expect(await outcomeOf(client, `select * from ${name}`), name).toBe(DENIED);
        expect(await outcomeOf(client, `select nextval('${name}')`), name).toBe(DENIED);
        expect(await outcomeOf(client, `select setval('${name}', 1)`), name).toBe(DENIED);
      }
    });
  });
});
