import { execFileSync } from 'node:child_process';

import { expect, test } from 'vitest';

import { commandLine } from '../src/cli/main.ts';
import { ROOT, read } from './support/compose.ts';
import { commandMistakes } from './support/documented-commands.ts';

const pages = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], {
  cwd: ROOT,
  encoding: 'utf8',
})
  .trim()
  .split('\n');

test('every command and flag that a page shows is there', async () => {
  const program = await commandLine();
  const mistakes = pages.flatMap((page) =>
    commandMistakes(program, read(page)).map((mistake) => `${page}: ${mistake}`),
  );
  expect(pages).toContain('README.md');
  expect(mistakes).toEqual([]);
});

test('what is not there is noticed, in prose and in code', async () => {
  const program = await commandLine();
  const page =
    'Try `revsync schedule frobnicate` or:\n\n```sh\nnpm run -s revsync -- sync run --sideways\nrevsync digest --json\n```\n';
  expect(commandMistakes(program, page)).toEqual([
    'revsync sync run --sideways: there is no --sideways',
    'revsync schedule frobnicate: there is no command frobnicate',
  ]);
});
