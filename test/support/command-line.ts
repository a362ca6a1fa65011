import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { endOrphans } from '../../src/servers/end-orphans.ts';
import { openStateFolder } from '../../src/servers/state-folder.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const OURS = /^(?:REVSYNC|ZUORA|TEMPORAL|OTEL)_|^DATABASE_URL$/;
const OF_THE_MACHINE = new Set(['REVSYNC_TEMPORAL_CLI', 'REVSYNC_TEMPORAL_TEST_SERVER']);
const quiet = (): void => undefined;

type Environment = Readonly<Record<string, string>>;

/** A command that has ended. */
export interface Ended {
  /** Exit code; null when a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The one JSON document on stdout. */
  readonly json: <Document>() => Document;
}

/** A command that stays: `up`, `sandbox`, `worker`. */
export interface Staying<Document> {
  readonly pid: number;
  /** What it printed when it was ready. */
  readonly document: Document;
  readonly stderr: () => string;
  readonly ended: Promise<Ended>;
  /** As Ctrl-C does. */
  stop(): Promise<Ended>;
  /** As `kill -9` does; what it had started may live on. */
  kill(): Promise<void>;
}

/** What `up --json` prints. */
export interface UpDocument {
  readonly database: string;
  readonly temporal: string;
  readonly namespace: string;
  readonly ui: string;
  readonly billing: string;
  readonly worker: number;
  readonly metrics: string;
}

/** What `sandbox --json` prints. */
export interface SandboxDocument {
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** A person's terminal: an environment and a state folder of its own. */
export interface Terminal {
  readonly stateDir: string;
  /** Runs a command to its end. One that takes longer than `within` milliseconds is killed and fails the test. */
  run(args: readonly string[], options?: { env?: Environment; within?: number }): Promise<Ended>;
  /** Runs it with `--json` and answers its document; any other exit code than `code` fails the test. */
  json<Document>(
    args: readonly string[],
    options?: { env?: Environment; within?: number; code?: number },
  ): Promise<Document>;
  /** Runs it for a reader who takes so many characters and closes the pipe, as `head` does. */
  runClosing(args: readonly string[], characters: number): Promise<Ended>;
  /** Starts a command that stays, and waits for its JSON document. */
  start<Document>(
    args: readonly string[],
    options?: { env?: Environment; within?: number },
  ): Promise<Staying<Document>>;
  /** Ends whatever still runs here, servers of a killed command among them, and removes the folder. */
  close(): Promise<void>;
}

/** Opens a terminal in an empty state folder, which PostgreSQL's own user may enter; the cache is the project's. */
export async function openTerminal(env: Environment = {}): Promise<Terminal> {
  const folder = await mkdtemp(join(tmpdir(), 'revsync-terminal-'));
  await chmod(folder, 0o755);
  const stateDir = join(folder, 'state');
  const given = { ...process.env, REVSYNC_STATE_DIR: stateDir };
  const state = await openStateFolder({ env: given, projectRoot: ROOT, report: quiet });
  const surroundings = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !OURS.test(name) || OF_THE_MACHINE.has(name)),
  );
  const own = {
    ...surroundings,
    TMPDIR: folder, // what a killed command leaves there goes with the rest
    REVSYNC_STATE_DIR: state.dir,
    REVSYNC_CACHE_DIR: state.cacheDir,
    ...env,
  };
  const alive = new Set<ChildProcess>();

  const launch = (args: readonly string[], more: Environment = {}) => {
    const child = spawn(process.execPath, ['--import', 'tsx', 'src/cli/main.ts', ...args], {
      cwd: ROOT,
      env: { ...own, ...more },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A process group of its own, as a shell makes one: Ctrl-C reaches all that is in it.
      detached: true,
    });
    alive.add(child);
    child.once('exit', () => alive.delete(child));
    const written = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].setEncoding('utf8').on('data', (text: string) => (written[stream] += text));
    }
    const ended = new Promise<Ended>((resolve) =>
      child.once('close', (code, signal) => {
        resolve({ code, signal, ...written, json: () => documentOf(args, written) });
      }),
    );
    return { child, written, ended };
  };

  const run: Terminal['run'] = async (args, options = {}) => {
    const { child, written, ended } = launch(args, options.env);
    return limited(ended, options.within ?? 120_000, () => {
      child.kill('SIGKILL');
      return `\`${args.join(' ')}\` took too long:\n${written.stderr}`;
    });
  };

  return {
    stateDir: state.dir,
    run,
    async json(args, { code = 0, ...options } = {}) {
      const done = await run([...args, '--json'], options);
      if (done.code !== code) throw new Error(`\`${args.join(' ')}\` ended ${done.code}:\n${textOf(done)}`);
      return done.json();
    },
    async runClosing(args, characters) {
      const { child, written, ended } = launch(args);
      child.stdout.on('data', () => {
        if (written.stdout.length >= characters) child.stdout.destroy();
      });
      return limited(ended, 60_000, () => `\`${args.join(' ')}\` took too long:\n${written.stderr}`);
    },
    async start<Document>(args: readonly string[], options: { env?: Environment; within?: number } = {}) {
      const { child, written, ended } = launch([...args, '--json'], options.env);
      const document = new Promise<Document>((resolve, reject) => {
        child.stdout.on('data', () => {
          const parsed = parse<Document>(written.stdout);
          if (parsed !== undefined) resolve(parsed);
        });
        child.once('close', (code) =>
          reject(new Error(`\`${args.join(' ')}\` ended ${code}:\n${written.stdout}\n${written.stderr}`)),
        );
      });
      const pid = child.pid ?? 0;
      return {
        pid,
        document: await limited(document, options.within ?? 120_000, () => {
          child.kill('SIGKILL');
          return `\`${args.join(' ')}\` does not become ready:\n${written.stderr}`;
        }),
        stderr: () => written.stderr,
        ended,
        stop() {
          process.kill(-pid, 'SIGINT');
          return limited(ended, 60_000, () => `\`${args.join(' ')}\` outlives SIGINT:\n${written.stderr}`);
        },
        async kill() {
          const gone = once(child, 'exit');
          process.kill(pid, 'SIGKILL');
          await gone;
        },
      };
    },
    async close() {
      const children = [...alive];
      await Promise.all(children.map(ending));
      await endOrphans(state, quiet);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Asks, and after a while insists. */
async function ending(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), 30_000);
  await gone;
  clearTimeout(late);
}

