import { type RawBuilder, sql } from 'kysely';

import { objectOf } from '../../domain/catalogue/catalogue.ts';
import type { BillingObject } from '../../domain/catalogue/define-object.ts';
import { invariant } from '../../domain/errors.ts';
import { isCustomObject } from '../../domain/mapping/resolve-path.ts';
import type { Route, Routes } from '../../domain/mapping/route.ts';
import { splitPath } from '../../domain/mapping/transaction-template.ts';
import { customObject } from '../load/custom-records.ts';
import { CUSTOM_RECORDS } from '../load/target.ts';
import { prestagingTable } from '../prestaging-table.ts';
import { column } from './column.ts';

/** A row that has the key of another, under its path. */
interface Lead {
  readonly path: string;
  readonly key: RawBuilder<string | null>;
}

/** A joined object. `key` is the value that has to lead to one of its rows: the first of `leads` that is there. */
export interface Join {
  readonly alias: string;
  readonly object: BillingObject;
  readonly key: RawBuilder<string | null>;
  readonly leads: readonly Lead[];
  readonly presence: Route['presence'];
}

/**
 * Whether a line cannot stand on the row once Billing deleted it. What is copied from the product catalog
 * and the chart of accounts stays true without it.
 */
export const isNeeded = ({ object, presence }: Join): boolean =>
  presence === 'always' || (presence === 'named' && object.kind === 'transaction');

/**
 * The objects that a template's rows reach from its driver, each joined once and after those its key
 * comes from. Aliases are the paths themselves, so that the SQL reads like the template.
 */
export interface JoinTree {
  readonly driver: BillingObject;
  readonly joins: readonly Join[];
}

/** The tree that reaches every one of `paths`. An unknown path is a mistake that template checks catch first. */
export function joinTree({ driver, routes }: Routes, paths: Iterable<string>): JoinTree {
  const joins = new Map<string, Join>();
  const known = new Map(routes.map((route) => [route.path, route]));

  const objectAt = (path: string): BillingObject =>
    path === driver ? objectOf(driver) : (joins.get(path) ?? reach(path)).object;

  const reach = (path: string): Join => {
    const joined = joins.get(path);
    if (joined !== undefined) return joined;
    const join = known.has(path) ? alongRoute(known.get(path) as Route) : alongRelation(path);
    joins.set(path, join);
    return join;
  };

  const alongRoute = (route: Route): Join => {
    const leads = route.via.map((from) => leadAt(from));
    const keys = leads.map(({ key }) => key);
    return {
      alias: route.path,
      object: objectOf(route.object ?? route.path),
      key: keys.length === 1 && keys[0] !== undefined ? keys[0] : sql`coalesce(${sql.join(keys)})`,
      leads,
      presence: route.presence,
    };
  };

  const alongRelation = (path: string): Join => {
    const { path: from, field: name } = splitPath(path);
    if (isCustomObject(name)) return alongLookup(path, from, name);
    const relation = objectAt(from).relations[name];
    invariant(relation !== undefined, `no relation ${path} from ${driver}`);
    const object = objectOf(relation.object);
    const presence = object.name === 'AccountingCode' ? 'named' : 'optional';
    const lead = leadAt(`${from}.${relation.field}`);
    return { alias: path, object, key: lead.key, leads: [lead], presence };
  };

  /** `Account.Project__c.default__project__c`: the custom field holds the id of a record of the custom object. */
  const alongLookup = (path: string, lookup: string, name: string): Join => {
    const { path: from, field } = splitPath(lookup);
    objectAt(from);
    const key = sql<string | null>`(${sql.id(from, 'custom')} ->> ${sql.lit(field)})`;
    return {
      alias: path,
      object: customObject(name),
      key,
      leads: [{ path: from, key }],
      presence: 'optional',
    };
  };

  const leadAt = (from: string): Lead => {
    const { path, field } = splitPath(from);
    return { path, key: column<string | null>(path, objectAt(path), field) };
  };

  for (const path of paths) if (path !== driver) reach(path);
  return { driver: objectOf(driver), joins: [...joins.values()] };
}

/** `left join prestaging.x as "Path" on ...` for every join, in order. */
export function joinClauses(tree: JoinTree): RawBuilder<unknown> {
  const driver = sql.id(tree.driver.name, 'entity');
  const clauses = tree.joins.map(
    ({ alias, object, key }) =>
      sql`left join ${prestagingTable(object)} as ${sql.id(alias)}
  on ${sql.id(alias, 'entity')} = ${driver} and ${sql.id(alias, 'id')} = ${key}${ofObject(alias, object)}`,
  );
  return sql.join(clauses, sql`\n`);
}

/** All custom objects are in one table. */
const ofObject = (alias: string, { name, table }: BillingObject): RawBuilder<unknown> =>
  table === CUSTOM_RECORDS ? sql` and ${sql.id(alias, 'object')} = ${sql.lit(name)}` : sql``;
