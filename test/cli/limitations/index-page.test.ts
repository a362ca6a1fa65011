import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { indexPage } from '../../../src/cli/limitations/index-page.ts';

const PAGE = join(import.meta.dirname, '..', '..', '..', 'docs', 'INDEX.md');

describe('docs/INDEX.md', () => {
  test('is what the rules say: heading, rule, outcome, test, page', async () => {
    await expect(indexPage()).toMatchFileSnapshot(PAGE);
  });
});
