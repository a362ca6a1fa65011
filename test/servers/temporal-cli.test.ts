import { chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';

import { describe, expect, test } from 'vitest';

import type { StateFolder } from '../../src/servers/state-folder.ts';
import { resolveTemporalCli } from '../../src/servers/temporal-cli.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** A network that refuses every connection, so that the SDK's download fails the same way everywhere. */
const NO_NETWORK = { HTTPS_PROXY: 'http://127.0.0.1:1', https_proxy: 'http://127.0.0.1:1' };
const SYSTEM_TOOLS = ['/usr/bin', '/bin'].join(delimiter);

const WORKS = 'echo "temporal version 1.5.1"';
const BROKEN = 'echo "cannot load libc" >&2; exit 3';
const GO = (
  program: string,
) => `echo once >> "$GOBIN.runs"; printf '#!/bin/sh\\n${program}\\n' > "$GOBIN/temporal"
chmod +x "$GOBIN/temporal"; test "$CGO_ENABLED" = 0 && test "$1" = install`;

async function program(file: string, script: string): Promise<string> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
  return file;
}

async function setUp() {
  const folder = await temporaryFolder();
  const bin = join(folder, 'bin');
  await mkdir(bin);
  const state: StateFolder = { dir: join(folder, 'state'), cacheDir: join(folder, 'cache') };
  const lines: string[] = [];
  const search = {
    env: { ...NO_NETWORK, PATH: bin },
    state,
    report: (line: string) => void lines.push(line),
  };
  const cached = join(state.cacheDir, 'temporal-cli-v1.5.1', 'temporal');
  return { bin, folder, search, lines, cached };
}

describe('resolveTemporalCli', () => {
  test('takes what REVSYNC_TEMPORAL_CLI names before anything else', async () => {
    const { bin, folder, search } = await setUp();
    await program(join(bin, 'temporal'), WORKS);
    const given = await program(join(folder, 'mine'), WORKS);
    const env = { ...search.env, REVSYNC_TEMPORAL_CLI: given };

    expect(await resolveTemporalCli({ ...search, env })).toBe(given);
  });

  test.each([
    ['does not exist', null],
    ['does not work', BROKEN],
  ])('says so at once when what REVSYNC_TEMPORAL_CLI names %s', async (_, script) => {
    const { bin, folder, search } = await setUp();
    await program(join(bin, 'temporal'), WORKS);
    const given = join(folder, 'mine');
    if (script !== null) await program(given, script);
    const env = { ...search.env, REVSYNC_TEMPORAL_CLI: given };

    await expect(resolveTemporalCli({ ...search, env })).rejects.toMatchObject({
      code: 'TEMPORAL_CLI_NOT_FOUND',
      fate: 'fix-input',
      message: expect.stringContaining(`REVSYNC_TEMPORAL_CLI is set to ${given}`),
    });
  });

  test('takes the one on PATH before the cache, and says which one it took', async () => {
    const { bin, search, lines, cached } = await setUp();
    await program(cached, WORKS);
    const onPath = await program(join(bin, 'temporal'), WORKS);

    expect(await resolveTemporalCli(search)).toBe(onPath);
    expect(lines).toEqual([expect.stringMatching(/^Temporal CLI: temporal on PATH, .* \(\d+\.\d s\)$/)]);
  });

  test('passes over one on PATH that does not answer', async () => {
    const { bin, search, cached } = await setUp();
    await program(join(bin, 'temporal'), BROKEN);
    await program(cached, WORKS);

    expect(await resolveTemporalCli(search)).toBe(cached);
  });

  test('builds it with Go into the cache when nothing can be downloaded, once for two that need it', async () => {
    const { bin, search, lines, cached } = await setUp();
    await program(join(bin, 'go'), GO(WORKS));
    const env = { ...search.env, PATH: [bin, SYSTEM_TOOLS].join(delimiter) };

    const both = [1, 2].map(() => resolveTemporalCli({ ...search, env }));
    expect(await Promise.all(both)).toEqual([cached, cached]);
    expect((await stat(cached)).mode & 0o111).not.toBe(0);
    expect(await readFile(`${dirname(cached)}.new.runs`, 'utf8')).toBe('once\n');
    expect(lines).toContainEqual(expect.stringMatching(/download: .* \(\d+\.\d s\)$/));
    expect(lines).toContainEqual('Temporal CLI: building it with Go, about 3 minutes the first time ...');
  });

  test('keeps nothing that does not work', async () => {
    const { bin, search, cached } = await setUp();
    await program(join(bin, 'go'), GO('exit 3'));
    const env = { ...search.env, PATH: [bin, SYSTEM_TOOLS].join(delimiter) };

    await expect(resolveTemporalCli({ ...search, env })).rejects.toThrow('exit code 3');
    await expect(stat(cached)).rejects.toThrow('ENOENT');
  });

  test('names in one message every way it tried and every way out when all fail', async () => {
    const { search } = await setUp();
    const error: Error = await resolveTemporalCli(search).then(
      () => expect.unreachable(),
      (caught) => caught,
    );

    expect(error).toMatchObject({ code: 'TEMPORAL_CLI_NOT_FOUND', fate: 'fix-input' });
    const parts = [
      'temporal on PATH: not there',
      'the cache: empty',
      "the SDK's download: ",
      'go install: Go is not',
    ];
    const waysOut = ['install the Temporal CLI', 'REVSYNC_TEMPORAL_CLI', 'TEMPORAL_ADDRESS', 'install Go'];
    for (const part of [...parts, ...waysOut]) expect(error.message).toContain(part);
  });
});
