import type { Client } from '@temporalio/client';

import { reasonOf } from '../../domain/errors.ts';
import type { Configuration } from '../configuration.ts';
import { SEARCH_ATTRIBUTES } from '../../domain/operator/search-attributes.ts';
import { connectTemporal, temporalAccess } from '../temporal-access.ts';
import { type Check, failed, failedBy, passed } from './check.ts';
import { checkPausedSchedules } from './check-paused-schedules.ts';

/** Whether Temporal answers, knows the namespace, and has the search attributes registered. */
export async function checkTemporal(
  target: { readonly address: string; readonly namespace: string },
  configuration: Configuration,
): Promise<Check[]> {
  let client: Client;
  try {
    client = await connectTemporal(temporalAccess(target, configuration));
  } catch (error) {
    return [failedBy('temporal', error)];
  }
  try {
    return [
      ...(await checkNamespace(client, target)),
      await checkSearchAttributes(client, target.namespace),
      await checkPausedSchedules(client, configuration.REVSYNC_TENANT),
    ];
  } finally {
    await client.connection.close();
  }
}

async function checkNamespace(
  { workflowService }: Client,
  { address, namespace }: { readonly address: string; readonly namespace: string },
): Promise<Check[]> {
  try {
    await workflowService.describeNamespace({ namespace });
    return [passed('temporal', `Temporal at ${address}, namespace ${namespace}.`)];
  } catch (error) {
    return [
      failed(
        'temporal',
        `Temporal at ${address} does not give the namespace "${namespace}": ${reasonOf(error)}.`,
        'Make the namespace, or set TEMPORAL_NAMESPACE to one that exists and that the API key or certificate may use.',
      ),
    ];
  }
}

async function checkSearchAttributes({ connection }: Client, namespace: string): Promise<Check> {
  const check = 'search-attributes';
  try {
    const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
    const missing = missingAttributes(Object.keys(customAttributes));
    if (missing.length === 0) return passed(check, 'The search attributes are registered.');
    return failed(
      check,
      `Search attributes are missing: ${missing.join(', ')}.`,
      registration(namespace, missing),
    );
  } catch (error) {
    return failed(
      check,
      `Temporal does not tell its search attributes: ${reasonOf(error)}.`,
      `Make sure that these are registered: ${Object.keys(SEARCH_ATTRIBUTES).join(', ')}.`,
    );
  }
}

/** Those of ours that are not among the registered ones. */
export function missingAttributes(registered: readonly string[]): string[] {
  return Object.keys(SEARCH_ATTRIBUTES).filter((name) => !registered.includes(name));
}

function registration(namespace: string, missing: readonly string[]): string {
  const types: Readonly<Record<string, string>> = SEARCH_ATTRIBUTES;
  const pairs = missing.map((name) => `--name ${name} --type ${types[name] ?? 'Keyword'}`);
  return `Register them: temporal operator search-attribute create --namespace ${namespace} ${pairs.join(' ')}`;
}
