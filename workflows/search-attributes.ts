import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';

/** Registered at the worker's start; what lists in the web interface filter by. Never personal data. */
export const REVSYNC_TENANT = defineSearchAttributeKey('RevsyncTenant', SearchAttributeType.KEYWORD);
export const REVSYNC_ENTITY = defineSearchAttributeKey('RevsyncEntity', SearchAttributeType.KEYWORD);
export const REVSYNC_STEP = defineSearchAttributeKey('RevsyncStep', SearchAttributeType.KEYWORD);
export const OUTCOME = defineSearchAttributeKey('Outcome', SearchAttributeType.KEYWORD);
export const AWAITING_ACTION = defineSearchAttributeKey('AwaitingAction', SearchAttributeType.BOOL);
