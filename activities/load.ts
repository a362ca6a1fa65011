import type { LoadCounts } from '../src/store/load/load-object.ts';
import type { Dependencies } from './dependencies.ts';
import type { ExportedFile } from './export.ts';
import { whileHeartbeating } from './heartbeating.ts';
import { loadExported } from './load-exported.ts';
import type { OpenedRun } from './open-run.ts';

export function createLoadActivities(deps: Dependencies) {
  return {
    /**
     * Brings the exported files of one object into pre-staging, in one transaction. Safe to repeat: what is
     * loaded is not read again.
     */
    async loadFile(opened: OpenedRun, file: ExportedFile): Promise<LoadCounts> {
      return whileHeartbeating((beat) => loadExported(deps, opened, file, beat));
    },
  };
}
export type LoadActivities = ReturnType<typeof createLoadActivities>;
