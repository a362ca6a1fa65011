import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { CALLS, DATA_QUERY, firstAndChanged, undisturbed } from './disturbed-runs.ts';
import { at, PASSING } from './passing-faults.ts';
import type { Left } from './scene.ts';
import { openStage, type Stage } from './stage.ts';

describe('a fault at every call of two runs ends as if there had been none', () => {
  let stage: Stage;
  let expected: Left;
  beforeAll(async () => {
    stage = await openStage();
    expected = await undisturbed(stage, { spec: DATA_QUERY });
  });
  afterAll(() => stage.close());

  test.each(PASSING)('%s', async (_what, fault) => {
    await stage.play({ spec: DATA_QUERY }, async (scene) => {
      await firstAndChanged(scene, at(CALLS, fault), at(CALLS, fault));
      expect(await scene.left()).toEqual(expected);
    });
  });

  test('429 with a pause of a second', async () => {
    await stage.play({ spec: DATA_QUERY }, async (scene) => {
      await firstAndChanged(scene, at(['GET /v1/describe'], { kind: '429', retryAfter: 1 }));
      expect(await scene.left()).toEqual(expected);
    });
  });
});
