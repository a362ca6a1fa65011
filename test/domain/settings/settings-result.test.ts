import { describe, expect, test } from 'vitest';

import { ALL_RULES, whyOf } from '../../../src/domain/settings/judge-rules.ts';
import {
  type ReportedRule,
  type SettingsReport,
  shortened,
} from '../../../src/domain/settings/settings-result.ts';

const LIMIT = 256 * 1024;
const key = (index: number): string => `entity-${index}-`.padEnd(64, 'x');

function reportOf(entities: number): Omit<SettingsReport, 'leftOut'> {
  const keys = Array.from({ length: entities }, (_, index) => key(index));
  const rules = keys.flatMap((entity, at) =>
    [...ALL_RULES.values()].map(
      ({ id: rule, name, setting, required, binding, limitation = null }): ReportedRule => {
        const fits = at === entities - 1 ? false : null;
        const value = 'ä'.repeat(200);
        return {
          entity,
          rule,
          name,
          setting,
          value,
          required,
          binding,
          limitation,
          fits,
          why: whyOf({ rule, value, required, fits }),
        };
      },
    ),
  );
  const change = {
    kind: 'lookup',
    name: 'x'.repeat(60),
    code: 'y'.repeat(64),
    before: null,
    after: 'z'.repeat(200),
  } as const;
  const kept = {
    kind: 'lookup',
    name: 'n',
    code: 'c',
    value: 'v'.repeat(200),
    setBy: 'b'.repeat(200),
    setAt: 't',
    wouldBe: 'w'.repeat(200),
  } as const;
  return {
    outcome: 'completed',
    entities: keys,
    rules,
    features: keys.flatMap((entity) =>
      (['Orders', 'Multi-entity'] as const).map((feature) => ({
        entity,
        feature,
        on: true,
        how: 'h'.repeat(100),
      })),
    ),
    changes: keys.map((entity) => ({ ...change, entity })),
    kept: keys.map(() => kept),
  };
}

describe('shortened', () => {
  test('leaves the report of a few entities as it is', () => {
    const report = reportOf(3);
    expect(shortened(report)).toEqual({
      ...report,
      leftOut: { entities: 0, rules: 0, features: 0, changes: 0, kept: 0 },
    });
  });

  test('keeps the report of a thousand entities within what a workflow may carry, and says what is left out', () => {
    const short = shortened(reportOf(1_000));
    expect(Buffer.byteLength(JSON.stringify(short))).toBeLessThan(LIMIT);
    expect(short.leftOut.rules).toBe(1_000 * ALL_RULES.size - short.rules.length);
    expect(short.leftOut.entities).toBe(1_000 - short.entities.length);
    expect(short.leftOut.features).toBe(2_000 - short.features.length);
    expect(short.leftOut.changes).toBe(1_000 - short.changes.length);
  });

  test('leaves no rule out that does not fit before one that is not known', () => {
    const { rules } = shortened(reportOf(1_000));
    expect(rules.filter(({ fits }) => fits === false)).toHaveLength(ALL_RULES.size);
  });
});
