import { expect, test } from 'vitest';

import { answersReplaced, earlyAnswers } from '../../../src/cli/enable/early-answers.ts';
import { readAnswers } from '../../../src/domain/enablement/answers-file.ts';
import { viewOf } from '../../support/opened-enablement.ts';

test('are those of steps to come, and of a failed one that has an older answer', () => {
  const answers = {
    4: { approve: true },
    6: { approve: true },
    8: { schedule: 'off' },
    10: { mode: 'manual' },
  };
  const read = readAnswers({ answers });
  if ('mistakes' in read) throw new Error(JSON.stringify(read.mistakes));
  const steps = { 4: { status: 'failed' }, 6: { status: 'waiting' }, 8: { status: 'failed' } } as const;
  const view = viewOf('waiting', steps, { kept: [8] });
  expect(earlyAnswers(read.prepared, view).map(([step]) => step)).toEqual([8, 10]);
  expect(answersReplaced(read.prepared, view).map(([step]) => step)).toEqual([8]);
});
