import { expect, test } from 'vitest';

import { explanationText } from '../../src/cli/explanation-text.ts';

test('a line in plain words says where it stands, what it met, what it waits for and what releases it', () => {
  const text = explanationText({
    id: 'INV:w1',
    type: 'INV',
    status: 'waiting',
    org: 'default',
    entity: 'demo',
    subscription: null,
    amount: '10',
    currency: 'USD',
    source: { object: 'InvoiceItem', id: 'w1' },
    contract: null,
    standing: 'The line is complete and waits for what is listed below.',
    rules: [
      { id: 'waits-for-booking', effect: 'holds', message: 'The booking is not collected.', remedy: 'r' },
    ],
    waitsFor: [
      {
        id: 'SO:p.1@1',
        status: 'stopped',
        holds: [{ limitation: 'prepayment-charge', message: 'm', remedy: 'r' }],
      },
    ],
    releases: [
      { by: 'itself', text: 'The booking is collected.', command: null },
      { by: 'a person', text: 'Reject it.', command: 'revsync hold reject' },
    ],
    decisions: [{ as: 'standalone', by: 'ann', at: '2024-03-01T00:00:00Z', reason: 'Agreed.' }],
  });
  expect(text).toEqual([
    'INV:w1 is waiting.',
    'INV line of 10 USD, from InvoiceItem w1.',
    '',
    'The line is complete and waits for what is listed below.',
    '',
    'Rules it met:',
    '- waits-for-booking (holds it): The booking is not collected.',
    '',
    'Waits for:',
    '- SO:p.1@1, which is stopped (prepayment-charge)',
    '',
    'What releases it:',
    '- The booking is collected.',
    '- Reject it. revsync hold reject',
    '',
    'Decided:',
    '- released as standalone by ann on 2024-03-01: Agreed.',
  ]);
});
