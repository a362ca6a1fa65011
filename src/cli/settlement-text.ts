import { differencesText, progressText } from '../domain/settlement/texts.ts';
import type { EntityReport } from '../store/settlement/report.ts';
import { table } from './output.ts';

/** A backfill for a terminal. */
export function backfillText({
  outcome,
  message,
  entities,
}: {
  readonly outcome: string;
  readonly message: string | null;
  readonly entities: readonly EntityReport[];
}): string[] {
  return [
    `Invoice Settlement backfill: ${outcome}`,
    ...(message === null ? [] : [message]),
    ...(entities.length === 0 ? [] : ['', ...switchesText(entities)]),
  ];
}

/** Where entities stand, one row each. */
export function switchesText(reports: readonly EntityReport[]): string[] {
  if (reports.length === 0) return ['There is no entity yet; a first `sync run` makes them.'];
  const rows = reports.map((report) => [
    report.entity,
    report.state,
    report.switchDate ?? '',
    progressText({ ...report.chunks, memos: report.memos.memos }),
    report.memos.replacing,
    report.memos.undecided,
    proofText(report),
  ]);
  return table(
    ['entity', 'state', 'memos since', 'history', 'replace adjustments', 'held', 'against Billing'],
    rows,
  );
}

function proofText({ proof }: EntityReport): string {
  const differences = proof.filter(({ equal }) => !equal);
  if (differences.length > 0) return differencesText(differences);
  return proof.length === 0 ? '' : 'equal';
}
