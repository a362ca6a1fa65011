import type { HeldFor } from '../releases.ts';

/** A hold, a finding or a limitation that a line met. */
export interface MetRule {
  /** Id of the limitation, validation or finding. */
  readonly id: string;
  /** Whether it keeps the line from going on, made it what it is, or only tells of it. */
  readonly effect: 'holds' | 'forms' | 'reports';
  readonly message: string;
  readonly remedy: string;
}

/** Another line that this one stands behind. */
export interface OtherLine {
  readonly id: string;
  readonly status: string;
  readonly holds: readonly {
    readonly limitation: string;
    readonly message: string;
    readonly remedy: string;
  }[];
}

/** What is known of where a line stands; days are YYYY-MM-DD, instants ISO in UTC. */
export interface LineFacts {
  readonly id: string;
  readonly type: string;
  readonly status: string;
  readonly org: string;
  /** Whether what was billed for it waits while it does not go on. */
  readonly billingsWait: boolean;
  /** Of an SO line the booking day, of a billing the day of its document. */
  readonly dated: string | null;
  readonly holds: readonly (HeldFor & { readonly message: string; readonly remedy: string })[];
  readonly period: { readonly period: string; readonly status: string } | null;
  /** Of a collected line. */
  readonly collected: {
    readonly contract: string;
    readonly collection: string;
    readonly at: string | null;
  } | null;
  /** The line that the booking of the same SO line id stands at; null while nothing of it is collected. */
  readonly standing: string | null;
  /** Other lines of the SO line id that bear on this one: of a billing its bookings, of an SO line its other versions. */
  readonly others: readonly OtherLine[];
  readonly decided: {
    readonly as: string;
    readonly by: string;
    readonly at: string;
    readonly reason: string;
  } | null;
}
