import { openLog } from '../telemetry/log.ts';
import { redactor, secretsOfUrl } from '../telemetry/redact.ts';
import { startTracing, type Tracing } from '../telemetry/tracing.ts';
import type { Logger } from 'pino';
import { type Configuration, SECRETS } from './configuration.ts';
import { version } from './version.ts';

/** What a process tells of itself while it works. */
export interface Telemetry {
  readonly log: Logger;
  /** Null while traces are off. */
  readonly tracing: Tracing | null;
}

/** The log, without the secrets of the configuration, and traces where a collector is configured. */
export async function openTelemetry(configuration: Configuration): Promise<Telemetry> {
  const redact = redactor(secretsOf(configuration));
  return {
    log: openLog(configuration.REVSYNC_LOG_LEVEL, redact),
    tracing: await startTracing({ ...configuration, version: await version(), redact }),
  };
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Variables of PostgreSQL's client and of OpenTelemetry, which read them by themselves. */
const HEADERS = ['OTEL_EXPORTER_OTLP_HEADERS', 'OTEL_EXPORTER_OTLP_TRACES_HEADERS'];

/** The values that no log and no trace may hold. */
export function secretsOf(configuration: Configuration, env: Environment = process.env): string[] {
  const values = [...SECRETS].map((name) => String(configuration[name] ?? ''));
  const urls = [configuration.DATABASE_URL, configuration.ZUORA_BASE_URL];
  return [
    ...values,
    env['PGPASSWORD'] ?? '',
    ...HEADERS.flatMap((name) => secretsOfHeaders(env[name] ?? '')),
    ...urls.flatMap((url) => (url === undefined ? [] : secretsOfUrl(url))),
  ];
}

/** `name=value,name=value`, the values as in a URL; of `Bearer abc` the latter alone is secret, too. */
function secretsOfHeaders(headers: string): string[] {
  return headers.split(',').flatMap((header) => {
    const written = header.slice(header.indexOf('=') + 1).trim();
    const meant = decoded(written);
    return [written, meant, ...meant.split(' ').slice(1)];
  });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
