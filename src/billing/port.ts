import type { Readable } from 'node:stream';

/** What credentials may read of one object, as `describe` tells. */
export interface ObjectDescription {
  readonly name: string;
  /** Fields whose contexts include `export`; custom ones end in `__c`. */
  readonly fields: readonly { readonly name: string; readonly type: string; readonly custom: boolean }[];
  /** Paths of related objects that a query may name as `<path>.Id`. */
  readonly related: readonly { readonly path: string; readonly object: string }[];
}

/** One query of an export job: one object, its columns as Billing names them. */
export interface ExportQuery {
  /** Our name of the query, the object's name; comes back with its file. */
  readonly name: string;
  readonly query: string;
  /** Name of the column that tells deleted rows (`true`), or absent when the object cannot tell. */
  readonly deletedColumn?: string;
}

/** One job: at most 50 queries over one snapshot. */
export interface ExportJob {
  /** For people who read Billing's own job list; cut to 32 characters. */
  readonly name: string;
  readonly queries: readonly ExportQuery[];
  /**
   * Null, the default: stateless, the queries say themselves what changed. Else stateful: Billing adds
   * what changed, reckoned from `since` (ISO instant) where it knows the queries already; null: from its own
   * memory of the last job of the partner and project.
   */
  readonly stateful?: StatefulMode | null;
}

export interface StatefulMode {
  /** The id that Zuora Support granted. */
  readonly partner: string;
  /** At most one job of a partner and project runs at a time. */
  readonly project: string;
  readonly since: string | null;
}

export interface ExportFile {
  readonly name: string;
  /** One, or the segments of a large full load in order; each has its own header. */
  readonly fileIds: readonly string[];
  /** Rows that Billing says the files hold together: the check sum of the load. */
  readonly recordCount: string;
  /** Whether Billing answered with all rows and not only with changes. */
  readonly full: boolean;
}

export type ExportStatus =
  | { readonly state: 'running' }
  | { readonly state: 'completed'; readonly files: readonly ExportFile[] }
  | { readonly state: 'failed'; readonly reason: string };

/** One SQL query over live data; its result is CSV with a header of lower-case column names. */
export interface DataQuery {
  readonly sql: string;
  /** Only rows that were deleted in the last 30 days, instead of only those that were not. */
  readonly readDeleted?: boolean;
}

export type DataQueryStatus =
  | { readonly state: 'running' }
  | { readonly state: 'completed'; readonly rows: string }
  | { readonly state: 'failed'; readonly reason: string };

/** A record as a reply has it: whole numbers are numbers, fractions the strings they were written as. */
export type BillingRecord = Readonly<Record<string, unknown>>;

/** What to read by the object query: real-time, meant for fewer than a hundred records. */
export interface ObjectQuery {
  /** As the path spells it: `invoice-items`, `orders`. */
  readonly object: string;
  /** `field.OPERATOR:value`, as `updateddate.GE:2024-01-01T00:00:00Z`. */
  readonly filter?: readonly string[];
  readonly fields?: readonly string[];
  readonly expand?: readonly string[];
  readonly sort?: readonly string[];
  /** 1 to 50. */
  readonly pageSize?: number;
}

/** One row of `GET /settings/listing`; what else a row has is kept. */
export interface SettingListed extends BillingRecord {
  readonly key: string;
  readonly pathPattern: string;
}

/** One row of `GET /v1/accounting-codes`; what else a row has is kept. */
export interface BillingAccountingCode extends BillingRecord {
  readonly id: string;
  readonly name: string;
  readonly type: string;
}

/** One row of `GET /v1/accounting-periods`; what else a row has is kept. */
export interface BillingAccountingPeriod extends BillingRecord {
  readonly id: string;
  readonly name: string;
  readonly startDate: string;
  /** Included; null for the open-ended period after all others. */
  readonly endDate: string | null;
  readonly status: string;
}

/** What a unit of `from` cost on a day in `to`, or the reverse where `inverse`. */
export interface BillingRate {
  readonly from: string;
  readonly to: string;
  readonly day: string;
  /** Exact text. */
  readonly rate: string;
  readonly inverse: boolean;
  readonly rateSet: string | null;
  /** The day that the provider gave the rate for, where it differs. */
  readonly providerDay: string | null;
}

