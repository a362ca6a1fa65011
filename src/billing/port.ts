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

export interface ExportFile {
  readonly name: string;
  readonly fileId: string;
  /** Rows that Billing says the file holds: the check sum of the load. */
  readonly recordCount: string;
  /** Whether Billing answered with all rows and not only with changes. */
  readonly full: boolean;
}

export type ExportStatus =
  | { readonly state: 'running' }
  | { readonly state: 'completed'; readonly files: readonly ExportFile[] }
  | { readonly state: 'failed'; readonly reason: string };

export interface BillingEntity {
  /** As Billing spells it; null for the tenant without Multi-entity. */
  readonly id: string;
  readonly name: string;
  readonly displayName: string;
  readonly parentId: string | null;
  readonly timezone: string | null;
  readonly homeCurrency: string | null;
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
  /** Null when the tenant does not have the object or the credentials may not read it. */
  describe(object: string): Promise<ObjectDescription | null>;
  /**
   * Submits one stateless job of at most 50 queries over one snapshot; answers its id. Throws
   * `BILLING_DELETES_UNSUPPORTED` when deleted columns are not to be had: submit again without.
   */
  submitExport(job: { name: string; queries: readonly ExportQuery[] }): Promise<string>;
  exportStatus(jobId: string): Promise<ExportStatus>;
  /** Best effort: a job that is over or gone is no error. */
  cancelExport(jobId: string): Promise<void>;
  /**
   * The file's CSV text as bytes, decompressed, header first. The caller destroys the stream. Throws
   * `BILLING_FILE_GONE` (retry: submit again). The stream errors with `BILLING_UNREACHABLE` when the file
   * breaks off, and with the signal's reason when that aborts.
   */
  openFile(fileId: string, signal?: AbortSignal): Promise<Readable>;
  /**
   * The body of GET /settings/<key>, or null when the tenant has no such setting. Whole numbers are
   * numbers; fractions, such as rates, are the strings they were written as.
   */
  setting(key: string): Promise<unknown>;
  /** The entities of a Multi-entity tenant, parents first; empty without Multi-entity. */
  entities(): Promise<readonly BillingEntity[]>;
}