async function limited<Value>(
  value: Promise<Value>,
  milliseconds: number,
  late: () => string,
): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(late())), milliseconds);
  });
  return Promise.race([value, limit]).finally(() => clearTimeout(timer));
}

/** Waits until `look` answers something, and gives that. */
export async function until<Value>(
  what: string,
  look: () => Promise<Value | undefined | null | false>,
  within = 60_000,
): Promise<Value> {
  for (const deadline = Date.now() + within; Date.now() < deadline;) {
    const found = await look();
    if (found !== undefined && found !== null && found !== false) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`waited in vain until ${what}`);
}

/** Sends JSON to a control address of a sandbox. */
export async function tellSandbox(
  url: string,
  what: 'changes' | 'faults' | 'features',
  body: object,
): Promise<void> {
  const reply = await fetch(new URL(`/__sandbox/${what}`, url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!reply.ok) throw new Error(`the sandbox refused ${what}: ${await reply.text()}`);
}

function documentOf<Document>(
  args: readonly string[],
  { stdout, stderr }: { stdout: string; stderr: string },
): Document {
  const parsed = parse<Document>(stdout);
  if (parsed !== undefined) return parsed;
  throw new Error(`\`${args.join(' ')}\` printed no JSON document:\n${stdout}\n${stderr}`);
}

function parse<Document>(text: string): Document | undefined {
  try {
    return JSON.parse(text) as Document;
  } catch {
    return undefined;
  }
}

const textOf = ({ stdout, stderr }: Ended): string => `${stdout}\n${stderr}`;
