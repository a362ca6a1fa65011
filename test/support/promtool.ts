import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { ROOT } from './compose.ts';

const PROMTOOL = process.env['REVSYNC_PROMTOOL'] ?? 'promtool';
const run = promisify(execFile);

/** Fails with what to do when there is no promtool. */
export async function requirePromtool(): Promise<void> {
  await run(PROMTOOL, ['--version']).catch(() => {
    throw new Error(
      `There is no ${PROMTOOL}. It is part of Debian's package prometheus; or name one with REVSYNC_PROMTOOL.`,
    );
  });
}

/** What promtool prints, started where Prometheus' files are; fails with that when it finds something. */
export async function promtool(...args: string[]): Promise<string> {
  try {
    const { stdout, stderr } = await run(PROMTOOL, args, { cwd: join(ROOT, 'deploy/prometheus') });
    return stdout + stderr;
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    throw new Error(`promtool ${args.join(' ')}:\n${stdout ?? ''}${stderr ?? String(error)}`, {
      cause: error,
    });
  }
}
