import { readFileSync } from 'node:fs';

import { Client, Connection } from '@temporalio/client';

import type { TemporalAccess } from '../../workers/main.ts';
import { RevsyncError, reasonOf } from '../domain/errors.ts';
import type { Tracing } from '../telemetry/tracing.ts';
import type { Configuration } from './configuration.ts';

/** How to reach Temporal: an embedded server as it is, another with the keys of the environment. */
export function temporalAccess(
  target: { address: string; namespace: string },
  configuration: Configuration,
): TemporalAccess {
  const { TEMPORAL_API_KEY: apiKey, TEMPORAL_TLS_CERT, TEMPORAL_TLS_KEY, TEMPORAL_TLS_CA } = configuration;
  if (configuration.TEMPORAL_ADDRESS !== target.address) return target;
  const pair =
    TEMPORAL_TLS_CERT === undefined || TEMPORAL_TLS_KEY === undefined
      ? {}
      : { clientCertPair: { crt: readFileSync(TEMPORAL_TLS_CERT), key: readFileSync(TEMPORAL_TLS_KEY) } };
  const ca = TEMPORAL_TLS_CA === undefined ? {} : { serverRootCACertificate: readFileSync(TEMPORAL_TLS_CA) };
  const tls = { ...pair, ...ca };
  const secured = Object.keys(tls).length > 0 ? tls : apiKey === undefined ? undefined : true;
  return { ...target, apiKey, ...(secured === undefined ? {} : { tls: secured }) };
}

/** A client of Temporal; `close` ends its connection. */
export async function connectTemporal(
  access: TemporalAccess,
  tracing: Tracing | null = null,
): Promise<Client> {
  try {
    const connection = await Connection.connect({
      address: access.address,
      connectTimeout: '10 seconds',
      ...(access.apiKey === undefined ? {} : { apiKey: access.apiKey }),
      ...(access.tls === undefined ? {} : { tls: access.tls }),
    });
    return new Client({ connection, namespace: access.namespace, ...tracing?.client });
  } catch (error) {
    throw new RevsyncError(`Temporal at ${access.address} does not answer: ${reasonOf(error)}.`, {
      code: 'TEMPORAL_UNREACHABLE',
      fate: 'retry',
      remedy: 'Check TEMPORAL_ADDRESS and that the server runs, then try again.',
      cause: error,
    });
  }
}
