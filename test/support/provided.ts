/** What the global setup hands to every test file. */
export interface TestPostgres {
  /** URL of the superuser, on a database that no test uses. */
  readonly admin: string;
  /** Name of the migrated database that others are copied from. */
  readonly template: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    testPostgres: TestPostgres;
  }
}
