import { text } from 'node:stream/consumers';

import { cancellationSignal } from '@temporalio/activity';

import type { SettlementProof } from '../schema/database.ts';
import type { Billing } from '../src/billing/port.ts';
import { csvRows } from '../src/domain/csv/csv-text.ts';
import { RevsyncError } from '../src/domain/errors.ts';
import { type ChunkSize, chunkWindows } from '../src/domain/settlement/chunks.ts';
import { MEMO_AMOUNTS, MEMO_GROUPS, MEMO_OBJECTS, type MemoObject } from '../src/domain/settlement/memos.ts';
import { syncWindow } from '../src/domain/sync/window.ts';
import { askedByLastRun } from '../src/store/asked-before.ts';
import { parseInstants } from '../src/store/parse-instants.ts';
import { readMark } from '../src/store/runs.ts';
import { addCatchUp, type Chunk, frozenEnd, planChunks } from '../src/store/settlement/chunks.ts';
import { type BillingTotals, keepProof } from '../src/store/settlement/proof.ts';
import type { Dependencies } from './dependencies.ts';
import { billingOf, stillRunning } from './export.ts';
import { exportFailed } from './export-failed.ts';
import { clockBehind } from './open-run.ts';

/** Differences that are told of; nobody reads more of them in a message. */
const DIFFERENCES_TOLD = 100;

/** How long before its end changes may still have come late, in hours: a catch-up reads these anew. */
const LATE_HOURS = 24;

/** A query that Billing works on; `groups` are the fields that its totals are told apart by. */
export interface AskedAbout {
  readonly object: MemoObject;
  readonly job: string;
  readonly groups: readonly string[];
}

interface Of {
  readonly entity: string;
}

type Asked = Of & { readonly asked: readonly AskedAbout[] };

export function createSettlementHistoryActivities(deps: Dependencies) {
  const { db, dataQuery } = deps;

  return {
    /** Asks when the first memo was changed; nothing where the history is planned already. */
    async askEarliestMemos({ entity }: Of): Promise<AskedAbout[]> {
      if ((await frozenEnd(db, entity)) !== null) return [];
      const billing = await billingOf(deps, entity);
      return inTurn(MEMO_OBJECTS, async (object) => ({
        object,
        job: await billing.submitDataQuery({ sql: dataQuery.earliestQuery(object) }),
        groups: [],
      }));
    },

    /**
     * Freezes the end of the history and plans its chunks: first what memos hang on and changed since the mark, then
     * memos. What an ordinary run has read whole needs none. What is planned stays.
     */
    async planHistory({ entity, asked, chunk }: Asked & { chunk: ChunkSize }): Promise<void> {
      if (asked.length === 0) return;
      const answers = await answered(entity, asked);
      const instants = await parseInstants(
        db,
        answers.flatMap(({ rows }) => rows.map(([at = '']) => at)),
      );
      const [earliest = null] = instants.flatMap((at) => at ?? []).toSorted();
      const standing = syncWindow(
        await readMark(db, entity),
        await clockBehind(deps),
        await deps.windowPolicy(),
      );
      const read = [...((await askedByLastRun(db, entity)) ?? [])].map((query) => query.split(' ', 1)[0]);
      const whole = MEMO_OBJECTS.every((object) => read.includes(object));
      const windows = whole ? [] : chunkWindows(earliest, standing.to, chunk);
      const history = windows.map((window): Omit<Chunk, 'chunk'> => ({ kind: 'history', ...window }));
      const parents = { kind: 'parents', from: standing.from, to: standing.to } as const;
      await planChunks(db, entity, standing.to, history.length === 0 ? [] : [parents, ...history]);
    },

    /** Asks for count and amount of the memos and items that were created before the end of the history. */
    async askTotals({ entity }: Of): Promise<AskedAbout[]> {
      const before = await frozenEnd(db, entity);
      if (before === null) throw new Error(`the history of ${entity} is not planned`);
      const billing = await billingOf(deps, entity);
      return inTurn(MEMO_OBJECTS, async (object) => {
        const groups = await groupsOf(billing, object);
        const amount = MEMO_AMOUNTS[object];
        const query = dataQuery.totalsQuery(object, { amount, groups, before });
        return { object, groups, job: await billing.submitDataQuery({ sql: query }) };
      });
    },

    /** Compares the totals with pre-staging and keeps them as proof; answers what differs first. */
    async proveHistory({ entity, asked }: Asked): Promise<SettlementProof[]> {
      const answers = await answered(entity, asked);
      const proof = await keepProof(db, entity, answers.map(totalsOf));
      return proof.filter(({ equal }) => !equal).slice(0, DIFFERENCES_TOLD);
    },

    /** Plans a chunk over what changed since the end of the history. */
    async planCatchUp({ entity }: Of): Promise<void> {
      const to = syncWindow(
        await readMark(db, entity),
        await clockBehind(deps),
        await deps.windowPolicy(),
      ).to;
      await addCatchUp(db, entity, { hours: LATE_HOURS, to });
    },
  };

  /** The rows of the results without their headers; polls by retry. */
  async function answered(entity: string, asked: readonly AskedAbout[]) {
    const billing = await billingOf(deps, entity);
    await inTurn(asked, async ({ job, object }) => {
      const status = await billing.dataQueryStatus(job);
      if (status.state === 'running') throw stillRunning(`Data Query about ${object}`);
      if (status.state === 'failed') throw exportFailed(job, status.reason);
    });
    return inTurn(asked, async (about) => {
      const csv = await text(await billing.openDataQueryFile(about.job, cancellationSignal()));
      const rows = csvRows(csv);
      if (rows === null) throw unreadable(about.object);
      return { ...about, rows: rows.slice(1) };
    });
  }
}
export type SettlementHistoryActivities = ReturnType<typeof createSettlementHistoryActivities>;

/** Which of the fields that could tell totals apart the object has. */
async function groupsOf(billing: Billing, object: MemoObject): Promise<string[]> {
  const fields = new Set((await billing.describe(object))?.fields.map(({ name }) => name) ?? []);
  return MEMO_GROUPS[object].filter((field) => fields.has(field));
}

const blank = (text: string | undefined): string | null => (text === undefined || text === '' ? null : text);

function totalsOf({ object, groups, rows }: AskedAbout & { rows: readonly string[][] }): BillingTotals {
  const at = (cells: readonly string[], ...fields: readonly string[]): string | null => {
    const place = groups.findIndex((group) => fields.includes(group));
    return place === -1 ? null : blank(cells[place]);
  };
  return {
    object,
    groups,
    rows: rows.map((cells) => ({
      currency: at(cells, 'Currency', 'TransactionCurrency'),
      status: at(cells, 'Status'),
      count: blank(cells[groups.length]) ?? '0',
      amount: blank(cells[groups.length + 1]) ?? '0',
    })),
  };
}

async function inTurn<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}

function unreadable(object: string): RevsyncError {
  return new RevsyncError(`The result of Data Query about ${object} is not CSV.`, {
    code: 'BILLING_FILE_UNREADABLE',
    fate: 'fix-input',
    remedy: 'It is asked for again; if it stays so, report this.',
  });
}
