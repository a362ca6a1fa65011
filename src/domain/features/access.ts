/** What revsync asks Billing by, beside the objects of an export. */
export const APIS = {
  export: 'AQuA export',
  'data-query': 'Data Query',
  'data-query-prices': 'Contractual values by Data Query',
  'data-query-deletes': 'Deleted rows by Data Query',
  zoql: 'ZOQL',
  'object-query': 'Object query',
  settings: 'Settings',
  'currency-conversion': 'Currency Conversion',
  'exchange-rates': 'Custom exchange rates',
  'accounting-codes': 'Accounting codes',
  'accounting-periods': 'Accounting periods',
  entities: 'Entities',
} as const;

export type Api = keyof typeof APIS;

/**
 * `ok`: there for the credentials. `absent`: Billing says that there is no such thing. `refused`: there, and kept
 * from the credentials. `unknown`: the question got no usable answer.
 */
export type Verdict = 'ok' | 'absent' | 'refused' | 'unknown';

export interface ApiAccess {
  /** `not-asked`: nothing depends on the answer here. */
  readonly state: Verdict | 'not-asked';
  /** What was found, or why not; for people. */
  readonly detail: string;
}

export interface ObjectAccess {
  readonly object: string;
  /** `ok`: an export of revsync can read it. */
  readonly state: Verdict;
  /** How many fields Billing exports, those that revsync does not know among them. */
  readonly exportable: number;
  /** Fields of the catalogue that an export can read. */
  readonly fields: ReadonlySet<string>;
  /** Names of custom fields (`__c`). */
  readonly custom: readonly string[];
  /** Whether the export can tell deleted rows; null where that is not known. */
  readonly deletedColumn: boolean | null;
  /** Why not `ok`; null otherwise. */
  readonly note: string | null;
}

/** What the credentials may do in one entity. */
export interface Access {
  readonly objects: ReadonlyMap<string, ObjectAccess>;
  readonly apis: Readonly<Record<Api, ApiAccess>>;
  /** Custom objects that Data Query lists, as it names them; null where it lists none of its tables. */
  readonly customObjects: readonly string[] | null;
}
