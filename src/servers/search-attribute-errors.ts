import { RevsyncError, reasonOf } from '../domain/errors.ts';

/** The types that search attributes have, as Temporal's API numbers them. */
export const TYPES = {
  Text: 1,
  Keyword: 2,
  Int: 3,
  Double: 4,
  Bool: 5,
  Datetime: 6,
  KeywordList: 7,
} as const;

/** Name -> type, in the words of the CLI's `--search-attribute`. */
export type SearchAttributes = Readonly<Record<string, keyof typeof TYPES>>;

/** What an administrator does, on a server and in Temporal Cloud. */
export function howToRegister(namespace: string, missing: SearchAttributes): string {
  const typed = Object.entries(missing);
  const server = typed.map(([name, type]) => `--name ${name} --type ${type}`).join(' ');
  const cloud = typed.map(([name, type]) => `--sa "${name}=${type}"`).join(' ');
  return (
    `Register them: temporal operator search-attribute create --namespace ${namespace} ${server}; in Temporal ` +
    `Cloud in the settings of the namespace, or: tcld namespace search-attributes add --namespace ${namespace} ${cloud}`
  );
}

export function attributesMissing(namespace: string, missing: SearchAttributes, why: string): RevsyncError {
  const named = Object.entries(missing).map(([name, type]) => `${name} (${type})`);
  return new RevsyncError(
    `The namespace ${namespace} of Temporal lacks search attributes: ${named.join(', ')}; ${why}.`,
    {
      code: 'SEARCH_ATTRIBUTES_MISSING',
      fate: 'fix-input',
      remedy: `${howToRegister(namespace, missing)}. Then start again.`,
    },
  );
}

/** A name that is taken with another type cannot be registered again. */
export function attributesMistyped(namespace: string, mistyped: SearchAttributes): RevsyncError {
  const wanted = Object.entries(mistyped).map(([name, type]) => `${name} has to be ${type}`);
  return new RevsyncError(
    `Search attributes of the namespace ${namespace} have another type: ${wanted.join(', ')}.`,
    {
      code: 'SEARCH_ATTRIBUTES_MISTYPED',
      fate: 'fix-input',
      remedy:
        'Remove these there, or set TEMPORAL_NAMESPACE to a namespace of revsync alone; then start again.',
    },
  );
}

export function namespaceMissing(namespace: string, cause: unknown): RevsyncError {
  return new RevsyncError(`Temporal does not give the namespace "${namespace}": ${reasonOf(cause)}.`, {
    code: 'TEMPORAL_NAMESPACE_MISSING',
    fate: 'fix-input',
    remedy:
      'Make the namespace, or set TEMPORAL_NAMESPACE to one that exists and that the API key or certificate may use.',
    cause,
  });
}
