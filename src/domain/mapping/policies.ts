/** What a template decides beside its rows; the first value of each is the default (design 9 (4), (5), (7)). */
export interface TemplatePolicies {
  /** Whether a standalone transaction carries the reference to what it was made for. */
  readonly standaloneReference?: 'keep' | 'remove';
  /** What a bill run's credit becomes that is opposite in sign to its booking. */
  readonly billRunCredits?: 'CM' | 'CM-C';
  /** How evergreen subscriptions are booked: 0 and lifted by their invoices, or their estimated contract value. */
  readonly evergreen?: 'invoice-driven' | 'ccv';
}
