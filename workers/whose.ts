/** Whose workflows are started, and on which queue their runs wait for a worker. */
export interface Whose {
  readonly tenant: string;
  readonly taskQueue: string;
}
