import { setTimeout as sleep } from 'node:timers/promises';

import { Connection, type ConnectionLike, isGrpcServiceError } from '@temporalio/client';

import { reasonOf } from '../domain/errors.ts';
import {
  attributesMissing,
  attributesMistyped,
  namespaceMissing,
  type SearchAttributes,
  TYPES,
} from './search-attribute-errors.ts';

type Services = Pick<ConnectionLike, 'operatorService' | 'workflowService'>;

interface Registration {
  readonly namespace: string;
  readonly searchAttributes: SearchAttributes;
}

/** Statuses of gRPC. */
const INVALID_ARGUMENT = 3;
const NOT_FOUND = 5;
const ALREADY_EXISTS = 6;
/** PERMISSION_DENIED, UNIMPLEMENTED, UNAUTHENTICATED: Temporal Cloud keeps the operator's calls to itself. */
const REFUSED = [7, 12, 16];

/** A server looks at its attributes anew every few seconds. */
const PATIENCE = 60_000;

/**
 * Connects, and registers the attributes that the namespace lacks. The development server applies its own
 * flag only when it makes a namespace: without this, a database file of an earlier revsync would never get
 * the attributes of a later one. Throws what the connection throws.
 */
export async function registerSearchAttributes({
  address,
  ...registration
}: Registration & { readonly address: string }): Promise<void> {
  const connection = await Connection.connect({ address, connectTimeout: 5_000 });
  try {
    await ensureSearchAttributes(connection, registration);
  } finally {
    await connection.close();
  }
}

/**
 * Sees to it that workflows may set the attributes, before any is started: adds those that the namespace lacks, and
 * waits until the server takes them. In Temporal Cloud only people may add them.
 *
 * @throws RevsyncError `SEARCH_ATTRIBUTES_MISSING`, and what `missingSearchAttributes` throws
 */
export async function ensureSearchAttributes(services: Services, registration: Registration): Promise<void> {
  const { namespace } = registration;
  const missing = await missingSearchAttributes(services, registration);
  if (Object.keys(missing).length === 0) return;
  await add(services, namespace, missing);
  for (const deadline = Date.now() + PATIENCE; ; await sleep(250)) {
    const unknown = await unknownToQueries(services, { namespace, searchAttributes: missing });
    if (Object.keys(unknown).length === 0) return;
    if (Date.now() > deadline)
      throw attributesMissing(namespace, unknown, 'they were added, and the server does not take them yet');
  }
}

/**
 * Those of the attributes that the namespace does not have. Where the list is kept from us, queries tell: one that
 * names an attribute that there is not is refused.
 *
 * @throws RevsyncError `SEARCH_ATTRIBUTES_MISTYPED`, `TEMPORAL_NAMESPACE_MISSING`, and what the connection throws
 */
export async function missingSearchAttributes(
  services: Services,
  registration: Registration,
): Promise<SearchAttributes> {
  const { namespace, searchAttributes } = registration;
  const listed = await readList(services, registration);
  if (listed === null) return unknownToQueries(services, registration);
  const mistyped = only(searchAttributes, (name, type) => name in listed && listed[name] !== TYPES[type]);
  if (Object.keys(mistyped).length > 0) throw attributesMistyped(namespace, mistyped);
  return only(searchAttributes, (name) => !(name in listed));
}

/** What the namespace has, by name; null where we may not ask. */
async function readList(
  { operatorService }: Services,
  { namespace }: Registration,
): Promise<Readonly<Record<string, number | null>> | null> {
  try {
    return (await operatorService.listSearchAttributes({ namespace })).customAttributes;
  } catch (error) {
    const status = statusOf(error);
    if (status === NOT_FOUND) throw namespaceMissing(namespace, error);
    if (REFUSED.includes(status)) return null;
    throw error;
  }
}

async function unknownToQueries(
  { workflowService }: Services,
  { namespace, searchAttributes }: Registration,
): Promise<SearchAttributes> {
  const unknown = new Set<string>();
  for (const name of Object.keys(searchAttributes)) {
    try {
      await workflowService.countWorkflowExecutions({ namespace, query: `${name} IS NULL` });
    } catch (error) {
      const status = statusOf(error);
      if (status === NOT_FOUND) throw namespaceMissing(namespace, error);
      if (status !== INVALID_ARGUMENT) throw error;
      unknown.add(name);
    }
  }
  return only(searchAttributes, (name) => unknown.has(name));
}

async function add(
  { operatorService }: Services,
  namespace: string,
  missing: SearchAttributes,
): Promise<void> {
  const searchAttributes = Object.fromEntries(
    Object.entries(missing).map(([name, type]) => [name, TYPES[type]]),
  );
  try {
    await operatorService.addSearchAttributes({ namespace, searchAttributes });
  } catch (error) {
    const status = statusOf(error);
    // Another worker that starts at the same time was quicker.
    if (status === ALREADY_EXISTS) return;
    if (!REFUSED.includes(status)) throw error;
    throw attributesMissing(namespace, missing, `we may not add them (${reasonOf(error)})`);
  }
}

const only = (
  attributes: SearchAttributes,
  wanted: (name: string, type: SearchAttributes[string]) => boolean,
): SearchAttributes => Object.fromEntries(Object.entries(attributes).filter((entry) => wanted(...entry)));

/** The status that a call was refused with; -1 for what no server said. */
const statusOf = (error: unknown): number => (isGrpcServiceError(error) ? error.code : -1);
