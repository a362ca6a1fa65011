import { expect, test } from 'vitest';

import type { ComparedSchedule } from '../../../src/cli/schedule/diff-schedules.ts';
import { diffText } from '../../../src/cli/schedule/diff-text.ts';

const compared: ComparedSchedule = {
  id: 'revenue-sync/demo',
  kind: 'revenue-sync',
  entity: 'demo',
  org: 'default',
  status: 'as-defined',
  differences: [],
  remark: '',
  paused: false,
  note: 'Revenue Sync of demo',
};

test('a schedule is a line, and each field that differs another one', () => {
  expect(diffText([compared])).toEqual(['revenue-sync/demo: as-defined.']);
  expect(
    diffText([
      {
        ...compared,
        status: 'edited',
        remark: 'It stays so.',
        paused: true,
        note: 'audit',
        differences: [
          { field: 'when', definition: ['5 5 * * *'], temporal: ['0 6 * * *', 'every 60 s'] },
          { field: 'limits', definition: [], temporal: ['3 runs left'] },
          { field: 'input', definition: { entity: 'demo' }, temporal: {} },
          { field: 'pauseOnFailure', definition: true, temporal: false },
        ],
      },
    ]),
  ).toEqual([
    'revenue-sync/demo: edited. It stays so. Paused: audit.',
    '  when: 0 6 * * *; every 60 s instead of 5 5 * * *',
    '  limits: 3 runs left instead of none',
    '  input: {} instead of {"entity":"demo"}',
    '  pauseOnFailure: false instead of true',
  ]);
});
