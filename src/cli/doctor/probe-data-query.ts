import { setTimeout as sleep } from 'node:timers/promises';

import type { Billing, DataQuery } from '../../billing/port.ts';
import type { Api, ApiAccess } from '../../domain/features/access.ts';
import { refusalOf } from './asking.ts';
import { type Patience, waited } from './patience.ts';

const FIRST_POLL = 100;
const LONGEST_POLL = 3_000;
/** Names of tables take a few hundred kilobytes at most. */
const MOST_BYTES = 4_000_000;

const PRICES =
  'select rateplanchargeid, subscriptionid, amount, elp, updatedon from chargecontractualvalue limit 1';
const DELETED = 'select id from rateplancharge limit 1';

export interface ProbedDataQuery {
  readonly apis: Readonly<Record<'data-query' | 'data-query-prices' | 'data-query-deletes', ApiAccess>>;
  /** Null where Data Query does not list its tables. */
  readonly customObjects: readonly string[] | null;
}

/**
 * What Data Query gives the credentials: its list of tables, and a row of what the export lacks (`wanted`).
 * No query is waited for longer than the patience lasts; those that take longer are cancelled.
 */
export async function probeDataQuery(
  billing: Billing,
  patience: Patience,
  wanted: { readonly prices: boolean; readonly deletes: boolean },
): Promise<ProbedDataQuery> {
  const notAsked: ApiAccess = { state: 'not-asked', detail: 'the export has it' };
  const ask = async (query: DataQuery): Promise<ApiAccess> => {
    const { access } = await answerOf(billing, patience, query);
    return access;
  };
  const [tables, prices, deletes] = await Promise.all([
    answerOf(billing, patience, { sql: 'show tables' }, { read: true }),
    wanted.prices ? ask({ sql: PRICES }) : notAsked,
    wanted.deletes ? ask({ sql: DELETED, readDeleted: true }) : notAsked,
  ]);
  // A tenant that does not list its tables may answer queries all the same.
  const answering = [tables.access, prices, deletes].find(({ state }) => state === 'ok');
  return {
    apis: {
      'data-query': answering ?? tables.access,
      'data-query-prices': prices,
      'data-query-deletes': deletes,
    } satisfies Partial<Record<Api, ApiAccess>>,
    customObjects: tables.text === null ? null : customObjectsIn(tables.text),
  };
}

/** `default__project__c` and its like in a list of tables, as CSV with or without quotes. */
export function customObjectsIn(text: string): string[] {
  return [...new Set(text.match(/\bdefault__\w+?__c\b/gi) ?? [])].toSorted();
}

interface Answer {
  readonly access: ApiAccess;
  /** The result; null where it was not read. */
  readonly text: string | null;
}

async function answerOf(
  billing: Billing,
  patience: Patience,
  query: DataQuery,
  { read = false }: { read?: boolean } = {},
): Promise<Answer> {
  try {
    const job = await patience.within(billing.submitDataQuery(query));
    const failure = await settled(billing, job, patience.left());
    if (failure !== null) return { access: failure, text: null };
    const text = read ? await patience.within(resultOf(billing, job)) : null;
    return { access: { state: 'ok', detail: 'answers queries' }, text };
  } catch (error) {
    return { access: refusalOf(error), text: null };
  }
}

/** Null once the query has completed; why it failed otherwise. */
async function settled(billing: Billing, job: string, limit: number): Promise<ApiAccess | null> {
  const end = performance.now() + limit;
  for (let wait = FIRST_POLL; performance.now() < end; wait = Math.min(wait * 2, LONGEST_POLL)) {
    const status = await billing.dataQueryStatus(job);
    if (status.state === 'completed') return null;
    if (status.state === 'failed') return { state: stateOf(status.reason), detail: status.reason };
    await sleep(Math.min(wait, Math.max(0, end - performance.now())));
  }
  await billing.cancelDataQuery(job);
  throw waited(limit);
}

/** The API has no code for it; these words are what query engines say. */
function stateOf(reason: string): ApiAccess['state'] {
  if (/permission|access denied|not authori[sz]ed|forbidden/i.test(reason)) return 'refused';
  const absent = /does not exist|not found|cannot be resolved|unknown (table|column)/i.test(reason);
  return absent ? 'absent' : 'unknown';
}

async function resultOf(billing: Billing, job: string): Promise<string> {
  const stream = await billing.openDataQueryFile(job);
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of stream) {
    pieces.push(Buffer.from(piece as Uint8Array));
    if ((bytes += pieces.at(-1)?.length ?? 0) > MOST_BYTES) break;
  }
  return Buffer.concat(pieces).toString('utf8');
}
