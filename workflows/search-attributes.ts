import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';

import type { SEARCH_ATTRIBUTES } from '../src/domain/operator/search-attributes.ts';

const keyword = (name: keyof typeof SEARCH_ATTRIBUTES) =>
  defineSearchAttributeKey(name, SearchAttributeType.KEYWORD);

export const REVSYNC_TENANT = keyword('RevsyncTenant');
export const REVSYNC_ENTITY = keyword('RevsyncEntity');
export const REVSYNC_STEP = keyword('RevsyncStep');
export const OUTCOME = keyword('Outcome');
export const AWAITING_ACTION = defineSearchAttributeKey('AwaitingAction', SearchAttributeType.BOOL);
/** Since when a person is awaited; absent while nobody is. */
export const AWAITING_SINCE = defineSearchAttributeKey('AwaitingSince', SearchAttributeType.DATETIME);
