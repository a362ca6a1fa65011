import type { Client } from '@temporalio/client';

import { reasonOf } from '../../domain/errors.ts';
import type { Configuration } from '../configuration.ts';
import { SEARCH_ATTRIBUTES } from '../../domain/operator/search-attributes.ts';
import { howToRegister } from '../../servers/search-attribute-errors.ts';
import { missingSearchAttributes } from '../../servers/search-attributes.ts';
import { connectTemporal, temporalAccess } from '../temporal-access.ts';
import { type Check, failed, failedBy, passed } from './check.ts';
import { checkPausedSchedules } from './check-paused-schedules.ts';
import { checkTaskQueues } from './check-task-queues.ts';

/** Whether Temporal answers, knows the namespace, has the search attributes registered, and for whom workers work. */
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
      await checkTaskQueues(client, target.namespace, configuration.REVSYNC_TASK_QUEUE),
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
    const missing = await missingSearchAttributes(connection, {
      namespace,
      searchAttributes: SEARCH_ATTRIBUTES,
    });
    const names = Object.keys(missing);
    if (names.length === 0) return passed(check, 'The search attributes are registered.');
    return failed(
      check,
      `Search attributes are missing: ${names.join(', ')}.`,
      howToRegister(namespace, missing),
    );
  } catch (error) {
    return failedBy(check, error);
  }
}
