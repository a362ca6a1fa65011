import { randomBytes } from 'node:crypto';

import { z } from 'zod';

import { jsonCell } from './cell-json.ts';
import { type Changes } from './changes.ts';
import { exactReply } from './exact-json.ts';
import { passesOf } from './export-pass.ts';
import { type Reply, json } from './replies.ts';
import { BadBody } from './request-body.ts';
import { type Call, type Route, type Services } from './routes.ts';
import { type Row, type Scope } from './tenant.ts';
import { type ZoqlQuery, ZoqlFault, readZoql } from './zoql-query.ts';

/** What a locator stands for: not the rows, but how to find them again. */
interface Cursor {
  readonly id: string;
  readonly query: ZoqlQuery;
  readonly scope: Scope;
  readonly snapshotOf: ReturnType<Changes['freeze']>;
  /** When it was last used, in milliseconds. */
  readonly used: number;
}

interface Desk extends Services {
  readonly cursors: Map<string, Cursor>;
}

/** `POST /v1/action/query` and `queryMore` (wire.md 2.3). */
export function zoqlRoutes(services: Services): readonly Route[] {
  const desk: Desk = { ...services, cursors: new Map() };
  const at = (action: string, answer: (desk: Desk, call: Call) => Promise<Reply>): Route => ({
    method: 'POST',
    pattern: new RegExp(`^/v1/action/${action}/?$`),
    access: 'entity',
    answer: async (call) => {
      try {
        return await answer(desk, call);
      } catch (error) {
        if (!(error instanceof ZoqlFault)) throw error;
        return json({ FaultCode: error.code, FaultMessage: error.message }, 400);
      }
    },
  });
  return [at('query', query), at('queryMore', queryMore)];
}

const Conf = z.object({ batchSize: z.number().int().min(1).optional() }).optional();
const QueryBody = z.object({ queryString: z.string(), conf: Conf });
const MoreBody = z.object({ queryLocator: z.string(), conf: Conf });

async function query(desk: Desk, call: Call): Promise<Reply> {
  const { queryString, conf } = await bodyOf(call, QueryBody);
  const cursor: Cursor = {
    id: randomBytes(16).toString('hex'),
    query: readZoql(desk.tenant, queryString),
    scope: call.scope,
    snapshotOf: desk.changes.freeze(),
    used: desk.workshop.now(),
  };
  return page(desk, cursor, 0, conf?.batchSize);
}

const CURSOR_LIFE = 15 * 60_000;

async function queryMore(desk: Desk, call: Call): Promise<Reply> {
  const { cursors, workshop } = desk;
  const { queryLocator, conf } = await bodyOf(call, MoreBody);
  const [, id = '', from = '0'] = /^([0-9a-f]{32})-(\d{1,9})$/.exec(queryLocator) ?? [];
  const cursor = cursors.get(id);
  const isLate = cursor !== undefined && workshop.now() - cursor.used > CURSOR_LIFE;
  if (isLate) cursors.delete(id);
  if (cursor === undefined || isLate || cursor.scope.entity !== call.scope.entity) {
    const message = `The query locator has expired or is invalid: ${queryLocator}`;
    throw new ZoqlFault('INVALID_QUERY_LOCATOR', message);
  }
  return page(desk, cursor, Number(from), conf?.batchSize);
}

/** The most records of a reply. */
const MOST = 2000;

/** Passes over all rows for every page: `size` is the total, and nothing is kept between pages. */
async function page(desk: Desk, cursor: Cursor, from: number, batchSize = MOST): Promise<Reply> {
  const { tenant, cursors, workshop } = desk;
  const { id, query: asked, scope, snapshotOf } = cursor;
  const to = from + Math.min(batchSize, MOST);
  const records: unknown[] = [];
  let size = 0;
  const pass = passesOf(tenant, scope, snapshotOf, () => !workshop.stopping.aborted);
  await pass([asked.object.name], (_, row) => {
    if (!asked.test(row)) return;
    if (size >= from && size < to) records.push(recordOf(asked, row));
    size += 1;
  });
  const done = size <= to;
  if (!done) cursors.set(id, { ...cursor, used: workshop.now() });
  return exactReply({ size, records, queryLocator: done ? undefined : `${id}-${to}`, done });
}

/** Nulls are left out. */
function recordOf({ fields }: ZoqlQuery, row: Row): unknown {
  const cells = fields.map(({ name, type }) => [name, jsonCell(type, row[name]) ?? undefined]);
  return Object.fromEntries(cells);
}

async function bodyOf<Schema extends z.ZodType>(call: Call, schema: Schema): Promise<z.infer<Schema>> {
  const body = await call.json().catch((error: unknown) => {
    if (error instanceof BadBody) throw new ZoqlFault('INVALID_VALUE', error.message);
    throw error;
  });
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const mistakes = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new ZoqlFault('MISSING_REQUIRED_VALUE', mistakes.join('; '));
}
