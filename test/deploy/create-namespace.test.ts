import { expect, test } from 'vitest';

import { SEARCH_ATTRIBUTES } from '../../src/domain/operator/search-attributes.ts';
import { read } from '../support/compose.ts';

test('create-namespace.sh registers every search attribute with its type', () => {
  const listed = [...read('deploy/temporal/create-namespace.sh').matchAll(/^(\w+)=([A-Z]\w+)$/gm)];
  expect(Object.fromEntries(listed.map(([, name, type]) => [name, type]))).toEqual(SEARCH_ATTRIBUTES);
});
