import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

import { caseFile, casesOf, readCases } from './read-cases.ts';

const { path, run, leftAlone } = caseFile();

describe(`the worked cases of ${path}`, () => {
  test(`of ${run.join(', ')} are run, not of ${leftAlone.join(', ') || 'nothing'}`, () => {
    expect(run).not.toEqual([]);
  });
});

describe('a file of cases', () => {
  const folder = mkdtempSync(join(tmpdir(), 'revsync-cases-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  const written = (text: string): string => {
    const file = join(folder, 'cases.json');
    writeFileSync(file, text);
    return file;
  };
  const one = (change: object = {}): string =>
    written(
      JSON.stringify({ cases: [{ id: 'X1', op: 'rule:typemap', input: {}, expected: {}, ...change }] }),
    );

  test('that is not there, is not JSON or has another form is told by its path', () => {
    expect(() => readCases(join(folder, 'none.json'))).toThrow(
      /cannot be read \(REVENUE_CASES\).*ENOENT.*none\.json/,
    );
    expect(() => readCases(folder)).toThrow(/cannot be read/);
    expect(() => readCases(written('{"cases": ['))).toThrow(/cases\.json is not JSON/);
    expect(() => readCases(written('[]'))).toThrow(/cases\.json is no file of cases/);
    expect(() => readCases(one({ id: 7 }))).toThrow(/no file of cases[^]*cases\[0\]\.id/);
  });

  test('that has nothing to run does not pass for one that was run', () => {
    expect(() => readCases(one({ op: 'schedule' }))).toThrow(/no case of rule:typemap.*only schedule \(1\)/);
    expect(() => readCases(written('{"cases": []}'))).toThrow(/no case of rule:typemap.*none at all/);
  });

  test('names a case that has not the form of its operation', () => {
    const file = readCases(one({ input: { billed: 5 } }));
    const input = z.object({ billed: z.string() });
    expect(() => casesOf(file, 'rule:typemap', input, z.object({}))).toThrow(/Case X1 [^]*input\.billed/);
    expect(casesOf(file, 'rule:sign_rule', input, z.object({}))).toEqual([]);
  });
});