export interface BillingEntity {
  /** As Billing spells it; null for the tenant without Multi-entity. */
  readonly id: string;
  readonly name: string;
  readonly displayName: string;
  readonly parentId: string | null;
  readonly timezone: string | null;
  readonly homeCurrency: string | null;
  /** False: the credentials may list the entity and not read it, so its home currency is not known. */
  readonly readable?: boolean;
}

/**
 * Zuora Billing as revsync sees it, for one tenant and, when given, one of its entities. The real
 * adapter is `connectBilling` in rest/billing.ts; the sandbox is on the other side of the wire, so
 * nothing here knows it.
 *
 * Every call throws `RevsyncError`: `BILLING_UNREACHABLE`, `BILLING_RATE_LIMITED`, `BILLING_BUSY` (retry, after
 * `retryAfter` where Billing said so); `BILLING_CREDENTIALS_REFUSED`, `BILLING_PERMISSION_MISSING`,
 * `BILLING_REQUEST_REFUSED` (fix-input); `BILLING_REPLY_UNEXPECTED` (the API answers otherwise than its
 * contract says). The context has `zuoraRequestId` and `zuoraCode` where Billing gave them.
 */
export interface Billing {
  /** Signs in, or proves that the credentials are still good. */
  signIn(): Promise<void>;
  /** Names of the objects that describe lists for the credentials. */
  objects(): Promise<readonly string[]>;
  /** Null when the tenant does not have the object or the credentials may not read it. */
  describe(object: string): Promise<ObjectDescription | null>;

  /**
   * Submits one job; answers its id. Throws `BILLING_DELETES_UNSUPPORTED` when deleted columns are not
   * to be had as asked: `deletesOf` tells which are.
   */
  submitExport(job: ExportJob): Promise<string>;
  exportStatus(jobId: string): Promise<ExportStatus>;
  /** Best effort: a job that is over or gone is no error. */
  cancelExport(jobId: string): Promise<void>;
  /**
   * The file's CSV text as bytes, unpacked, header first. The caller destroys the stream. Throws
   * `BILLING_FILE_GONE` (retry: submit again) and `BILLING_FILE_TOO_LARGE`. The stream errors with
   * `BILLING_UNREACHABLE` when the file breaks off, and with the signal's reason when that aborts.
   */
  openFile(fileId: string, signal?: AbortSignal): Promise<Readable>;
  /** Which of the objects an export can tell deleted rows of, found out by jobs that are cancelled at once. */
  deletesOf(objects: readonly string[]): Promise<ReadonlySet<string>>;

  submitDataQuery(query: DataQuery): Promise<string>;
  dataQueryStatus(jobId: string): Promise<DataQueryStatus>;
  /** Best effort: a job that is over or gone is no error. */
  cancelDataQuery(jobId: string): Promise<void>;
  /** The result of a completed query, with the promises of `openFile`. */
  openDataQueryFile(jobId: string, signal?: AbortSignal): Promise<Readable>;

  /** Pages of `POST /v1/action/query` and its `queryMore`, nulls left out of records. */
  zoql(query: string): AsyncIterable<readonly BillingRecord[]>;
  /** Pages of `GET /object-query/<object>`, following `nextPage`. */
  objectQuery(query: ObjectQuery): AsyncIterable<readonly BillingRecord[]>;

  /** Every setting there is; empty when the tenant lists none. */
  settings(): Promise<readonly SettingListed[]>;
  /**
   * The body of GET /settings/<key>, or null when the tenant has no such setting. Whole numbers are
   * numbers; fractions, such as rates, are the strings they were written as.
   */
  setting(key: string): Promise<unknown>;
  /** The entities of a Multi-entity tenant, parents first; empty without Multi-entity. */
  entities(): Promise<readonly BillingEntity[]>;
  accountingCodes(): Promise<readonly BillingAccountingCode[]>;
  accountingPeriods(): Promise<readonly BillingAccountingPeriod[]>;
  /** Pages of the product catalogue with rate plans and charges, following `nextPage`. */
  products(): AsyncIterable<readonly BillingRecord[]>;
  /** Rates from a currency to all others, both days included; any span, asked for in pieces of 90 days. */
  exchangeRates(window: { currency: string; from: string; to: string }): Promise<readonly BillingRate[]>;

  /** Milliseconds since 1970 on Billing's own clock, by the `Date` of its newest reply; signs in when there is none. */
  serverTime(): Promise<number>;
}
