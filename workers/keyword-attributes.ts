import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';

import type { StartAttributes } from '../src/domain/operator/search-attributes.ts';

/** Attributes as the client takes them. */
export const keywordAttributes = (attributes: StartAttributes) =>
  Object.entries(attributes).map(([name, value]) => ({
    key: defineSearchAttributeKey(name, SearchAttributeType.KEYWORD),
    value,
  }));
