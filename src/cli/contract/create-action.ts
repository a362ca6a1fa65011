import { userInfo } from 'node:os';

import { createContract } from '../../store/contracts/create-contract.ts';
import { oneOrg } from '../list-options.ts';
import { openOutput } from '../output.ts';
import { withDatabase } from '../session.ts';

interface CreateOptions {
  readonly lines: readonly string[];
  readonly org?: string;
  readonly reason: string;
  readonly by?: string;
  readonly json?: boolean;
}

/** Makes a contract by hand for lines that are stopped or wait. */
export async function createAction({
  json = false,
  by,
  lines,
  reason,
  ...asked
}: CreateOptions): Promise<void> {
  const output = openOutput(json);
  await withDatabase(output, async ({ database: { db } }) => {
    const org = await oneOrg(db, asked.org);
    const ids = lines.flatMap((text) => text.split(',').map((id) => id.trim())).filter((id) => id !== '');
    const made = await createContract(db, { org, lines: ids, reason, by: by ?? userInfo().username });
    output.result(made, [
      `Contract ${made.id} of ${made.key} is made for ${made.lines.join(', ')}.`,
      `Next: revsync collect run --org ${org}`,
    ]);
  });
}
