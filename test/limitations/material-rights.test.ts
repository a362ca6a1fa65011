import { describe, expect, test } from 'vitest';

import { answerRequest, RequestFile } from '../../src/domain/requests/request.ts';
import { materialRights } from '../../src/limitations/material-rights.ts';

describe('Material rights', () => {
  test('refuses whatever is asked of one, with the remedy of the rule', () => {
    const { id: limitation, remedy } = materialRights;
    expect(answerRequest({ kind: 'material-right' })).toEqual({
      accepted: false,
      limitation,
      message: 'Material rights are not processed.',
      remedy,
    });
  });

  test.each([
    { kind: 'event', processing: 'by-percent', chargeType: 'one-time', value: '25' },
    { kind: 'mass-action', level: 'contract', action: 'close' },
    { kind: 'vc-formula', formula: 'Material Right * 5%' },
  ])('has nothing against %o', (request) => {
    expect(answerRequest(RequestFile.parse(request)).accepted).toBe(true);
  });
});
