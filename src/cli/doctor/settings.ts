import { type Configuration, SECRETS, type Variable, VARIABLES } from '../configuration.ts';

/** A variable as the doctor shows it. */
export interface Setting {
  readonly name: Variable;
  /** Passwords and secrets masked; null for what is not set and has no default. */
  readonly value: string | null;
  readonly source: 'environment' | 'default' | 'running up' | 'embedded';
}

export interface Circumstances {
  readonly configuration: Configuration;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stateDir: string | null;
  /** What an `up` in the same state folder runs; null without one. */
  readonly running: {
    readonly database: string | null;
    readonly temporal: { readonly address: string; readonly namespace: string } | null;
    readonly billing: string | null;
  } | null;
  /** What the lag comes to where Billing has been asked. */
  readonly lagSeconds: number | null;
}

/** Every variable with its value and where that comes from. */
export function settingsOf(circumstances: Circumstances): Setting[] {
  const { configuration, env } = circumstances;
  return VARIABLES.map((name) => {
    const set = env[name];
    if (set !== undefined && set !== '') return { name, value: masked(name, set), source: 'environment' };
    const given = configuration[name];
    if (given !== undefined) return { name, value: String(given), source: 'default' };
    const { value, source } = unset(name, circumstances);
    return { name, value: value === null ? null : masked(name, value), source };
  });
}

/** What stands in for a variable that has no fixed default. */
function unset(name: Variable, circumstances: Circumstances): Pick<Setting, 'value' | 'source'> {
  const { configuration, stateDir, running, lagSeconds } = circumstances;
  const servers: Partial<Record<Variable, string | null | undefined>> = {
    DATABASE_URL: running?.database,
    TEMPORAL_ADDRESS: running?.temporal?.address,
    ZUORA_BASE_URL: running?.billing,
  };
  if (name in servers) {
    const value = servers[name] ?? null;
    return { value, source: value === null ? 'embedded' : 'running up' };
  }
  const credentials = configuration.ZUORA_CLIENT_ID === undefined ? 'sandbox' : null;
  const defaults: Partial<Record<Variable, string | null>> = {
    ZUORA_CLIENT_ID: credentials,
    ZUORA_CLIENT_SECRET: credentials,
    REVSYNC_STATE_DIR: stateDir,
    REVSYNC_LAG_SECONDS: lagSeconds === null ? null : String(lagSeconds),
  };
  return { value: defaults[name] ?? null, source: 'default' };
}

/** A secret is never shown; of a database's URL, everything but the password. */
function masked(name: Variable, value: string): string {
  if (SECRETS.has(name)) return '***';
  if (name !== 'DATABASE_URL' && name !== 'ZUORA_BASE_URL') return value;
  const url = new URL(value);
  const hidden = [...url.searchParams.keys()].filter((key) => /password|secret|key/i.test(key));
  if (url.password === '' && hidden.length === 0) return value;
  if (url.password !== '') url.password = '***';
  for (const key of hidden) url.searchParams.set(key, '***');
  return url.href;
}
