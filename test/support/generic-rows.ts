import pg from 'pg';

import { run } from './server-database.ts';

/** A relation of revsync's four schemas, as the catalogue has it. */
export interface Relation {
  /** `schema.name`, quoted where it has to be. */
  readonly name: string;
  readonly kind: 'table' | 'partitioned' | 'partition' | 'view' | 'other';
  readonly columns: readonly Column[];
  readonly rowSecurity: boolean;
  readonly forced: boolean;
  /** Roles that some policy is for. */
  readonly policyRoles: readonly string[];
  readonly securityInvoker: boolean;
}

export interface Column {
  readonly name: string;
  /** As `format_type` spells it. */
  readonly type: string;
  readonly notNull: boolean;
  /** Its value is computed. */
  readonly generated: boolean;
  /** Its value is counted up, and never set. */
  readonly counted: boolean;
}

export const SCHEMAS = ['control', 'prestaging', 'staging', 'revenue'] as const;

export const hasOrg = ({ columns }: Relation): boolean => columns.some(({ name }) => name === 'org');

/** Everything in the four schemas that rows can be read from. */
export async function relations(client: pg.ClientBase): Promise<Relation[]> {
  const { rows } = await client.query<Relation>(
    `select c.oid::regclass::text as name,
       case when c.relkind in ('r', 'p') and c.relispartition then 'partition' when c.relkind = 'p' then 'partitioned'
         when c.relkind = 'r' then 'table' when c.relkind = 'v' then 'view' else 'other' end as kind,
       (select json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod),
          'notNull', a.attnotnull, 'generated', a.attgenerated <> '',
          'counted', a.attidentity <> '') order by a.attnum)
        from pg_attribute as a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
       c.relrowsecurity as "rowSecurity", c.relforcerowsecurity as forced,
       array(select distinct r.rolname::text from pg_policy as p, unnest(p.polroles) as o (oid) join pg_roles as r on r.oid = o.oid
         where p.polrelid = c.oid order by 1) as "policyRoles",
       coalesce('security_invoker=true' = any (c.reloptions), false) as "securityInvoker"
     from pg_class as c
     where c.relnamespace::regnamespace::text = any ($1) and c.relkind not in ('i', 'I', 'S', 't', 'c')
     order by 1`,
    [SCHEMAS],
  );
  return rows;
}

/** Values of a row that an organisation's own name is all over, by column; `nth` tells rows of one table apart. */
export function genericRow(relation: Relation, org: string, nth: number): Map<string, unknown> {
  const value = ({ name, type }: Column): unknown => {
    if (name === 'org') return org;
    if (name === 'entity') return `${org}-entity`;
    if (type.endsWith('[]')) return '{}';
    if (type === 'text' || type === 'name') return `${org} ${name} ${nth}`;
    if (type === 'json' || type === 'jsonb') return JSON.stringify({ of: org });
    if (type === 'boolean') return false;
    if (type === 'date') return '2024-01-01';
    if (type.startsWith('timestamp')) return '2024-01-01T00:00:00Z';
    if (/^(bigint|integer|smallint|numeric)/.test(type)) return String(nth);
    throw new Error(`no value for ${relation.name}.${name}, which is ${type}`);
  };
  const filled = relation.columns.filter(({ generated }) => !generated);
  return new Map(filled.map((column) => [column.name, value(column)]));
}

/** The statement that inserts such a row, with its values. */
export function insertOf(relation: Relation, row: ReadonlyMap<string, unknown>): [string, unknown[]] {
  const columns = [...row.keys()].map((column) => `"${column}"`).join(', ');
  const places = [...row.keys()].map((_, at) => `$${at + 1}`).join(', ');
  return [
    `insert into ${relation.name} (${columns}) overriding system value values (${places})`,
    [...row.values()],
  ];
}

/** Lets any row be inserted: what rows have to say of themselves and of each other is not what such a test is about. */
export async function dropConstraints(url: string): Promise<void> {
  await run(
    url,
    `do $$ declare each record; begin
       for each in select conrelid::regclass as relation, conname from pg_constraint
         where connamespace::regnamespace::text in ('control', 'prestaging', 'staging', 'revenue')
           and contype in ('f', 'c') and conparentid = 0 and conrelid <> 0
       loop execute format('alter table %s drop constraint %I', each.relation, each.conname); end loop;
     end $$`,
  );
}

/** Connects, works, and disconnects. */
export async function withClient<Result>(
  url: string,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** SQLSTATE of the failure that a statement ends with, or how many rows it touched. */
export async function outcomeOf(
  client: pg.ClientBase,
  statement: string,
  values: readonly unknown[] = [],
): Promise<string | number> {
  try {
    return (await client.query(statement, [...values])).rowCount ?? 0;
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}
