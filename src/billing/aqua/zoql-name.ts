import { invariant } from '../../domain/errors.ts';

/** A name or path as Export ZOQL takes it. Names come from the tenant too: what is no name never reaches a query. */
export function zoqlName(name: string): string {
  invariant(
    /^[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*)*$/.test(name),
    'a ZOQL name has letters and digits',
  );
  return name;
}
