import type { Api } from './access.ts';

/** Fields of which any one will do, each `Object.Field`. */
export interface FieldNeed {
  readonly kind: 'field';
  readonly anyOf: readonly string[];
  /** Staging labels that stay empty without it. None: without it there is no feature. */
  readonly fills: readonly string[];
  /** Asks nothing where the tenant does not have the object. */
  readonly ifThere?: boolean;
}

export type Need =
  | FieldNeed
  /** An object that an export has to be able to read. */
  | { readonly kind: 'object'; readonly object: string }
  /** An object whose export, if there is any, has to tell deleted rows. */
  | { readonly kind: 'deleted-column'; readonly object: string }
  | { readonly kind: 'api'; readonly api: Api };

/** One of the ways in which a feature can work. */
export interface Way {
  /** As people call it. */
  readonly by: string;
  readonly needs: readonly Need[];
  /** What to know about it where it is not the best way; null: nothing. */
  readonly note: string | null;
  /** Whether the feature works only in part this way. */
  readonly partial: boolean;
}

/** Something revsync does that depends on what the credentials may do in Billing. */
export interface Feature {
  readonly id: string;
  readonly name: string;
  /** Without it there is no revenue at all. */
  readonly essential: boolean;
  /** The best one first. */
  readonly ways: readonly Way[];
  /** What it lists where it works: the tenant's own names. */
  readonly lists?: 'custom-fields' | 'custom-objects';
  /** When none of these is there, the tenant does not use the feature, which then `means` this. */
  readonly off?: { readonly without: readonly Need[]; readonly means: string };
  /** What happens without it. */
  readonly without: string;
  /** What to do about it. */
  readonly remedy: string;
}
