import { join } from 'node:path';

import { type Batch, type Job, type JobContext, newId } from './aqua-job.ts';
import { type Snapshot } from './changes.ts';
import { type ExportFile, openExportFile } from './export-file.ts';
import { passesOf, testOf } from './export-pass.ts';
import { type StatefulWindow, windowTest } from './stateful-window.ts';
import { type RowTest } from './zoql-filter.ts';

/** Writes the files of all queries of a job in one pass over the tenant; `windows` in stateful mode. */
export async function writeFiles(
  job: Job,
  windows: readonly StatefulWindow[] | null,
  snapshotOf: () => Snapshot,
  isWanted: () => boolean,
  context: JobContext,
): Promise<void> {
  const pass = passesOf(context.tenant, job.scope, snapshotOf, isWanted);
  const opened: { readonly batch: Batch; readonly file: ExportFile }[] = [];
  const writers = new Map<string, ExportFile[]>();
  try {
    for (const [index, batch] of job.batches.entries()) {
      const { object } = batch.plan;
      const own = await testOf(batch.plan, pass);
      const window = windows?.[index];
      const inWindow = window === undefined ? null : windowTest(object, window, snapshotOf());
      const file = openBatch(
        job,
        batch,
        inWindow === null ? own : (row) => inWindow(row) && own(row),
        context,
      );
      opened.push({ batch, file });
      writers.set(object.name, [...(writers.get(object.name) ?? []), file]);
    }
    await pass(
      [...writers.keys()],
      (object, row) => {
        for (const file of writers.get(object) ?? []) file.offer(row);
      },
      () => opened.some(({ file }) => !file.full),
    );
    if (!isWanted()) return;
    for (const { batch, file } of opened) publish(job, batch, await file.finish(), file.paths, context);
  } finally {
    for (const { file } of opened) file.drop();
  }
}

function openBatch(job: Job, batch: Batch, test: RowTest, context: JobContext): ExportFile {
  const { dateTimeUtc, nullReplacement } = job.submitted;
  const { name } = batch.plan.object;
  const isFullLoad = job.target !== null && batch.full;
  return openExportFile({
    path: join(context.folder, `${newId()}.csv`),
    plan: batch.plan,
    dateTimeUtc,
    nullReplacement: nullReplacement ?? '',
    test,
    duplicate: context.faults.strikes('duplicate', name),
    shuffle: context.faults.strikes('shuffle', name),
    // Neither functions nor aliases, which rule segments out, are read here at all (wire.md 2.2, fact 10).
    ...(isFullLoad ? { withoutDeleted: true, segmentRows: context.segmentRows } : {}),
  });
}

function publish(
  { submitted, scope }: Job,
  batch: Batch,
  rows: number,
  paths: readonly string[],
  { faults, files }: JobContext,
): void {
  const object = batch.plan.object.name;
  batch.recordCount = rows + (faults.strikes('record-count', object) ? 1 : 0);
  batch.fileIds = paths.map((path) => {
    const id = newId();
    files.set(id, { path, object, format: submitted.format, entity: scope.entity });
    return id;
  });
}
