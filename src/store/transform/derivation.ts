import type { RawBuilder } from 'kysely';

import type { Routes } from '../../domain/mapping/route.ts';
import type { TemplateRow } from '../../domain/mapping/transaction-template.ts';
import type { RateSource } from './conversion.ts';
import type { LineTables } from './line-tables.ts';
import type { RowsJoin } from './rows-join.ts';

/** A join that a derivation needs beside the template's own. */
export type DerivedJoin = RowsJoin | ComputedJoin;

export interface ComputedJoin {
  /**
   * `values`: computed from what is joined before, and named once instead of being spelled out wherever it is
   * used. `run`: there only while a run transforms.
   */
  readonly kind: 'values' | 'run';
  readonly alias: string;
  readonly clause: RawBuilder<unknown>;
  /** Instead of `clause` where it is about one line, `staging.line as l`, alone. */
  readonly ofOne?: RawBuilder<unknown>;
  /** What each name stands for, where each stands for something of its own. */
  readonly values?: Readonly<Record<string, RawBuilder<unknown>>>;
}

/** What the template fills columns of a line with. */
export interface Mapped {
  /** The expression of the template's row or constant for a column, or null. */
  (column: string): RawBuilder<unknown>;
  /** Whether there is a row or a constant. */
  readonly fills: (column: string) => boolean;
  /** The row itself. */
  readonly row: (column: string) => TemplateRow | undefined;
}

/** A reason of the balance, and when it applies; a condition that is null does not hold. */
export type Exclusion = readonly [reason: string, applies: RawBuilder<boolean | null>];

/** The drivers behind changed rows of an object that a derivation joins, where no route leads from these back. */
export interface BehindChange {
  readonly object: string;
  /** Ids of drivers, as `id`. `changed` tells of a row of the object, by its alias, that it changed. */
  drivers(entity: string, changed: (alias: string) => RawBuilder<boolean>): RawBuilder<unknown>;
}

/**
 * What the transformation itself knows about a transaction type, beside the template's rows: how the
 * line is identified, which rows form no line, and the fields that code derives (domain.md 3.5).
 */
export interface Derivation {
  readonly routes: Routes;
  /** Paths the derived fields need whether or not a row names them. */
  readonly paths: readonly string[];
  joins(mapped: Mapped): readonly DerivedJoin[];
  /** Where the rates of its lines come from. */
  rates(mapped: Mapped): RateSource;
  /** Column -> expression. */
  fields(mapped: Mapped): Readonly<Record<string, RawBuilder<unknown>>>;
  /** Why a driver row forms no line: the first reason whose condition holds. */
  readonly exclusions: readonly Exclusion[];
  /** What a collected line was formed from beside the routes. Other versions of its charge are not: each has its own line. */
  readonly behind: readonly BehindChange[];
  /** Paths of the routes whose rows may end an exclusion when they change. */
  readonly gates: readonly string[];
  /** Orphans (`orphan-<object>:<what is missing>`) that the derived joins find, as the routes find theirs. */
  readonly orphans: readonly RawBuilder<string | null>[];
  /** Tells the lines of one driver apart when their fields cannot; `f.part` in `lineId`. Null: one line. */
  readonly part: RawBuilder<string | null>;
  /** Column of the driver in which rows agree whose lines may get one id; null where ids are the rows' own. */
  readonly twinsBy: string | null;
  /** From the joins; `f.line_type` where the line is finished. */
  readonly lineType: RawBuilder<string>;
  /** The line's id from the finished fields, which stand under alias `f`. */
  readonly lineId: RawBuilder<string>;
  /**
   * Whether a collected line `c` is the one that `f` forms again, where its id does not tell; null: the one of the
   * same id. `n` is what `later_form` has of the line.
   */
  readonly collected: RawBuilder<boolean> | null;
  /**
   * Whether known limitations stop its lines: `facts` then has `stops`, the holds by the charge as it is, and
   * `charge_state` and `at_version`, by which those are found that go by what was done to it. The `part` of such a line is
   * the charge that it discounts.
   */
  readonly stops?: boolean;
  /** Whether the uncollected lines of a driver would come out otherwise though no row changed; reads the joins. */
  outdated?(tables: Pick<LineTables, 'line'>): RawBuilder<boolean>;
  /** What `missing` has to know of the joins, by name. */
  readonly facts: Readonly<Record<string, RawBuilder<unknown>>>;
  /**
   * Hold ids, each `id` or `id:detail`, null where nothing is wrong: from the finished fields, the `facts` and
   * `price_source`, which stand under alias `f`.
   */
  missing(mapped: Mapped): readonly RawBuilder<string | null>[];
}
