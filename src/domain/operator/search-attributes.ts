/**
 * What lists in the Temporal UI show and filter by, with their types. Registered where revsync runs
 * the server itself; elsewhere by its administrator. Never personal data: they are not encrypted.
 */
export const SEARCH_ATTRIBUTES = {
  RevsyncTenant: 'Keyword',
  RevsyncEntity: 'Keyword',
  RevsyncStep: 'Keyword',
  Outcome: 'Keyword',
  AwaitingAction: 'Bool',
  AwaitingSince: 'Datetime',
} as const;

/** Keyword attributes a run is started with. */
export type StartAttributes = Readonly<Partial<Record<'RevsyncTenant' | 'RevsyncEntity', string>>>;
