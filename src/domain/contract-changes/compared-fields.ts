import { STAGING_FIELDS, type StagingField } from '../mapping/staging-fields.ts';

/** They differ from version to version of a subscription and say nothing about the contract. */
const OF_VERSIONS: ReadonlySet<string> = new Set([
  'Subscription ID',
  'Subscription Version',
  'Rate Plan Id',
  'Rate Plan Charge Id',
  'Rate Plan Charge Version',
  'Amendment Id',
  'Sequence Number',
  'Charge Created Date',
  'Charge Last Update Date',
]);

/** What a change of a booking tells with old and new value. */
export const COMPARED_FIELDS: readonly StagingField[] = STAGING_FIELDS.filter(
  ({ label }) => !OF_VERSIONS.has(label),
);

/**
 * Without a difference in these a segment is carried over as it was: a new version of its subscription is no change of
 * its contract.
 */
const PROMISED: ReadonlySet<string> = new Set([
  'Ext Sell Price',
  'Ext List Price',
  'Ordered Qty',
  'Revenue Start Date',
  'Revenue End Date',
  'Transaction Currency',
]);

export const PROMISED_FIELDS: readonly StagingField[] = STAGING_FIELDS.filter(({ label }) =>
  PROMISED.has(label),
);
