/**
 * What the workers of one deployment share out: workflows and quick activities, long talks with Billing, and long
 * statements in the database. Each has a task queue of its own, so that it is scaled, and held up, by itself.
 */
export const WORKER_QUEUES = ['orchestration', 'extraction', 'warehouse'] as const;
export type WorkerQueue = (typeof WORKER_QUEUES)[number];

/** Operators start workflows on the queue without a suffix, the one that REVSYNC_TASK_QUEUE names. */
const SUFFIX: Readonly<Record<WorkerQueue, string>> = {
  orchestration: '',
  extraction: '-extraction',
  warehouse: '-warehouse',
};

/** Every activity, and the queue it runs on. Cancelling is quick, and must not wait behind what it cancels. */
export const ACTIVITY_QUEUES = {
  readEntities: 'orchestration',
  openSyncRun: 'orchestration',
  submitExport: 'extraction',
  awaitExport: 'extraction',
  cancelExport: 'orchestration',
  loadFile: 'extraction',
  readSide: 'extraction',
  skipSide: 'orchestration',
  cancelSides: 'orchestration',
  templateTypes: 'orchestration',
  transform: 'warehouse',
  finishRun: 'warehouse',
  abandonRun: 'orchestration',
  openDataCollection: 'orchestration',
  collectLines: 'warehouse',
  abandonCollection: 'orchestration',
  releaseHeldLines: 'warehouse',
  rejectHeldLines: 'warehouse',
  planRateSync: 'orchestration',
  readRates: 'extraction',
  recordExtractedRates: 'warehouse',
  moveRateMarks: 'orchestration',
  readSettings: 'extraction',
  configureSettings: 'orchestration',
  entitiesToSwitch: 'orchestration',
  checkSettlement: 'orchestration',
  pauseSchedules: 'orchestration',
  resumeSchedules: 'orchestration',
  switchOver: 'orchestration',
  askEarliestMemos: 'extraction',
  planHistory: 'extraction',
  nextChunk: 'orchestration',
  chunkBrought: 'orchestration',
  askTotals: 'extraction',
  proveHistory: 'extraction',
  planCatchUp: 'orchestration',
  closeSettlement: 'orchestration',
  settlementReport: 'orchestration',
  readInstantOn: 'orchestration',
  noteSchedule: 'orchestration',
  openEnablement: 'orchestration',
  advanceStep: 'extraction',
  awaitStep: 'orchestration',
  takeAnswer: 'extraction',
  recordEnablement: 'orchestration',
  remindEnablement: 'orchestration',
} as const satisfies Readonly<Record<string, WorkerQueue>>;

/** Temporal's name of a queue: `base` is that of the workflow, which is what REVSYNC_TASK_QUEUE says. */
export const taskQueueOf = (base: string, queue: WorkerQueue): string => `${base}${SUFFIX[queue]}`;

/** Some of the queues, with commas between them, in our order; null when it names none, or one that there is not. */
export function parseQueues(list: string): WorkerQueue[] | null {
  const names = new Set(list.split(',').map((name) => name.trim()));
  const known = WORKER_QUEUES.filter((queue) => names.has(queue));
  return known.length === names.size ? known : null;
}
