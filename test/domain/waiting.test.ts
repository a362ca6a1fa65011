import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { WAITING_TEXTS } from '../../src/domain/waiting.ts';

const COLLECT = join(import.meta.dirname, '../../src/store/collect');
const files = readdirSync(COLLECT, { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.ts'),
);
const outcomes = files.flatMap((file) =>
  [...readFileSync(join(COLLECT, file), 'utf8').matchAll(/'(waits-for-[a-z/-]+)'/g)].map(
    ([, id]) => id ?? '',
  ),
);

describe('WAITING_TEXTS', () => {
  test('has a text for everything that Data Collection lets a line wait for', () => {
    expect(new Set(Object.keys(WAITING_TEXTS))).toEqual(new Set(outcomes));
  });

  test.each(Object.entries(WAITING_TEXTS))('%s names what is awaited and what to do', (_id, text) => {
    expect(text.message).toMatch(/\{booking\}|\{day\}/);
    expect(text.remedy).toMatch(/^[A-Z].*\.$/);
  });
});
