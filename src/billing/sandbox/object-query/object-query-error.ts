/** Why an object query is refused; `status` is what to answer. */
export class ObjectQueryError extends Error {
  override readonly name = 'ObjectQueryError';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}
