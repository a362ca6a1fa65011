import { exactReply } from '../exact-json.ts';
import { type Pass, passesOf } from '../export-pass.ts';
import { findRows } from '../find-rows.ts';
import { type Reply, json } from '../replies.ts';
import { type Call, type Route, type Services } from '../routes.ts';
import { type Row, type Tenant } from '../tenant.ts';
import { cellOrder } from '../zoql-filter.ts';
import { type Collection, collectionOf } from './collections.ts';
import { expandRecords } from './expand.ts';
import { fieldNamed, filterTest } from './filter.ts';
import { ObjectQueryError } from './object-query-error.ts';
import { type ObjectQueryRequest, cursorAt, readRequest } from './query-request.ts';
import { type ReplyRecord, recordsOf } from './record.ts';

/** An object query, its path and its parameters understood. */
interface Asked {
  readonly tenant: Tenant;
  readonly collection: Collection;
  readonly request: ObjectQueryRequest;
  readonly key: string;
  readonly pass: Pass;
}

/** `GET /object-query/{objects}` and `/{key}` (wire.md 2.3): always of the moment, without a snapshot. */
export function objectQueryRoutes(services: Services): readonly Route[] {
  const at = (pattern: RegExp, answer: (asked: Asked) => Promise<Reply>): Route => ({
    method: 'GET',
    pattern,
    access: 'entity',
    answer: async (call) => {
      try {
        return await answer(askedBy(services, call));
      } catch (error) {
        if (!(error instanceof ObjectQueryError)) throw error;
        return json({ code: error.status, message: error.message }, error.status);
      }
    },
  });
  return [
    at(/^\/object-query\/(?<objects>[^/]+)\/?$/, list),
    at(/^\/object-query\/(?<objects>[^/]+)\/(?<key>[^/]+)\/?$/, byKey),
  ];
}

function askedBy({ tenant, changes, workshop }: Services, { params, query, scope }: Call): Asked {
  const name = params['objects'] ?? '';
  const collection = collectionOf(tenant, name);
  if (collection === undefined) throw new ObjectQueryError(404, `There is no object ${name}`);
  return {
    tenant,
    collection,
    request: readRequest(tenant, collection.object, query),
    key: params['key'] ?? '',
    pass: passesOf(tenant, scope, changes.freeze(), () => !workshop.stopping.aborted),
  };
}

async function list(asked: Asked): Promise<Reply> {
  const { tenant, collection, request, pass } = asked;
  const { pageSize, offset } = request;
  const { rows, isMore } = await findRows(pass, {
    object: collection.object.name,
    test: filterTest(tenant, collection.object, request.filter),
    offset,
    count: pageSize,
    order: orderOf(asked),
  });
  const data = await recordsFor(asked, rows);
  return exactReply({ nextPage: isMore ? cursorAt(offset + pageSize) : undefined, data });
}

async function byKey(asked: Asked): Promise<Reply> {
  const [record] = await recordsFor(asked, [await rowOf(asked)]);
  return exactReply(record);
}

function orderOf({ tenant, collection, request }: Asked): ((one: Row, other: Row) => number) | null {
  const { sort } = request;
  if (sort === null) return null;
  const compare = cellOrder(fieldNamed(tenant, collection.object, sort.field).type);
  const by = (one: Row, other: Row): number => compare(one[sort.field] ?? null, other[sort.field] ?? null);
  return sort.descending ? (one, other) => by(other, one) : by;
}

async function recordsFor(
  { tenant, collection: { object }, request, pass }: Asked,
  rows: readonly Row[],
): Promise<readonly ReplyRecord[]> {
  const shape = { ...request, fields: request.fieldsOf(object.name.toLowerCase()) };
  const toRecord = recordsOf(tenant, object, shape);
  const records = rows.map((row) => ({ row, record: toRecord(row) }));
  await expandRecords(object, records, request.expand, { tenant, request, pass });
  return records.map(({ record }) => record);
}

/** By id, or by the number that people know; of a subscription's versions the latest. */
async function rowOf({ collection: { object, numberField }, key, pass }: Asked): Promise<Row> {
  let found: Row | undefined;
  await pass([object.name], (_, row) => {
    if (row['Deleted'] === 'true') return;
    const byNumber = numberField !== null && row[numberField] === key;
    if (row['Id'] === key || (byNumber && (found === undefined || row['IsLatestVersion'] === 'true'))) {
      found = row;
    }
  });
  if (found === undefined) throw new ObjectQueryError(404, `There is no ${object.name} ${key}`);
  return found;
}
