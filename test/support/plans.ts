import pg from 'pg';

import { type Db, openDatabase } from '../../src/store/database.ts';

/** A node of a plan that ran, as EXPLAIN (ANALYZE, FORMAT JSON) names its parts. */
export interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Parent Relationship'?: string;
  readonly 'Relation Name'?: string;
  readonly Alias?: string;
  readonly 'Plan Rows': number;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Index Searches'?: number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly PlanNode[];
}

/** A statement as the server ran it. */
export interface RanPlan {
  readonly query: string;
  readonly plan: PlanNode;
}

/** A connection with the worker's rights that keeps the plan of every statement it runs, with how often each part ran. */
export function openPlanned(url: string): { readonly db: Db; readonly plans: RanPlan[] } {
  const plans: RanPlan[] = [];
  const pool = new pg.Pool({ connectionString: url, max: 1, idleTimeoutMillis: 0 });
  pool.on('connect', (client) => {
    client.on('notice', ({ message }) => {
      const [, json] = /^duration: [\d.]+ ms {2}plan:\n([^]*)$/.exec(message ?? '') ?? [];
      if (json === undefined) return;
      const ran = JSON.parse(json) as { 'Query Text': string; Plan: PlanNode };
      plans.push({ query: ran['Query Text'].trim(), plan: ran.Plan });
    });
    void client.query(EXPLAINED);
  });
  return { db: openDatabase(pool), plans };
}

/** Each node counts rows, and takes no time: that would cost more than the rest. */
const EXPLAINED = `
  load 'auto_explain';
  set auto_explain.log_min_duration = 0;
  set auto_explain.log_analyze = on;
  set auto_explain.log_timing = off;
  set auto_explain.log_format = json;
  set client_min_messages = log;
  set jit = off;
  set role revsync_worker`;

const nodesOf = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];

/**
 * Where a plan goes over a table again and again, in words: below the inner side of a nested loop, or in a subplan, a
 * table was read more than `most` times, or its rows were kept and gone over that often. Sides that only compute with
 * values are not meant.
 */
export function loopsOverTables(root: PlanNode, most: number): string[] {
  return nodesOf(root).flatMap((node) => {
    const children = node.Plans ?? [];
    const inner = node['Node Type'] === 'Nested Loop' ? children.slice(1) : [];
    const subplans = children.filter((child) => child['Parent Relationship'] === 'SubPlan');
    return [...new Set([...inner, ...subplans])].flatMap((side) => {
      const tables = nodesOf(side).filter((each) => each['Relation Name'] !== undefined);
      const reads = Math.max(0, ...tables.map(timesRead));
      const kept = tables.length > 0 && side['Node Type'] === 'Materialize';
      const visits = kept ? side['Actual Rows'] * side['Actual Loops'] : 0;
      const [table] = tables;
      if (table === undefined || Math.max(reads, visits) <= most) return [];
      return [
        `${node['Node Type']}: ${table['Relation Name'] ?? ''} ${table.Alias ?? ''} ${Math.max(reads, visits)} times`,
      ];
    });
  });
}

/** A key that is null is looked up nowhere: since PostgreSQL 18 a plan tells how often it went down the index. */
const timesRead = (table: PlanNode): number => table['Index Searches'] ?? table['Actual Loops'];

/** Rows that the plan took out of tables. */
export const rowsRead = (root: PlanNode): number =>
  nodesOf(root)
    .filter((node) => node['Relation Name'] !== undefined && node['Node Type'].endsWith(' Scan'))
    .reduce(
      (sum, node) =>
        sum + (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops'],
      0,
    );
