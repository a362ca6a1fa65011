import { describe, expect, test } from 'vitest';

import { DELETED_IN_BILLING, FINDING_TEXTS } from '../../src/domain/findings.ts';

describe('FINDING_TEXTS', () => {
  test.each(Object.entries(FINDING_TEXTS))(
    '%s says what was found and what to do, in sentences',
    (_id, text) => {
      expect(text.message).toMatch(/^\{source\} .*\{line\}.*\.$/);
      expect(text.remedy).toMatch(/^[A-Z].*\.$/);
    },
  );

  test('a deletion reads differently by what became of the line', () => {
    const cases = ['superseded', 'collected', 'parent'].map(
      (way) => FINDING_TEXTS[`${DELETED_IN_BILLING}:${way}`],
    );
    expect(new Set(cases.map((text) => text?.message)).size).toBe(3);
    expect(cases).not.toContain(undefined);
  });
});
