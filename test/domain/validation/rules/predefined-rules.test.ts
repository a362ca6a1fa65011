import { describe, expect, test } from 'vitest';

import { HOLD_TEXTS } from '../../../../src/domain/holds.ts';
import { filterFields } from '../../../../src/domain/mapping/filter/filter.ts';
import { labelFilter } from '../../../../src/domain/setups/label-filter.ts';
import {
  OPTIONAL_RULES,
  PREDEFINED_RULES,
} from '../../../../src/domain/validation/rules/predefined-rules.ts';
import { findRuleField, placeholdersOf, SCOPES } from '../../../../src/domain/validation/scopes.ts';
import { WAITING_TEXTS } from '../../../../src/domain/waiting.ts';

const RULES = [...PREDEFINED_RULES, ...OPTIONAL_RULES];

describe('the predefined rules', () => {
  test('have ids of their own, in kebab case', () => {
    const ids = RULES.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) {
      expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(WAITING_TEXTS).not.toHaveProperty([id]);
    }
  });

  test('stand for the errors that Data Collection knows, each for one', () => {
    const codes = RULES.flatMap(({ code }) => code ?? []);
    expect(new Set(codes).size).toBe(codes.length);
    expect(codes).toEqual(
      expect.arrayContaining(
        [
          '00007',
          '00011',
          '00066',
          '00067',
          '00076',
          '00601',
          '00616',
          '00619',
          '00621',
          '00624',
          '00636',
          '00637',
          '00638',
          '10000',
        ].map((code) => `RPRO-${code}`),
      ),
    );
  });

  test.each(RULES.map((rule) => [rule.id, rule] as const))(
    '%s can be read, and names only fields that its lines have',
    (_id, { appliesTo, when, requires, message, remedy }) => {
      const conditions = [when, requires.kind === 'expression' ? requires.expression : null];
      const names = [
        ...conditions.flatMap((text) =>
          text === null ? [] : filterFields(labelFilter(text)).map(({ path }) => path),
        ),
        ...placeholdersOf(message),
      ];
      expect(names.length).toBeGreaterThan(0);
      for (const name of names) {
        const field = findRuleField(name);
        expect(field, name).toBeDefined();
        const scope = field?.scope ?? null;
        if (scope !== null) expect(SCOPES[scope].types).toEqual(expect.arrayContaining([...appliesTo]));
      }
      expect(message).toMatch(/^[A-Z{].*\.$/);
      expect(remedy).toMatch(/^[A-Z].*\.$/);
    },
  );

  test('say the same as the transform where they share an id with what it withholds', () => {
    const shared = RULES.filter(({ id }) => id in HOLD_TEXTS).map(({ id }) => id);
    expect(shared).toEqual(
      expect.arrayContaining(['missing-ext-sell-price', 'missing-ordered-qty', 'missing-so-line-id']),
    );
    for (const id of shared) expect(id).toMatch(/^missing-/);
  });
});
