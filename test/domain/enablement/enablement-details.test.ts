import { describe, expect, test } from 'vitest';

import { enablementDetails, type UnderWay } from '../../../src/domain/enablement/enablement-details.ts';
import { newEnablement } from '../../../src/domain/enablement/enablement-state.ts';
import { enablementView } from '../../../src/domain/enablement/enablement-view.ts';
import type { EnablementView } from '../../../src/domain/enablement/view.ts';

const IDLE: UnderWay = { child: null, checked: null, untold: null };
const running = enablementView(newEnablement(), { tenant: 'demo', ended: null });
const asking = (remedy: string): EnablementView => ({
  ...running,
  awaiting: {
    step: 4,
    message: 'Two deviations.',
    remedy,
    example: { update: 'answer', data: { step: 4, value: { approve: true } } },
    skip: null,
    since: '2026-01-01T00:00:00.000Z',
    reminders: 0,
  },
});

describe('the details of an enablement', () => {
  test('list the points of what to do', () => {
    const details = enablementDetails(asking('Accept them.\none | 30 days\ntwo <b>'), IDLE);
    expect(details).toContain('\nAccept them.\n\n- one \\| 30 days\n- two &lt;b&gt;\n\n*Send an Update*');
  });

  test('have room for a whole ticket, and end one that is longer still', () => {
    const ticket = `Subject.\n${'Entities in Billing: Acme US and Acme Japan. '.repeat(150).trim()}`;
    expect(enablementDetails(asking(ticket), IDLE)).toContain(ticket.slice(9));
    const longer = enablementDetails(asking(`Subject.\n${'x'.repeat(20_000)}`), IDLE);
    expect(longer).toContain('x…\n');
    expect(longer.length).toBeLessThan(12_000);
  });

  test.each<[Partial<UnderWay>, string]>([
    [{ checked: 4 }, 'The answer to step 4 is being checked.'],
    [{ untold: 'The database refused: <b>.' }, 'nothing is lost here: The database refused: &lt;b&gt;.'],
    [{ child: 'a/b' }, '[a/b](/namespaces/{namespace}/workflows/a%2Fb) is under way'],
  ])('say what is under way: %j', (underWay, text) => {
    expect(enablementDetails(running, { ...IDLE, ...underWay })).toContain(text);
    expect(enablementDetails(running, IDLE)).not.toContain(text);
  });
});
