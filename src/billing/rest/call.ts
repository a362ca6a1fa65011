/** One HTTP call, before the connection and the headers of the session are known. */
export interface Call {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** From the root of the API, with the query string: `/v1/entities`. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal | undefined;
}
