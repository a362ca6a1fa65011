import { describe, expect, test } from 'vitest';

import {
  refusalOfTicket,
  settledTicket,
  STEP_01,
  supportTicket,
  type SupportTicketAnswer,
  type TicketFacts,
  turnOfTicket,
} from '../../../src/domain/enablement/step-01-support-ticket.ts';

const ALONE: TicketFacts = { key: 'acme', name: 'Acme Inc.', entities: [], configured: null };
const DETAILS = { contact: 'ann@example.com', revenueVersion: '37.007.00.00' };
const entity = (number: number) => ({ displayName: `Acme ${number}`, billingId: `id-${number}` });

const turn = (answer: SupportTicketAnswer | null, facts = ALONE) =>
  turnOfTicket(facts, answer, { ticket: supportTicket(facts, answer), posted: false, by: 'ann' });

describe('the answer', () => {
  test.each(['37.7', '37.007.00.00.1', 'v37.007.00.00', '37.007.00', ''])(
    'refuses %j as a version of Zuora Revenue',
    (revenueVersion) => {
      expect(STEP_01.answer.safeParse({ revenueVersion }).success).toBe(false);
    },
  );

  test('may come in parts, and all at once', () => {
    expect(STEP_01.answer.safeParse({ resolved: false }).success).toBe(true);
    expect(
      STEP_01.answer.safeParse({ ...DETAILS, tenantName: 'A', ticket: '1', resolved: true }).success,
    ).toBe(true);
    expect(STEP_01.answer.safeParse({ ...DETAILS, contakt: 'ann' }).success).toBe(false);
  });

  test('that says nothing is refused with one that would do', () => {
    expect(refusalOfTicket({}, ALONE)).toEqual({
      refusal: 'The answer says nothing.',
      value: { ...DETAILS, tenantName: 'Acme Inc.' },
    });
  });

  test('names the tenant only where its lines take the name from there', () => {
    const named = { ...DETAILS, tenantName: 'Beta' };
    expect(refusalOfTicket(named, ALONE)).toBeNull();
    expect(refusalOfTicket(named, { ...ALONE, entities: [entity(1)] })).toMatchObject({ value: DETAILS });
    expect(refusalOfTicket(named, { ...ALONE, configured: 'Acme Inc.' })?.refusal).toContain(
      'REVSYNC_TENANT_NAME says "Acme Inc."',
    );
    expect(refusalOfTicket(named, { ...ALONE, configured: 'Beta' })).toBeNull();
  });
});

describe('a name that was given while it was asked for', () => {
  const kept = { ...DETAILS, tenantName: 'Beta' };
  const multi: TicketFacts = { ...ALONE, entities: [entity(1)] };
  const configured: TicketFacts = { ...ALONE, configured: 'Acme Inc.' };

  test('is dropped by the next answer where it is not asked for any more', () => {
    for (const facts of [multi, configured]) {
      expect(settledTicket({ resolved: true }, kept, facts)).toEqual({ ...DETAILS, resolved: true });
    }
    expect(settledTicket({ resolved: true }, kept, ALONE)).toEqual({ ...kept, resolved: true });
    expect(settledTicket({ resolved: true }, kept, { ...ALONE, configured: 'Beta' })).toEqual({
      ...kept,
      resolved: true,
    });
  });

  test('is not offered again where it would be refused', () => {
    for (const facts of [multi, configured]) {
      expect(turn({ contact: 'bob', tenantName: 'Beta' }, facts)).toMatchObject({
        value: { ...DETAILS, contact: 'bob' },
      });
      expect(turn({ tenantName: 'Beta' }, facts)).not.toHaveProperty('value.tenantName');
    }
  });

  test('is refused with an answer that would do, also where nothing else is said', () => {
    const refused = refusalOfTicket({ tenantName: 'Beta' }, multi, { contact: 'bob', tenantName: 'Alpha' });
    expect(refused?.value).toEqual({ ...DETAILS, contact: 'bob' });
  });
});

describe('the turn', () => {
  test('asks for what is missing and keeps what was said', () => {
    expect(turn({ revenueVersion: '37.010.00.00', resolved: true })).toMatchObject({
      kind: 'ask',
      value: {
        contact: 'ann@example.com',
        revenueVersion: '37.010.00.00',
        tenantName: 'Acme Inc.',
        resolved: true,
      },
    });
    expect(turn(null, { ...ALONE, configured: 'Acme Inc.' })).toMatchObject({ value: DETAILS });
  });

  test('waits with the ticket until somebody says that it is resolved', () => {
    for (const answer of [DETAILS, { ...DETAILS, resolved: false }]) {
      expect(turn(answer)).toMatchObject({ kind: 'ask', value: { resolved: true }, polls: false });
    }
    expect(turn({ ...DETAILS, resolved: true })).toMatchObject({
      kind: 'done',
      evidence: { ...DETAILS, tenantName: 'Acme Inc.', number: null, posted: false, resolvedBy: 'ann' },
    });
  });
});

describe('the ticket', () => {
  test('has a line for each thing that Support has to know', () => {
    expect(supportTicket({ ...ALONE, entities: [entity(1), entity(2)] }, DETAILS)).toBe(
      [
        'Subject: Enable the integration between Zuora Billing and Zuora Revenue.',
        'Tenant: Acme Inc. (acme).',
        'Entities in Billing: Acme 1 (id-1) and Acme 2 (id-2).',
        'Version of Zuora Revenue: 37.007.00.00.',
        'Contact: ann@example.com.',
        'Please enable the integration between Zuora Billing and Zuora Revenue for this tenant, and tell the contact when it is done or what else you need.',
      ].join('\n'),
    );
  });

  test('is not there before its details are', () => {
    expect(supportTicket(ALONE, null)).toBeNull();
    expect(supportTicket(ALONE, { contact: 'ann' })).toBeNull();
  });

  test('has every entity and the contact whole, and names short and on one line', () => {
    const long = 'x\n'.repeat(5_000);
    const facts: TicketFacts = {
      key: 'acme',
      name: long,
      entities: Array.from({ length: 400 }, (_, at) => ({
        displayName: long,
        billingId: `${at}`.padEnd(32, '0'),
      })),
      configured: null,
    };
    const contact = 'c'.repeat(500);
    const text = supportTicket(facts, { ...DETAILS, contact }) ?? '';
    expect(text).toContain(contact);
    for (const { billingId } of facts.entities) expect(text).toContain(`(${billingId})`);
    expect(text.length).toBeLessThan(400 * 100 + 2_000);
    expect(text.split('\n')).toHaveLength(6);
  });
});
