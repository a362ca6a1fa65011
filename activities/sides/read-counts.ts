import { text } from 'node:stream/consumers';

import { RevsyncError } from '../../src/domain/errors.ts';
import { parseInstants } from '../../src/store/parse-instants.ts';
import type { SideJob } from '../../src/store/sides.ts';
import type { Reading } from './reading.ts';

/** The result of a count per unit of time: two columns, an instant and a number. Small by its nature. */
export async function readCounts(
  { deps, billing, signal }: Reading,
  { job }: Pick<SideJob, 'job'>,
): Promise<{ at: string; rows: number }[]> {
  const csv = await text(await billing.openDataQueryFile(job ?? '', signal));
  const [, ...lines] = csv.trim().split('\n');
  const cells = lines.map((line) => line.replace(/["\r]/g, '').split(','));
  // Rows without a date belong to the first span.
  const dated = cells.flatMap(([at = '', rows = '']) => (at === '' ? [] : [{ at, rows: Number(rows) }]));
  const instants = await parseInstants(
    deps.db,
    dated.map(({ at }) => at),
  );
  return dated.map(({ at, rows }, index) => ({ at: instants[index] ?? unreadable(at), rows }));
}

function unreadable(text: string): never {
  throw new RevsyncError(`Data Query wrote an instant as "${text.slice(0, 40)}", which cannot be read.`, {
    code: 'BILLING_REPLY_UNEXPECTED',
    fate: 'bug',
    remedy: 'Report this; `skip` goes on without what is read beside the export.',
  });
}
