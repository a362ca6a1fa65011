import { readFileSync } from 'node:fs';

import { z } from 'zod';

import { RevsyncError } from '../domain/errors.ts';
import { parseQueues, WORKER_QUEUES } from '../domain/operator/task-queues.ts';

const text = z.string().min(1);
const seconds = z
  .string()
  .regex(/^\d{1,8}$/, 'has to be a whole number of seconds')
  .transform(Number);
const whole = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,6}$/, `has to be a whole number from ${least} to ${most}`)
    .transform(Number)
    .refine((number) => number >= least && number <= most, {
      error: `has to be a whole number from ${least} to ${most}`,
    });
const ids = z
  .string()
  .regex(
    /^\s*[A-Za-z0-9._-]{1,64}\s*(,\s*[A-Za-z0-9._-]{1,64}\s*)*$/,
    'has to be ids of A-Z a-z 0-9 . _ - with commas between them',
  )
  .transform((list) => list.split(',').map((id) => id.trim()));
const queues = z.string().transform((list, context) => {
  const parsed = parseQueues(list);
  if (parsed !== null) return parsed;
  context.addIssue(`has to be some of ${WORKER_QUEUES.join(', ')}, with commas between them`);
  return z.NEVER;
});
const partner = z.string().regex(/^[\x20-\x7e]{1,100}$/, 'has to be 1 to 100 printable ASCII characters');
const key = z.string().regex(/^[A-Za-z0-9._-]{1,64}$/, 'has to be 1 to 64 of A-Z a-z 0-9 . _ -');
const month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'has to be a month, YYYY-MM');
const address = z
  .string()
  .regex(
    /^([^\s/:[\]]+|\[[0-9A-Fa-f:.]+\]):\d{1,5}$/,
    'has to be host:port, without http://; an IPv6 address in brackets',
  );
const readable = z.string().refine(isReadable, 'has to be a file that can be read');
const url = z.url({ protocol: /^https?$/, error: 'has to be a URL that begins with https:// or http://' });
/** Notices tell of tenants: they leave this machine encrypted only. */
const WEBHOOK =
  'has to be a URL that begins with https:// (http:// on this machine only), without user and password';
const webhook = z.string().refine(isWebhook, { error: WEBHOOK });

/** Every variable revsync reads, in the order of the documentation. An empty one counts as not set. */
const Environment = z.object({
  REVSYNC_STATE_DIR: text.optional(),
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/, error: 'has to be a URL that begins with postgres://' })
    .optional(),
  REVSYNC_TENANT: key.default('demo'),
  REVSYNC_TENANT_NAME: text.optional(),
  TEMPORAL_ADDRESS: address.optional(),
  TEMPORAL_NAMESPACE: text.default('default'),
  TEMPORAL_API_KEY: text.optional(),
  TEMPORAL_TLS_CERT: readable.optional(),
  TEMPORAL_TLS_KEY: readable.optional(),
  TEMPORAL_TLS_CA: readable.optional(),
  ZUORA_BASE_URL: url.optional(),
  ZUORA_CLIENT_ID: text.optional(),
  ZUORA_CLIENT_SECRET: text.optional(),
  // Pinned: without the header the oldest version there is would answer (wire.md 2.1).
  ZUORA_VERSION: text.default('2025-08-12'),
  ZUORA_ORG_IDS: ids.optional(),
  ZUORA_AQUA_PARTNER: partner.optional(),
  ZUORA_AQUA_PROJECT: partner.default('revsync'),
  REVSYNC_API_SHARE: whole(1, 100).default(50),
  REVSYNC_LAG_SECONDS: seconds.optional(),
  REVSYNC_OVERLAP_SECONDS: seconds.default(900),
  REVSYNC_LOOK_BACK_DAYS: whole(0, 36_500).default(35),
  REVSYNC_LOOK_BACK_EVERY_HOURS: whole(0, 876_000).default(168),
  REVSYNC_OPEN_PERIOD: month.optional(),
  REVSYNC_TASK_QUEUE: text.default('revsync'),
  REVSYNC_WORKER_QUEUES: queues.default([...WORKER_QUEUES]),
  REVSYNC_HTTP_ADDRESS: address.optional(),
  REVSYNC_WEBHOOK_URL: webhook.optional(),
  REVSYNC_ESCALATION_URL: webhook.optional(),
  REVSYNC_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('warn'),
  REVSYNC_TEMPORAL_CLI: text.optional(),
  REVSYNC_TEMPORAL_TEST_SERVER: text.optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: url.optional(),
  OTEL_SERVICE_NAME: text.default('revsync'),
});

export type Configuration = z.infer<typeof Environment>;
export type Variable = keyof Configuration;

/** Never shown. What a webhook's URL says may be all that it takes to post there. */
export const SECRETS: ReadonlySet<Variable> = new Set([
  'ZUORA_CLIENT_SECRET',
  'TEMPORAL_API_KEY',
  'REVSYNC_WEBHOOK_URL',
  'REVSYNC_ESCALATION_URL',
]);

export const VARIABLES = Object.keys(Environment.shape) as Variable[];

/**
 * Reads and checks the environment as a whole.
 *
 * @throws RevsyncError `CONFIGURATION_INVALID`, which names every wrong variable and never a secret's value
 */
export function readConfiguration(env: Readonly<Record<string, string | undefined>>): Configuration {
  const set = Object.fromEntries(VARIABLES.map((name) => [name, env[name] === '' ? undefined : env[name]]));
  const parsed = Environment.safeParse(set);
  const mistakes = parsed.success
    ? pairMistakes(parsed.data)
    : parsed.error.issues.map(({ path, message }) => `${String(path[0])} ${message}`);
  if (parsed.success && mistakes.length === 0) return parsed.data;
  throw new RevsyncError(`The environment is not usable: ${mistakes.join('; ')}.`, {
    code: 'CONFIGURATION_INVALID',
    fate: 'fix-input',
    remedy:
      'Correct or unset the variables named; `revsync doctor` shows every variable and where it comes from.',
  });
}

/** Variables that only make sense together. */
function pairMistakes(configuration: Configuration): string[] {
  const { ZUORA_BASE_URL: base, ZUORA_CLIENT_ID: id, ZUORA_CLIENT_SECRET: secret } = configuration;
  const mistakes: string[] = [];
  if ((id === undefined) !== (secret === undefined)) {
    mistakes.push('ZUORA_CLIENT_ID and ZUORA_CLIENT_SECRET belong together, and one of them is missing');
  }
  if (base !== undefined && id === undefined && !isLoopback(base)) {
    mistakes.push('ZUORA_BASE_URL needs ZUORA_CLIENT_ID and ZUORA_CLIENT_SECRET');
  }
  if ((configuration.TEMPORAL_TLS_CERT === undefined) !== (configuration.TEMPORAL_TLS_KEY === undefined)) {
    mistakes.push('TEMPORAL_TLS_CERT and TEMPORAL_TLS_KEY belong together, and one of them is missing');
  }
  return mistakes;
}

/** Whether a URL leads to this machine: only there may the sandbox's own credentials be assumed. */
export function isLoopback(target: string): boolean {
  const { hostname } = new URL(target);
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

function isWebhook(target: string): boolean {
  if (!URL.canParse(target)) return false;
  const { protocol, username, password } = new URL(target);
  const safe = protocol === 'https:' || (protocol === 'http:' && isLoopback(target));
  return safe && username === '' && password === '';
}

function isReadable(file: string): boolean {
  try {
    readFileSync(file);
    return true;
  } catch {
    return false;
  }
}
