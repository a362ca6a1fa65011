import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { ADAPTER_CALLS, OTHER_CALLS } from './every-call.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const PAGE = readFileSync(join(ROOT, 'docs', 'zuora-api.md'), 'utf8');

/** The first column of the table under a heading. */
function calls(heading: string): string[] {
  const section = PAGE.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';
  return [...section.matchAll(/^\| `((?:GET|POST|PUT|DELETE) [^`]+)`/gm)].map(([, call = '']) => call);
}

const names = (contracts: typeof ADAPTER_CALLS) => contracts.map(({ name }) => name).toSorted();

describe('docs/zuora-api.md', () => {
  test('tells every call of the adapter that has a contract, and no other', () => {
    expect(calls('Calls that revsync makes').toSorted()).toEqual(names(ADAPTER_CALLS));
  });

  test('tells every other call of the sandbox that has a contract, and no other', () => {
    expect(calls('Calls that only the sandbox answers').toSorted()).toEqual(names(OTHER_CALLS));
  });

  test('explains every code that Billing can fail with', () => {
    const section = PAGE.split(/^## /m).find((part) => part.startsWith('Error codes\n')) ?? '';
    const explained = new Set([...section.matchAll(/^\| `(BILLING_\w+)`/gm)].map(([, code = '']) => code));
    expect([...explained].toSorted()).toEqual(thrown().toSorted());
  });
});

/** Codes in the source, wherever an error is made. */
function thrown(): string[] {
  const files = ['src', 'activities'].flatMap((folder) => sources(join(ROOT, folder)));
  const codes = files.flatMap((text) => text.match(/(?<=code: ')BILLING_\w+/g) ?? []);
  return [...new Set(codes)];
}

function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => readFileSync(join(folder, path), 'utf8'));
}
