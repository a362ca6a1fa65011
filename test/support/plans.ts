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

/** Whether rows of a table are read under the node; what only computes with values has none. */
const readsTable = (node: PlanNode): boolean =>
  nodesOf(node).some((each) => each['Relation Name'] !== undefined);

/**
 * Where a plan reads a table again and again: the inner side of a nested loop, or a subplan, that ran or was expected to
 * run more than `most` times, in words. Sides that only compute with values are not meant.
 */
export function loopsOverTables(root: PlanNode, most: number): string[] {
  return nodesOf(root).flatMap((node) => {
    const [outer, inner] = node.Plans ?? [];
    const looped =
      node['Node Type'] === 'Nested Loop' && outer !== undefined && inner !== undefined
        ? [{ node: inner, times: Math.max(inner['Actual Loops'], outer['Plan Rows'] * node['Actual Loops']) }]
        : [];
    const subplans = (node.Plans ?? [])
      .filter((child) => child['Parent Relationship'] === 'SubPlan')
      .map((child) => ({ node: child, times: child['Actual Loops'] }));
    return [...looped, ...subplans]
      .filter(({ node: side, times }) => times > most && readsTable(side))
      .map(({ node: side, times }) => `${nameOf(side)}, ${times} times`);
  });
}

/** Rows that the plan took out of tables. */
export const rowsRead = (root: PlanNode): number =>
  nodesOf(root)
    .filter((node) => node['Relation Name'] !== undefined && / Scan$/.test(node['Node Type']))
    .reduce((sum, node) => sum + (node['Actual Rows'] + removed(node)) * node['Actual Loops'], 0);

const removed = (node: PlanNode): number =>
  Number((node as { 'Rows Removed by Filter'?: number })['Rows Removed by Filter'] ?? 0);

const nameOf = (node: PlanNode): string => {
  const table = nodesOf(node).find((each) => each['Relation Name'] !== undefined);
  return `${node['Node Type']} over ${table?.['Relation Name'] ?? 'nothing'} ${table?.Alias ?? ''}`.trim();
};
