import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { CALLS, DATA_QUERY, firstAndChanged, undisturbed } from './disturbed-runs.ts';
import { at } from './passing-faults.ts';
import type { FaultRequest, Left } from './scene.ts';
import { openStage, type Stage } from './stage.ts';

/** Milliseconds after which the adapter gives a call up. */
const timeouts = { headers: 300, idle: 300 };

const LASTING: readonly (readonly [what: string, fault: FaultRequest])[] = [
  ['a call that is never answered', { kind: 'hang' }],
  ['a reply that never ends', { kind: 'hang-body' }],
  ['an answer that comes too late', { kind: 'slow', delay: 600 }],
  ['a reply that trickles in', { kind: 'slow-body', delay: 20 }],
];

/** Each costs time, so a call has its turn in one of the runs. */
const inFirst = CALLS.filter((_call, index) => index % 2 === 0);
const inChanged = CALLS.filter((_call, index) => index % 2 === 1);

describe('a call that takes too long ends as if it had not', () => {
  let stage: Stage;
  let expected: Left;
  beforeAll(async () => {
    stage = await openStage();
    expected = await undisturbed(stage, { spec: DATA_QUERY });
  });
  afterAll(() => stage.close());

  test.each(LASTING)('%s', async (_what, fault) => {
    await stage.play({ spec: DATA_QUERY, timeouts }, async (scene) => {
      await firstAndChanged(scene, at(inFirst, fault), at(inChanged, fault));
      expect(await scene.left()).toEqual(expected);
    });
  });
});
