/**
 * The note that schedules are paused with while entities of a tenant are switched over. The same for every run of the
 * backfill, whatever its workflow id: by it a later one knows what an earlier one left paused.
 */
export const pauseNote = (tenant: string): string =>
  `revsync: paused by invoice-settlement-backfill/${tenant}`;
