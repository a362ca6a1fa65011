import { rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import { RevsyncError } from '../domain/errors.ts';
import { firstThatWorks, type Found, type Way } from './first-that-works.ts';
import { withLock } from './lock.ts';
import { type Environment, type Report, setting } from './report.ts';
import { findOnPath, isExecutable } from './run-program.ts';
import type { StateFolder } from './state-folder.ts';

/** What has to be known about a program in order to find or fetch it. */
export interface WantedProgram {
  /** For the report and messages: `Temporal CLI`. */
  readonly what: string;
  readonly purpose: string;
  /** The environment variable that names it. */
  readonly variable: string;
  /** The error's code when it cannot be had. */
  readonly code: string;
  /** Its name on PATH; null when it is not looked for there. */
  readonly onPath: string | null;
  /** Folder in the cache, named after the version, and the file's name therein. */
  readonly folder: string;
  readonly file: string;
  /** Whether the program runs on this machine; `path` is an executable file. */
  readonly check: (path: string, env: Environment) => Promise<Found>;
  readonly fetch: readonly WayToFetch[];
  /** Everything a person could do about it, each completing "you can ...". */
  readonly waysOut: readonly string[];
}

export interface WayToFetch {
  readonly name: string;
  readonly announce: string;
  /** Puts the program, with whatever it needs beside it, into an empty folder; returns its path there. */
  readonly into: (folder: string, env: Environment) => Promise<Found>;
}

export interface Search {
  readonly env: Environment;
  readonly state: StateFolder;
  readonly report: Report;
}

/**
 * Returns the path of the program: the one that the variable names, else one on PATH, else the cached one,
 * else one that is fetched into the cache. Two processes do not fetch at once: the second waits and then
 * finds the result of the first.
 *
 * @throws RevsyncError with the program's code (fix-input) and every way that was tried
 */
export async function resolveProgram(wanted: WantedProgram, search: Search): Promise<string> {
  const { env, state, report } = search;
  const given = setting(env, wanted.variable);
  if (given !== null) return requireGiven(wanted, given, env);

  const folder = join(state.cacheDir, wanted.folder);
  const cached: Way = { name: 'the cache', find: () => working(wanted, join(folder, wanted.file), env) };
  const there = await firstThatWorks(wanted.what, [...waysOnPath(wanted, env), cached], report);
  if ('path' in there) return there.path;

  const waiting = ({ pid }: { pid: number }): void =>
    report(`${wanted.what}: process ${pid} is fetching it; waiting for that ...`);
  return withLock(`${folder}.lock`, { waiting }, async () => {
    const ways = wanted.fetch.map((way) => fetching(wanted, way, folder, env));
    const fetched = await firstThatWorks(wanted.what, [cached, ...ways], report);
    if ('path' in fetched) return fetched.path;
    throw notFound(wanted, [...there.tried, ...fetched.tried.slice(1)]);
  });
}

function waysOnPath({ onPath, check }: WantedProgram, env: Environment): Way[] {
  if (onPath === null) return [];
  const find = async (): Promise<Found> => {
    const path = await findOnPath(onPath, env);
    return path === null ? { reason: 'not there' } : check(path, env);
  };
  return [{ name: `${onPath} on PATH`, find }];
}

/** Fetches beside the final folder and moves it there when the program works: nobody ever sees half of it. */
function fetching(
  wanted: WantedProgram,
  { name, announce, into }: WayToFetch,
  folder: string,
  env: Environment,
): Way {
  const find = async (): Promise<Found> => {
    const scratch = `${folder}.new`;
    await rm(scratch, { recursive: true, force: true });
    const fetched = await into(scratch, env);
    if ('reason' in fetched) return fetched;
    const program = join(dirname(fetched.path), wanted.file);
    if (basename(fetched.path) !== wanted.file) await rename(fetched.path, program);
    const works = await working(wanted, program, env);
    if ('reason' in works) return works;
    await rm(folder, { recursive: true, force: true });
    await rename(scratch, folder);
    return { path: join(folder, wanted.file) };
  };
  return { name, announce, find };
}

async function working({ check }: WantedProgram, path: string, env: Environment): Promise<Found> {
  return (await isExecutable(path)) ? check(path, env) : { reason: 'empty' };
}

async function requireGiven({ variable, code, what, check }: WantedProgram, path: string, env: Environment) {
  const found = (await isExecutable(path))
    ? await check(path, env)
    : { reason: 'there is no executable file' };
  if ('path' in found) return path;
  throw new RevsyncError(`${variable} is set to ${path}, but ${found.reason}.`, {
    code,
    fate: 'fix-input',
    remedy: `Correct ${variable}, or unset it to have the ${what} found or fetched.`,
  });
}

function notFound({ what, purpose, code, waysOut }: WantedProgram, tried: readonly string[]): RevsyncError {
  const list = (title: string, lines: readonly string[]): string => [title, ...lines].join('\n  - ');
  const message = [
    `There is no ${what} to ${purpose}.`,
    list('Tried:', tried),
    list('You can:', waysOut),
  ].join('\n');
  return new RevsyncError(message, { code, fate: 'fix-input', remedy: 'Take one of the ways listed.' });
}
