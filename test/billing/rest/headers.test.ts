import { describe, expect, test } from 'vitest';

import { headersOf, hyphenateEntityId, sanitiseTrackId } from '../../../src/billing/rest/headers.ts';
import { reply, stubBilling } from './stub-server.ts';

const OLD_ID = '2c92a0f94c510a1b014c5b4d0d1a2b3c';
const UUID = '2c92a0f9-4c51-0a1b-014c-5b4d0d1a2b3c';

describe('headers', () => {
  test('name version, entity and track id', async () => {
    const { billing, to } = await stubBilling(
      { 'GET /settings/billing-rules': reply(200, {}) },
      { version: '2025-08-12', entityId: OLD_ID, trackId: () => 'revenue-sync/demo' },
    );
    await billing.setting('billing-rules');
    expect(to('/settings/billing-rules')[0]?.headers).toMatchObject({
      'zuora-version': '2025-08-12',
      'zuora-entity-ids': UUID,
      'zuora-track-id': 'revenue-sync/demo',
      'accept-encoding': 'gzip',
    });
  });

  test('name the organisations to speak for, in every view', async () => {
    const { billing, to } = await stubBilling(
      { 'GET /settings/x': reply(200, {}) },
      { orgIds: ['8ad0', '8ad1'] },
    );
    await billing.forEntity(OLD_ID).setting('x');
    expect(to('/settings/x')[0]?.headers).toMatchObject({
      'zuora-org-ids': '8ad0,8ad1',
      'zuora-entity-ids': UUID,
    });
  });

  test.each(['a,b', 'a\r\nb: c', ''])('refuse the organisation id %j', (id) => {
    expect(() => headersOf({ orgIds: [id] }, 'token')).toThrow(
      expect.objectContaining({ code: 'BILLING_ORG_INVALID', fate: 'fix-input' }),
    );
  });

  test('stay away where nothing is configured, for without Multi-entity they must', async () => {
    const { billing, to } = await stubBilling({ 'GET /settings/billing-rules': reply(200, {}) });
    await billing.setting('billing-rules');
    const names = Object.keys(to('/settings/billing-rules')[0]?.headers ?? {});
    expect(names.filter((name) => name.startsWith('zuora-'))).toEqual([]);
  });

  test('of views differ by entity and track id only', async () => {
    const { billing, to } = await stubBilling({ 'GET /settings/x': reply(200, {}) }, { version: '1' });
    await billing.forEntity(OLD_ID).withTrackId('one').setting('x');
    await billing.forEntity(null).setting('x');
    const [first, second] = to('/settings/x').map(({ headers }) => headers);
    expect(first).toMatchObject({ 'zuora-entity-ids': UUID, 'zuora-track-id': 'one', 'zuora-version': '1' });
    expect(second?.['zuora-entity-ids']).toBeUndefined();
  });

  test.each([
    ['revenue-sync/demo', 'revenue-sync/demo'],
    [`a:b;c"d'e`, 'a-b-c-d-e'],
    ['Zürich\n😀', 'Z-rich--'],
    ['x'.repeat(80), 'x'.repeat(64)],
    ['  ', ''],
    [undefined, ''],
  ])('make %j the track id %j', (given, wanted) => expect(sanitiseTrackId(given)).toBe(wanted));

  test.each([
    [OLD_ID, UUID],
    [UUID, UUID],
    ['E1', 'E1'],
  ])('make the entity id %s %s', (given, wanted) => expect(hyphenateEntityId(given)).toBe(wanted));

  test('refuse an entity id that would be another header', () => {
    expect(() => hyphenateEntityId('a\r\nb: c')).toThrow(
      expect.objectContaining({ code: 'BILLING_ENTITY_INVALID' }),
    );
  });
});
