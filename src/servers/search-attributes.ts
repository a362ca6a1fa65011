import { Connection } from '@temporalio/client';

/** Values as Temporal's API numbers them. */
const TYPES = { Text: 1, Keyword: 2, Int: 3, Double: 4, Bool: 5, Datetime: 6, KeywordList: 7 } as const;

/** Name -> type, in the words of the CLI's `--search-attribute`. */
export type SearchAttributes = Readonly<Record<string, keyof typeof TYPES>>;

/**
 * Connects, and registers the attributes that the namespace lacks. The development server applies its own
 * flag only when it makes a namespace: without this, a database file of an earlier revsync would never get
 * the attributes of a later one. Throws what the connection throws.
 */
export async function registerSearchAttributes({
  address,
  namespace,
  searchAttributes,
}: {
  address: string;
  namespace: string;
  searchAttributes: SearchAttributes;
}): Promise<void> {
  const connection = await Connection.connect({ address, connectTimeout: 5_000 });
  try {
    const there = await connection.operatorService.listSearchAttributes({ namespace });
    const missing = Object.entries(searchAttributes).filter(([name]) => !(name in there.customAttributes));
    if (missing.length === 0) return;
    const attributes = Object.fromEntries(missing.map(([name, type]) => [name, TYPES[type]]));
    await connection.operatorService.addSearchAttributes({ namespace, searchAttributes: attributes });
  } finally {
    await connection.close();
  }
}
