import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { GROUPING } from '../../../src/domain/grouping/grouping-setup.ts';
import { checkSetup } from '../../../src/domain/setups/check-setup.ts';
import { SETUP_KINDS } from '../../../src/domain/setups/kinds.ts';
import { setupDocument, setupJsonSchema } from '../../../src/domain/setups/setup-file.ts';

const docs = join(import.meta.dirname, '..', '..', '..', 'docs');
const kinds = SETUP_KINDS.map((definition) => [definition.command, definition] as const);

describe.each(kinds)('the files of `revsync %s`', (command, definition) => {
  test('have the JSON Schema that is published', () => {
    const published: unknown = JSON.parse(readFileSync(join(docs, `${command}.schema.json`), 'utf8'));
    expect(setupJsonSchema(definition)).toEqual(published);
  });

  test('say of what is pre-configured all that it is, without a mistake', () => {
    for (const { name, body } of definition.seeds) {
      const document = setupDocument(definition, { name, org: null, body });
      expect(checkSetup(definition, document)).toEqual({ setup: { name, org: null, body }, mistakes: [] });
    }
  });
});

describe('setupDocument', () => {
  test('is the same for what says the same, and leaves out what is empty', () => {
    const rules = [{ seq: 1, keys: ['ATR1'] }];
    const brief = setupDocument(GROUPING, { name: 'A', org: null, body: { rules } });
    const long = { rules: [{ ...rules[0], enabled: true }], secondary: null, filter: null };
    expect(setupDocument(GROUPING, { name: 'A', org: null, body: long })).toEqual(brief);
    expect(brief).toEqual({ name: 'A', rules: [{ seq: 1, keys: ['ATR1'], enabled: true }] });
    expect(Object.keys(setupDocument(GROUPING, { name: 'A', org: 'US', body: { rules } }))).toEqual([
      'name',
      'org',
      'rules',
    ]);
  });
});
