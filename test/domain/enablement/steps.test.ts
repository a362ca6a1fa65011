import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { STEP_NUMBERS } from '../../../src/domain/enablement/step.ts';
import { ENABLEMENT_STEPS, stepOf } from '../../../src/domain/enablement/steps.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');

describe('the steps of the enablement', () => {
  test('are the eleven of the source, in its order', () => {
    expect(ENABLEMENT_STEPS.map(({ step }) => step)).toEqual(STEP_NUMBERS);
    for (const step of STEP_NUMBERS) expect(stepOf(step).step).toBe(step);
  });

  test('wait for each other as the design says', () => {
    const gates = ENABLEMENT_STEPS.flatMap(({ step, gates: before }) => before.map((gate) => [gate, step]));
    expect(gates).toEqual([
      [2, 4],
      [4, 5],
      [5, 6],
      [6, 10],
      [10, 11],
    ]);
    for (const [gate = 0, step = 0] of gates) expect(gate).toBeLessThan(step);
  });

  test('apply always, but for those that the source calls conditional', () => {
    const conditional = ENABLEMENT_STEPS.filter(({ condition }) => condition !== null);
    expect(conditional.map(({ step }) => step)).toEqual([2, 5, 8, 9]);
  });

  test('may be skipped where something else can be done without them', () => {
    expect(ENABLEMENT_STEPS.filter(({ skip }) => skip.legal).map(({ step }) => step)).toEqual([5, 7, 8, 9]);
    for (const { skip } of ENABLEMENT_STEPS) expect(skip.why).not.toBe('');
  });

  test.each(ENABLEMENT_STEPS.map((definition) => [definition.name, definition] as const))(
    '%s says all of itself, takes its own example, and has code, activity, tests and a page of its name',
    (name, definition) => {
      expect(name.startsWith(`step-${String(definition.step).padStart(2, '0')}-`)).toBe(true);
      const { title, asks, reads, does, evidence } = definition;
      for (const text of [title, asks, reads, does, evidence]) expect(text.length).toBeGreaterThan(10);
      expect(definition.answer.safeParse(definition.example).error).toBeUndefined();
      for (const again of definition.again) expect(again).toBeGreaterThan(definition.step);
      const files = [
        `src/domain/enablement/${name}.ts`,
        `activities/enablement/${name}.ts`,
        `test/domain/enablement/${name}.test.ts`,
        `test/activities/enablement/${name}.test.ts`,
        `docs/enablement/${name}.md`,
      ];
      expect(files.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
    },
  );
});
