import type { RawBuilder } from 'kysely';

import type { FindingText } from '../domain/findings.ts';
import type { HoldText } from '../domain/holds.ts';
import type { LimitationId } from '../domain/limitations.ts';
import type { ReleasedAs } from '../domain/releases.ts';

/** What a rule is about. */
export type Scope = 'tenant setting' | 'template' | 'object' | 'line' | 'contract action';

/** What revsync does about it (design section 10). */
export type Outcome = 'refuse' | 'stop' | 'wait' | 'exclude' | 'derive' | 'standalone' | 'warn';

/** Where it is looked for. */
export type CheckedAt = 'settings' | 'template check' | 'staging' | 'collection' | 'request check';

/**
 * Something of a tenant that a rule is about, as a query gives it, a row each: `object` and `id` of the billing row (of
 * a line: its type and id), `amount` at stake as numeric, signed, with its `currency`, both null where there is none,
 * and `detail`, a few words or null.
 */
export interface Hit {
  readonly object: string;
  readonly id: string;
  readonly amount: string | null;
  readonly currency: string | null;
  readonly detail: string | null;
}

/** What a rule looks for in pre-staging. */
export interface Footprint {
  /** The objects that have to be extracted to tell. */
  readonly objects: readonly string[];
  /** The rows of one entity, newest subscription versions alone, none twice, none that Billing deleted. */
  hits(entity: string): RawBuilder<Hit>;
}

/**
 * A state of a charge segment (`chargeState`) that an unsupported action made or met, from which subscription version on
 * it is stopped, and what is wrong with it.
 */
export interface StoppedState {
  readonly state: string;
  readonly since: number;
  readonly detail: string;
}

/** A rule that stops the booking of a charge. */
export interface ChargeStop {
  /**
   * Null where the charge is as it has to be, else what is wrong, for `{detail}`. Reads the rows that stand under the
   * aliases `RatePlanCharge`, `Subscription`, `ProductRatePlanCharge` and `Amendment`.
   */
  readonly wrong?: RawBuilder<string | null>;
  /** What is wrong not with charges but with what was done to them: stopped wherever a later version carries it on. */
  readonly states?: (entity: string) => RawBuilder<StoppedState>;
  readonly text: HoldText;
  /** Holds that follow from the same cause and are not told beside it. */
  readonly instead: readonly string[];
  /** As what a line has to be released and collected for the rule to leave later versions of its SO line alone. */
  readonly freedAs?: ReleasedAs;
}

/** A known limitation as a rule: what it is, where it is looked for, and what becomes of what it finds. */
export interface Limitation {
  readonly id: LimitationId;
  /** Heading of seeds/known-limitations.txt, and which point under it, from 1; null where there is no list. */
  readonly heading: string;
  readonly point: number | null;
  readonly scope: Scope;
  readonly outcome: Outcome;
  readonly checkedAt: readonly CheckedAt[];
  /** Rules that whatever trips this one trips, too. */
  readonly implies: readonly LimitationId[];
  /** What revsync does, in a sentence. */
  readonly does: string;
  /** What a person does about it. */
  readonly remedy: string;
  /** What to change in Billing before go-live; null where there is nothing to change. */
  readonly before: string | null;
  /** Null: it leaves nothing in Billing that could be found before go-live. */
  readonly inBilling: Footprint | null;
  /** Ids of settings (src/domain/settings) that run into it when they do not fit. */
  readonly settings: readonly string[];
  /** The lines of an entity that it concerns, or null where it concerns none. */
  readonly inStaging: ((entity: string) => RawBuilder<Hit>) | null;
  /** How it stops bookings, if it does. */
  readonly stop: ChargeStop | null;
  /** The finding that a sync opens for every hit in pre-staging and resolves with it; null: none. */
  readonly finding: FindingText | null;
}

/** A rule; what is left out is absent. */
export function defineLimitation(
  rule: Pick<Limitation, 'id' | 'heading' | 'scope' | 'outcome' | 'checkedAt' | 'does' | 'remedy'> &
    Partial<Limitation>,
): Limitation {
  return {
    point: null,
    implies: [],
    before: null,
    inBilling: null,
    settings: [],
    inStaging: null,
    stop: null,
    finding: null,
    ...rule,
  };
}
