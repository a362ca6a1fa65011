import type { Activities } from '../../activities/activities.ts';

const WINDOW = { from: null, to: '2024-03-01T00:00:00.000Z' };

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
    ...replaced,
  };
}
