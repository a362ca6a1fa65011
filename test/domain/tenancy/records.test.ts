import { describe, expect, test } from 'vitest';

import { type BilledEntity, tenantEntities } from '../../../src/domain/tenancy/records.ts';

const billed = (id: string, changed: Partial<BilledEntity> = {}): BilledEntity => ({
  id,
  name: `Entity ${id}`,
  displayName: `Display ${id}`,
  parentId: null,
  timezone: 'UTC',
  homeCurrency: null,
  ...changed,
});
const TENANT = { tenant: 'acme', tenantName: 'Acme Inc.' };

describe('tenantEntities', () => {
  test('without Multi-entity is one entity, named like the tenant, in organisation default', () => {
    expect(tenantEntities([], TENANT, 'EUR')).toEqual([
      {
        entity: 'acme',
        org: 'default',
        billingId: null,
        entityName: 'Acme Inc.',
        displayName: 'Acme Inc.',
        parent: null,
        timezone: null,
        homeCurrency: 'EUR',
      },
    ]);
  });

  test('lets the key stand in for a name nobody gave', () => {
    const [only] = tenantEntities([], { tenant: 'acme', tenantName: null }, null);
    expect(only).toMatchObject({ entityName: 'acme', displayName: 'acme', homeCurrency: null });
  });

  test('makes each entity of a Multi-entity tenant an organisation of its own', () => {
    const entities = tenantEntities([billed('a1'), billed('b2', { timezone: 'Asia/Tokyo' })], TENANT, null);
    expect(entities.map(({ entity, org, billingId }) => [entity, org, billingId])).toEqual([
      ['Display-a1', 'Display-a1', 'a1'],
      ['Display-b2', 'Display-b2', 'b2'],
    ]);
    expect(entities[1]).toMatchObject({
      entityName: 'Entity b2',
      displayName: 'Display b2',
      timezone: 'Asia/Tokyo',
    });
  });

  test('takes an entity’s home currency, else its parent’s, never the tenant’s', () => {
    const entities = tenantEntities(
      [
        billed('p', { homeCurrency: 'USD' }),
        billed('own', { parentId: 'p', homeCurrency: 'EUR' }),
        billed('inherits', { parentId: 'p' }),
        billed('alone'),
      ],
      TENANT,
      'JPY',
    );
    expect(entities.map(({ homeCurrency }) => homeCurrency)).toEqual(['USD', 'EUR', 'USD', null]);
  });

  test('inherits through a parent that has no home currency itself', () => {
    const entities = tenantEntities(
      [
        billed('top', { homeCurrency: 'USD' }),
        billed('middle', { parentId: 'top' }),
        billed('leaf', { parentId: 'middle' }),
      ],
      TENANT,
      null,
    );
    expect(entities.map(({ homeCurrency }) => homeCurrency)).toEqual(['USD', 'USD', 'USD']);
  });

  test('takes no other’s home currency for one that it may not read', () => {
    const entities = tenantEntities(
      [
        billed('top', { homeCurrency: 'USD' }),
        billed('closed', { parentId: 'top', readable: false }),
        billed('below', { parentId: 'closed' }),
        billed('own', { parentId: 'closed', homeCurrency: 'EUR' }),
      ],
      TENANT,
      null,
    );
    expect(entities.map(({ homeCurrency }) => homeCurrency)).toEqual(['USD', null, null, 'EUR']);
  });

  test('names the parent by its key, and none that Billing does not list', () => {
    const entities = tenantEntities(
      [billed('p'), billed('c', { parentId: 'p' }), billed('d', { parentId: 'gone' })],
      TENANT,
      null,
    );
    expect(entities.map(({ parent }) => parent)).toEqual([null, 'Display-p', null]);
  });
});
