import { describe, expect, test } from 'vitest';

import { ssoTicket, STEP_07, turnOfSso } from '../../../src/domain/enablement/step-07-sso-proxy.ts';

const TENANT = { key: 'acme', name: 'Acme Inc.', entities: [] };

describe('step 7', () => {
  test('tells a ticket that was posted from one that is to be sent', () => {
    const ticket = ssoTicket(TENANT, null);
    const text = (posted: boolean) => turnOfSso(null, { ticket, posted, by: null });
    expect(text(true)).toMatchObject({ message: expect.stringContaining('was posted') as string });
    expect(text(false)).toMatchObject({ message: expect.stringContaining('Send it') as string });
    expect(text(false)).toMatchObject({ kind: 'ask', remedy: ticket, value: { requested: true } });
  });

  test('leaves the contact out where there is none', () => {
    expect(ssoTicket(TENANT, null)).not.toContain('Contact');
    expect(ssoTicket(TENANT, 'ann')).toContain('\nContact: ann.\n');
  });

  test('names every entity in the ticket, and so in the evidence', () => {
    const entities = Array.from({ length: 30 }, (_, at) => ({
      displayName: `Acme ${at}`,
      billingId: `id-${at}`,
    }));
    const ticket = ssoTicket({ ...TENANT, entities }, null);
    for (const { displayName, billingId } of entities) {
      expect(ticket).toContain(`${displayName} (${billingId})`);
    }
    expect(turnOfSso({ requested: true }, { ticket, posted: true, by: null })).toMatchObject({
      evidence: { ticket },
    });
  });

  test('is done by what was requested, and by nothing else', () => {
    const made = { ticket: 'text', posted: true, by: 'ann' };
    expect(turnOfSso({ requested: true }, made)).toMatchObject({
      kind: 'done',
      evidence: { ticket: 'text', posted: true, requestedBy: 'ann', number: null },
    });
    for (const value of [{}, { requested: false }, { requested: 'yes' }, { requested: true, sso: 1 }]) {
      expect(STEP_07.answer.safeParse(value).success).toBe(false);
    }
  });
});
