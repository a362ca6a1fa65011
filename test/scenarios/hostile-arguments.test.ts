import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { commandLine } from '../../src/cli/main.ts';
import { digest } from '../../src/store/digest.ts';
import type { TestDatabase } from '../support/database.ts';
import { openReader, type Reader } from '../support/reader.ts';
import { runCommand } from '../support/run-command.ts';
import { MARK, openTwoOrganizations, OURS, THEIRS } from '../support/two-organizations.ts';

/** Tried everywhere. */
const ALWAYS = [`' OR 1=1 --`, `') or org = '${THEIRS}' or ('' = '`];

/** Tried in turn, so that every command meets most of them. */
const IN_TURN = [
  `"; drop table staging.line; --`,
  `'; update control.access set org = '${THEIRS}'; --`,
  `${OURS}' union select entity, org, id, null from staging.line --`,
  '%',
  '_',
  '\\',
  `\\'; select 1; --`,
  '$1',
  '$$ select pg_sleep(9) $$',
  'a\0b',
  '‘ OR ’1’=’1',
  '{"$ne": null}',
  '{a,b}',
  '../../no-such-folder/passwd',
  'x'.repeat(100_000),
];

const hostile = (place: number, most: number): string[] => [
  ...ALWAYS,
  ...Array.from({ length: most }, (_, at) => IN_TURN[(place * most + at) % IN_TURN.length] ?? ''),
];

/** What reads and writes no row by what is said to it, and stays, measures the machine or starts servers. */
const NOT_RUN: Readonly<Record<string, string>> = {
  up: 'stays, and takes no text',
  worker: 'stays, and takes no text',
  demo: 'starts servers, and takes no text',
  sandbox: 'has no database',
  bench: 'measures on a database of its own',
  doctor: 'asks Billing and the servers, no rows',
  migrate: 'takes no text',
};

/** What starts servers for whom may do everything; others are refused before, and what is asked for is asked as elsewhere. */
const STARTS = new Set([
  'sync run',
  'collect run',
  'settings run',
  'rates run',
  'backfill run',
  'entity map',
  'schedule ensure',
  'schedule pause',
  'schedule resume',
]);

/** What a command needs beside what is tried, by the name of the option or argument. */
const USUAL: Readonly<Record<string, string>> = {
  reason: 'Because.',
  as: 'correction',
  month: '2024-02',
  file: 'no-such-file.yaml',
  role: 'nobody',
};

/** Text that is kept as it is written: who may do everything may also write this. */
const CONTENT = new Set(['by', 'reason', 'name', 'value']);

interface Place {
  /** `line list --subscription`, `line show <id>`. */
  readonly label: string;
  readonly name: string;
  readonly command: string;
  argv(value: string): string[];
}

const leaves = (command: Command, path: readonly string[] = []): [path: string[], leaf: Command][] =>
  command.commands.length === 0
    ? [[[...path], command]]
    : command.commands.flatMap((child) => leaves(child, [...path, child.name()]));

/** Everywhere that a command takes text, with all else that it needs. */
function placesOf(path: readonly string[], leaf: Command): Place[] {
  const flags = leaf.options.filter(({ required, optional }) => required || optional);
  const mandatory = flags.filter(({ mandatory: needed }) => needed);
  const needed = leaf.registeredArguments.filter(({ required }) => required);
  const usual = (name: string): string => USUAL[name] ?? 'x';
  const without = (name: string): string[] =>
    mandatory
      .filter((each) => each.attributeName() !== name)
      .flatMap((each) => [each.long ?? '', usual(each.attributeName())]);
  const json = leaf.options.some(({ long }) => long === '--json') ? ['--json'] : [];
  const collect = leaf.options.some(({ long }) => long === '--no-collect') ? ['--no-collect'] : [];
  const rest = [...json, ...collect];
  return [
    ...flags.map((flag): Place => ({
      label: `${path.join(' ')} ${flag.long}`,
      name: flag.attributeName(),
      command: path.join(' '),
      argv: (value) => [
        ...path,
        ...needed.map((argument) => usual(argument.name())),
        `${flag.long}=${value}`,
        ...without(flag.attributeName()),
        ...rest,
      ],
    })),
    ...leaf.registeredArguments.map((argument, at): Place => ({
      label: `${path.join(' ')} <${argument.name()}>`,
      name: argument.name(),
      command: path.join(' '),
      argv: (value) => [
        ...path,
        ...without(''),
        ...rest,
        '--',
        ...leaf.registeredArguments.slice(0, at).map((each) => usual(each.name())),
        value,
        ...needed
          .filter((each) => leaf.registeredArguments.indexOf(each) > at)
          .map((each) => usual(each.name())),
      ],
    })),
  ];
}

const program = await commandLine();
const all = leaves(program);
const places = all
  .filter(([path]) => NOT_RUN[path[0] ?? ''] === undefined)
  .flatMap(([path, leaf]) => placesOf(path, leaf));

describe('hostile arguments', () => {
  let database: TestDatabase;
  let reader: Reader;
  let before: Awaited<ReturnType<typeof digest>>;
  const home = process.cwd();
  let folder: string;
  beforeAll(async () => {
    database = await openTwoOrganizations();
    reader = await openReader(database, [OURS]);
    before = await digest(database.db);
    // Some commands write the file that they are told, and who tests may write everywhere.
    folder = await mkdtemp(join(tmpdir(), 'revsync-hostile-'));
    process.chdir(folder);
  });
  afterAll(async () => {
    process.chdir(home);
    await rm(folder, { recursive: true, force: true });
    await reader.close();
    await database.close();
  });

  /** Ends as it should: a result or an error that says what to do, and nothing that nobody thought of. */
  async function tried(place: Place, value: string, url: string): Promise<string> {
    const { exit, stdout, stderr, json } = await runCommand(place.argv(value), { DATABASE_URL: url });
    const said = `${place.label} with ${JSON.stringify(value.slice(0, 60))}: ${stdout.slice(0, 300)}${stderr.slice(0, 300)}`;
    expect([0, 1, 2], said).toContain(exit);
    const document = json() as { error?: { code: string; remedy: string } };
    if (document.error !== undefined) {
      expect(document.error.code, said).not.toBe('UNEXPECTED');
      expect(document.error.remedy, said).not.toBe('');
    } else expect(exit, said).toBe(0);
    return stdout + stderr;
  }

  test('are tried wherever a command takes text, where there are rows of others to show', async () => {
    const { stdout } = await runCommand(['line', 'list', '--json'], { DATABASE_URL: database.url });
    expect(stdout).toContain(MARK);
    expect(places.length).toBeGreaterThan(80);
    const known = new Set(all.map(([[first = '']]) => first));
    expect(Object.keys(NOT_RUN).filter((name) => !known.has(name))).toEqual([]);
  });

  test.each(places.map((place, at) => [place.label, place, at] as const))(
    'show a reader no row of others: %s',
    async (_, place, at) => {
      for (const value of hostile(at, 3)) expect(await tried(place, value, reader.url)).not.toContain(MARK);
    },
  );

  test.each(
    places
      .filter(({ name, command }) => !CONTENT.has(name) && !STARTS.has(command))
      .map((place, at) => [place.label, place, at] as const),
  )('find nothing for whom sees everything: %s', async (_, place, at) => {
    for (const value of hostile(at, 1)) await tried(place, value, database.url);
  });

  test('change nothing', async () => {
    expect(await digest(database.db)).toEqual(before);
  });
});
