import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { workflowInfo } from '@temporalio/workflow';

const SCHEDULED_START = defineSearchAttributeKey('TemporalScheduledStartTime', SearchAttributeType.DATETIME);

/** When a schedule wanted this run, ISO; undefined for what was started otherwise. A trigger or backfill says its own. */
export const scheduledTime = (): string | undefined =>
  workflowInfo().typedSearchAttributes.get(SCHEDULED_START)?.toISOString();
