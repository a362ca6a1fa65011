import type { Activities } from '../../activities/activities.ts';

const RATES = { read: '2', new: '2', changed: '0', unchanged: '0', refused: '0', refusals: [] };
const WINDOW = { from: null, to: '2024-03-01T00:00:00.000Z' };

const CHUNK = {
  chunk: 1,
  kind: 'history',
  from: null,
  to: '2024-03-01T00:00:00.000Z',
  objects: ['CreditMemo'],
} as const;

/** Activities of a run that goes well; a test replaces the one it is about. */
export function mockActivities(replaced: Partial<Activities> = {}): Activities {
  return {
    readEntities: async () => ({ entities: ['demo'] }),
    openSyncRun: async () => ({ tenant: 'demo', run: '1', entity: 'demo', org: 'default', window: WINDOW }),
    submitExport: async () => ({ jobId: 'job-1', sides: [] }),
    awaitExport: async () => [
      { object: 'InvoiceItem', fileIds: ['f2'], recordCount: '2', full: true },
      { object: 'Account', fileIds: ['f1'], recordCount: '1', full: true },
    ],
    cancelExport: async () => undefined,
    loadFile: async () => ({ extracted: '1', changed: '1', unchanged: '0', replaced: '0', rejected: '0' }),
    readSide: async () => 'nothing new',
    skipSide: async () => 'skipped',
    cancelSides: async () => undefined,
    templateTypes: async () => ['SO', 'INV'],
    transform: async () => ({ drivers: '1', lines: '1', withheld: '0' }),
    finishRun: async () => ({ outcome: 'completed', lines: { SO: '1', INV: '1' }, autoCollect: true }),
    abandonRun: async () => undefined,
    openDataCollection: async () => ({ tenant: 'demo', collection: '7', org: 'default' }),
    collectLines: async () => ({
      org: 'default',
      contracts: '1',
      lines: '2',
      collected: '2',
      waiting: '0',
      stopped: '0',
    }),
    abandonCollection: async () => undefined,
    releaseHeldLines: async ({ as, lines = [] }) => ({
      org: 'default',
      as,
      decided: String(lines.length),
      lines,
    }),
    rejectHeldLines: async ({ lines = [] }) => ({
      org: 'default',
      as: 'rejected',
      decided: String(lines.length),
      lines,
    }),
    planRateSync: async ({ entity = 'demo' }) => ({
      tenant: 'demo',
      entity,
      org: 'default',
      home: 'USD',
      parts: [
        {
          entity,
          org: 'default',
          base: 'USD',
          currencies: ['EUR'],
          span: { from: '2024-01-01', to: '2024-01-02' },
        },
      ],
      movesMarks: true,
      note: '',
    }),
    readRates: async ({ currencies }) => ({ ...RATES, told: [...currencies] }),
    recordExtractedRates: async () => ({ ...RATES, told: [] }),
    moveRateMarks: async () => undefined,
    readSettings: async () => ({ tenant: 'demo', entities: '1', misfits: '0', unknown: '1' }),
    configureSettings: async () => ({
      outcome: 'completed',
      entities: ['demo'],
      rules: [],
      features: [],
      changes: [],
      kept: [],
      leftOut: { entities: 0, rules: 0, features: 0, changes: 0, kept: 0 },
    }),
    entitiesToSwitch: async ({ entity = 'demo' }) => ({ tenant: 'demo', entities: [entity] }),
    checkSettlement: async () => ({ due: true, note: 'Billing has memos, none came yet' }),
    pauseSchedules: async ({ entity }) => ({ paused: [`revenue-sync/${entity}`] }),
    resumeSchedules: async ({ entity }) => ({ resumed: [`revenue-sync/${entity}`] }),
    switchOver: async ({ switchDate = '2024-03-01' }) => ({ switchDate }),
    askEarliestMemos: async () => [{ object: 'CreditMemo', job: 'query-1', groups: [] }],
    planHistory: async () => undefined,
    nextChunk: async () => ({ done: 0, total: 1, memos: '0', next: { ...CHUNK } }),
    chunkBrought: async () => ({ done: 1, total: 1, memos: '2', next: null }),
    askTotals: async () => [{ object: 'CreditMemo', job: 'query-2', groups: ['Currency'] }],
    proveHistory: async () => [],
    planCatchUp: async () => undefined,
    closeSettlement: async () => undefined,
    settlementReport: async ({ entities }) =>
      entities.map((entity) => ({
        entity,
        org: 'default',
        state: 'done',
        switchDate: '2024-03-01',
        chunks: { done: 1, total: 1 },
        memos: { memos: '2', items: '2', replacing: '0', undecided: '0' },
        proof: { compared: 0, different: 0, first: [] },
        schedules: { paused: [], resumed: [] },
      })),
    readInstantOn: async ({ entity = 'demo' }) => ({
      tenant: 'demo',
      entity,
      on: true,
      off: null,
      from: null,
      seconds: 30,
      secondsFrom: 'default',
    }),
    noteSchedule: async () => ({ noted: false }),
    ...replaced,
  };
}
