import { describe, expect, test } from 'vitest';

import { refusalOfBody } from '../../../src/billing/rest/refusal-body.ts';

const reasons = (...codes: number[]) => ({
  success: false,
  reasons: codes.map((code) => ({ code, message: `says ${code}` })),
});

describe('several reasons', () => {
  test.each([
    [[53100320, 53100330], 'refused', '53100320'],
    [[53100350, 53100361], 'busy', '53100350'],
    [[53100370, 53100350], 'rate-limited', '53100370'],
    [[53100350, 53100320], 'refused', '53100320'],
    [[53100361, 53100310, 53100320], 'permission', '53100310'],
  ])('%j are %s: the first that no waiting removes decides', (codes, kind, zuoraCode) => {
    expect(refusalOfBody(reasons(...codes))).toMatchObject({ kind, zuoraCode });
  });

  test('are all told, the one that decides first', () => {
    expect(refusalOfBody(reasons(53100350, 53100320, 53100330))?.message).toBe(
      'says 53100320; 53100350 says 53100350; 53100330 says 53100330',
    );
  });

  test('are kept short, each and together', () => {
    const message = 'x'.repeat(5000);
    const body = { success: false, reasons: [1, 2].map(() => ({ code: 53100320, message })) };
    expect(refusalOfBody(body)?.message?.length).toBeLessThan(450);
  });
});

describe('what is no refusal', () => {
  test.each([
    ['a success', { success: true, reasons: [] }],
    ['a row with a code and more', { code: 'USD', message: 'x', rate: '1.5' }],
    ['a row named like a fault', { Code: 'USD', Message: 'x', Rate: 1 }],
    ['a list of reasons that is a setting', { reasons: [{ code: 'a', message: 'b' }], enabled: true }],
    ['no error code', { errorCode: null, message: '', id: '1' }],
    ['an empty error code', { errorCode: '', id: '1' }],
    [
      'a failed data query, which tells its own story',
      { data: { queryStatus: 'failed', errorMessage: 'x' } },
    ],
    ['a list', [{ success: false }]],
    ['text', 'false'],
    ['nothing', null],
  ])('%s', (_name, body) => {
    expect(refusalOfBody(body)).toBeNull();
  });
});
