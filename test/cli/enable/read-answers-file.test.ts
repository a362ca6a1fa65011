import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { readAnswersFile } from '../../../src/cli/enable/read-answers-file.ts';

describe('a file of answers', () => {
  let folder: string;
  beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'answers-'))));
  afterEach(() => rm(folder, { recursive: true }));

  const read = async (text: string) => {
    const file = join(folder, 'answers');
    await writeFile(file, text);
    return readAnswersFile(file);
  };

  test('may be JSON or YAML', async () => {
    const prepared = { by: 'ann', answers: new Map([[6, { kind: 'answer', value: { approve: true } }]]) };
    expect(await read('{"by": "ann", "answers": {"6": {"approve": true}}}')).toEqual({ prepared });
    expect(await read('by: ann\nanswers:\n  6: { approve: true }\n')).toEqual({ prepared });
  });

  test.each([
    ['{"by": "ann", "answers": {', /neither JSON nor YAML/],
    ['{"answers": {"6": {"approve": true}, "6": {"approve": true}}}', /neither JSON nor YAML: .*unique/],
    ['', /./],
    ['answers: { 6: &a { approve: *a } }', /./],
  ])('is refused where it is broken: %s', async (text, why) => {
    expect(await read(text)).toEqual({
      mistakes: expect.arrayContaining([expect.objectContaining({ message: expect.stringMatching(why) })]),
    });
  });

  test('has to be there', async () => {
    await expect(readAnswersFile(join(folder, 'none'))).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
  });
});
