import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { vi } from 'vitest';

import { main } from '../../src/cli/main.ts';

export interface CommandResult {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The document of `--json`. */
  readonly json: () => unknown;
}

/** Runs one command line in this process, with nothing of the caller's environment but what `env` says. */
export async function runCommand(
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<CommandResult> {
  const folder = await mkdtemp(join(tmpdir(), 'revsync-command-'));
  for (const name of Object.keys(process.env)) {
    if (/^(REVSYNC|ZUORA|TEMPORAL|OTEL)_|^DATABASE_URL$/.test(name)) vi.stubEnv(name, undefined);
  }
  for (const [name, value] of Object.entries({ REVSYNC_STATE_DIR: folder, ...env })) vi.stubEnv(name, value);
  const out = captured(process.stdout);
  const err = captured(process.stderr);
  const before = process.exitCode;
  process.exitCode = undefined;
  try {
    const exit = await main(argv);
    const stdout = out.text();
    return { exit, stdout, stderr: err.text(), json: () => JSON.parse(stdout) as unknown };
  } finally {
    process.exitCode = before;
    out.restore();
    err.restore();
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true, force: true });
  }
}

function captured(stream: NodeJS.WriteStream): { text: () => string; restore: () => void } {
  const chunks: string[] = [];
  const spy = vi.spyOn(stream, 'write').mockImplementation((chunk, encoding, done) => {
    chunks.push(String(chunk));
    const callback = typeof encoding === 'function' ? encoding : done;
    callback?.(null);
    return true;
  });
  return { text: () => chunks.join(''), restore: () => spy.mockRestore() };
}
