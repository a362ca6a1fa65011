/** Where something stands in a query; both count from 1, as Trino does. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Why a query fails, in the words that Trino uses where it would fail too. */
export class SqlError extends Error {
  override readonly name = 'SqlError';

  constructor(message: string, place?: Place) {
    super(place === undefined ? message : `line ${place.line}:${place.column}: ${message}`);
  }
}

/** Trino may know it, but the sandbox's subset of SQL does not. */
export function unknownSql(what: string, place: Place): SqlError {
  return new SqlError(`${what} is not part of the SQL that the sandbox knows`, place);
}
