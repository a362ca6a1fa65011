import { describe, expect, test } from 'vitest';

import { answerRequest } from '../../src/domain/requests/request.ts';
import { eventByAmount } from '../../src/limitations/event-by-amount.ts';

type Event = Omit<Extract<Parameters<typeof answerRequest>[0], { kind: 'event' }>, 'kind'>;
const answer = (event: Event) => answerRequest({ kind: 'event', ...event });
const limitation = eventByAmount.id;

describe('Event processing', () => {
  test('refuses By Amount on a recurring charge, with the remedy of the rule', () => {
    const { remedy } = eventByAmount;
    expect(answer({ processing: 'by-amount', chargeType: 'recurring', value: '10' })).toMatchObject({
      accepted: false,
      limitation,
      remedy,
    });
  });

  test.each(['recurring', 'one-time', 'usage'] as const)(
    'refuses By Quantity on a %s charge',
    (chargeType) => {
      expect(answer({ processing: 'by-quantity', chargeType, value: '10' })).toMatchObject({
        accepted: false,
        limitation,
      });
    },
  );

  test.each<Event>([
    { processing: 'by-amount', chargeType: 'one-time', value: '10.50' },
    { processing: 'by-amount', chargeType: 'usage', value: '-10.50' },
    { processing: 'by-percent', chargeType: 'recurring', value: '25' },
    { processing: 'by-percent', chargeType: 'one-time', value: '100' },
  ])('accepts %o', (event) => {
    expect(answer(event)).toMatchObject({ accepted: true, limitation: null });
  });

  test('is no reason to refuse an event of nothing', () => {
    expect(answer({ processing: 'by-amount', chargeType: 'usage', value: '0' })).toMatchObject({
      accepted: false,
      limitation: null,
    });
  });
});
