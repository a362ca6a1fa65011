import type { RawBuilder } from 'kysely';

import type { Routes } from '../../domain/mapping/routes.ts';

/** A join that a derivation needs beside the template's own: a clause, and the aliases whose change matters. */
export interface DerivedJoin {
  readonly alias: string;
  readonly clause: RawBuilder<unknown>;
  /** False for a join that is not a pre-staging row and so carries no version. */
  readonly versioned: boolean;
}

/** A reason of the balance, and when it applies; a condition that is null does not hold. */
export type Exclusion = readonly [reason: string, applies: RawBuilder<boolean | null>];

/**
 * What the transformation itself knows about a transaction type, beside the template's rows: how the
 * line is identified, which rows form no line, and the fields that code derives (domain.md 3.5).
 */
export interface Derivation {
  readonly routes: Routes;
  /** Paths the derived fields need whether or not a row names them. */
  readonly paths: readonly string[];
  readonly joins: readonly DerivedJoin[];
  /** Column -> expression; `mapped` gives the expression of the template's row for a column, or null. */
  fields(mapped: (column: string) => RawBuilder<unknown>): Readonly<Record<string, RawBuilder<unknown>>>;
  /** Why a driver row forms no line: the first reason whose condition holds. */
  readonly exclusions: readonly Exclusion[];
  /** Objects whose change may end an exclusion, each with the driver's field that leads to it. */
  readonly gates: readonly { readonly object: string; readonly field: string }[];
  /** Orphans (`orphan-<object>:<what is missing>`) that the derived joins find, as the routes find theirs. */
  readonly orphans: readonly RawBuilder<string | null>[];
  /** Tells the lines of one driver apart when their fields cannot; `f.part` in `lineId`. Null: one line. */
  readonly part: RawBuilder<string | null>;
  /** Column of the driver in which rows agree whose lines may get one id; null where ids are the rows' own. */
  readonly twinsBy: string | null;
  /** The line's id from the finished fields, which stand under alias `f`. */
  readonly lineId: RawBuilder<string>;
  readonly lineType: RawBuilder<string>;
  /** Hold ids (null where nothing is wrong) from the finished fields and `price_source`, under alias `f`. */
  readonly missing: readonly RawBuilder<string | null>[];
}
