import type { LimitationId } from '../limitations.ts';

/** What a request is answered, as `request check` prints it. */
export interface Answer {
  readonly accepted: boolean;
  /** Id of the known limitation that refuses it; null where none does. */
  readonly limitation: LimitationId | null;
  readonly message: string;
  /** What to do instead; null for what is accepted. */
  readonly remedy: string | null;
}

export const accepted = (message: string): Answer => ({
  accepted: true,
  limitation: null,
  message,
  remedy: null,
});

export const refused = (limitation: LimitationId | null, message: string, remedy: string): Answer => ({
  accepted: false,
  limitation,
  message,
  remedy,
});
