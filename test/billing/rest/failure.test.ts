import { type AddressInfo, createServer } from 'node:net';
import { gzipSync } from 'node:zlib';

import { describe, expect, test } from 'vitest';

import { connectBilling } from '../../../src/billing/rest/billing.ts';
import { CLIENT_ID, CLIENT_SECRET, failure, reply, stubBilling, type Answer } from './stub-server.ts';

const v1 = (code: number | string) => ({
  success: false,
  processId: 'P1',
  reasons: [{ code, message: 'words' }],
});
const aqua = (errorCode: number | string) => ({ errorCode, message: 'words', status: 'error', id: null });

const xml = (body: string) => `<?xml version="1.0" encoding="UTF-8"?>\n${body}`;
const soap = (code: string) =>
  `<soapenv:Envelope xmlns:soapenv="x"><soapenv:Body><soapenv:Fault><faultcode>${code}</faultcode>
   <faultstring>words</faultstring></soapenv:Fault></soapenv:Body></soapenv:Envelope>`;
const PAGE = '<!DOCTYPE html><html><head><title>Access  denied</title></head><body>by us</body></html>';

/** [what it is, status, body, our code, fate, Zuora's code] */
const REFUSALS: readonly (readonly [string, number, unknown, string, string, string | undefined])[] = [
  ['v1 lock at 200', 200, v1(53100350), 'BILLING_BUSY', 'retry', '53100350'],
  ['v1 temporary at 200', 200, v1(53100361), 'BILLING_BUSY', 'retry', '53100361'],
  ['v1 limit at 200', 200, v1(53100370), 'BILLING_RATE_LIMITED', 'retry', '53100370'],
  ['v1 internal at 200', 200, v1(53100360), 'BILLING_REQUEST_REFUSED', 'fix-input', '53100360'],
  ['v1 internal at 500', 500, v1(53100360), 'BILLING_REQUEST_REFUSED', 'fix-input', '53100360'],
  ['v1 bad input', 400, v1('53100320'), 'BILLING_REQUEST_REFUSED', 'fix-input', '53100320'],
  ['v1 rule at 200', 200, v1(53100330), 'BILLING_REQUEST_REFUSED', 'fix-input', '53100330'],
  ['v1 permission at 200', 200, v1(53100310), 'BILLING_PERMISSION_MISSING', 'fix-input', '53100310'],
  ['v1 sign-in at 200', 200, v1(90000011), 'BILLING_CREDENTIALS_REFUSED', 'fix-input', '90000011'],
  ['v1 without reasons', 200, { success: false }, 'BILLING_REQUEST_REFUSED', 'fix-input', undefined],
  [
    'CRUD',
    200,
    { Success: false, Errors: [{ Code: 'INVALID_VALUE', Message: 'words' }] },
    'BILLING_REQUEST_REFUSED',
    'fix-input',
    'INVALID_VALUE',
  ],
  [
    'CRUD lock',
    200,
    { Success: false, Errors: [{ Code: 'LOCK_COMPETITION', Message: 'words' }] },
    'BILLING_BUSY',
    'retry',
    'LOCK_COMPETITION',
  ],
  [
    'action fault',
    400,
    { FaultCode: 'MALFORMED_QUERY', FaultMessage: 'words' },
    'BILLING_REQUEST_REFUSED',
    'fix-input',
    'MALFORMED_QUERY',
  ],
  [
    'action rate',
    200,
    { FaultCode: 'fns:REQUEST_EXCEEDED_RATE', FaultMessage: 'words' },
    'BILLING_RATE_LIMITED',
    'retry',
    'fns:REQUEST_EXCEEDED_RATE',
  ],
  ['Data Query', 415, { code: 415, message: 'words' }, 'BILLING_REQUEST_REFUSED', 'fix-input', '415'],
  [
    'Data Query at 200',
    200,
    { code: 'QUERY_1', message: 'words' },
    'BILLING_REQUEST_REFUSED',
    'fix-input',
    'QUERY_1',
  ],
  ['Data Query, server', 503, { code: 503, message: 'words' }, 'BILLING_BUSY', 'retry', '503'],
  ['AQuA 90006', 200, aqua(90006), 'BILLING_BUSY', 'retry', '90006'],
  ['AQuA 90008', 200, aqua('90008'), 'BILLING_BUSY', 'retry', '90008'],
  ['AQuA 90010', 200, aqua(90010), 'BILLING_BUSY', 'retry', '90010'],
  ['AQuA 90022', 200, aqua(90022), 'BILLING_BUSY', 'retry', '90022'],
  ['AQuA 90028', 200, aqua(90028), 'BILLING_BUSY', 'retry', '90028'],
  ['AQuA 90005', 200, aqua(90005), 'BILLING_REQUEST_REFUSED', 'fix-input', '90005'],
  ['AQuA 90018', 200, aqua(90018), 'BILLING_REQUEST_REFUSED', 'fix-input', '90018'],
  ['AQuA 90019', 200, aqua(90019), 'BILLING_REQUEST_REFUSED', 'fix-input', '90019'],
  ['AQuA 90012', 200, aqua(90012), 'BILLING_DELETES_UNSUPPORTED', 'fix-input', '90012'],
  ['AQuA 90017', 200, aqua(90017), 'BILLING_DELETES_UNSUPPORTED', 'fix-input', '90017'],
  ['403', 403, { message: 'words' }, 'BILLING_PERMISSION_MISSING', 'fix-input', undefined],
  ['502 from a gateway', 502, '<html>Bad Gateway</html>', 'BILLING_BUSY', 'retry', undefined],
  ['500 without a code', 500, { message: 'words' }, 'BILLING_BUSY', 'retry', undefined],
  ['v1 with codes as text', 200, v1('53100350'), 'BILLING_BUSY', 'retry', '53100350'],
  [
    'v1 with success as text',
    200,
    { ...v1(53100350), success: 'false' },
    'BILLING_BUSY',
    'retry',
    '53100350',
  ],
  ['v1 malformed', 400, v1(53100390), 'BILLING_REQUEST_REFUSED', 'fix-input', '53100390'],
  ['v1 external at 500', 500, v1(53100399), 'BILLING_REQUEST_REFUSED', 'fix-input', '53100399'],
  ['v1 lock at 500', 500, v1(53100350), 'BILLING_BUSY', 'retry', '53100350'],
  [
    'the rate, as the gateway tells it',
    429,
    { reasons: [{ code: 70, message: 'API Rate limit exceeded' }] },
    'BILLING_RATE_LIMITED',
    'retry',
    '70',
  ],
  [
    'the same at 200',
    200,
    { reasons: [{ code: 70, message: 'API Rate limit exceeded' }] },
    'BILLING_RATE_LIMITED',
    'retry',
    '70',
  ],
  [
    'v1 validation without codes',
    400,
    { success: false, reasons: [{ fieldName: 'x', title: 'words' }] },
    'BILLING_REQUEST_REFUSED',
    'fix-input',
    undefined,
  ],
  ['AQuA without a message', 200, { errorCode: 90005 }, 'BILLING_REQUEST_REFUSED', 'fix-input', '90005'],
  ['AQuA 90027', 200, aqua(90027), 'BILLING_REQUEST_REFUSED', 'fix-input', '90027'],
  ['AQuA, unknown', 200, aqua(90099), 'BILLING_REQUEST_REFUSED', 'fix-input', '90099'],
  [
    'CRUD with one error bare',
    400,
    { Code: 'INVALID_VALUE', Message: 'words' },
    'BILLING_REQUEST_REFUSED',
    'fix-input',
    'INVALID_VALUE',
  ],
  ['CRUD without errors', 200, { Success: false }, 'BILLING_REQUEST_REFUSED', 'fix-input', undefined],
  [
    'action fault at 500',
    500,
    { FaultCode: 'MALFORMED_QUERY', FaultMessage: 'words' },
    'BILLING_REQUEST_REFUSED',
    'fix-input',
    'MALFORMED_QUERY',
  ],
  [
    'action fault at 500 that says nothing',
    500,
    { FaultCode: 'UNKNOWN_ERROR', FaultMessage: 'words' },
    'BILLING_BUSY',
    'retry',
    'UNKNOWN_ERROR',
  ],
  [
    'action, too many at once',
    200,
    { FaultCode: 'fns:REQUEST_EXCEEDED_LIMIT', FaultMessage: 'words' },
    'BILLING_RATE_LIMITED',
    'retry',
    'fns:REQUEST_EXCEEDED_LIMIT',
  ],
  [
    'action permission',
    200,
    { FaultCode: 'NO_PERMISSION' },
    'BILLING_PERMISSION_MISSING',
    'fix-input',
    'NO_PERMISSION',
  ],
  [
    '401 of the API',
    401,
    { message: 'Authentication error' },
    'BILLING_CREDENTIALS_REFUSED',
    'fix-input',
    undefined,
  ],
  ['Data Query, status in the body', 200, { code: 503, message: 'words' }, 'BILLING_BUSY', 'retry', '503'],
  ['Data Query, too many', 200, { code: 429, message: 'words' }, 'BILLING_RATE_LIMITED', 'retry', '429'],
  [
    'a list of errors',
    400,
    { errors: [{ code: 'bad', status: '400', title: 'words' }] },
    'BILLING_REQUEST_REFUSED',
    'fix-input',
    'bad',
  ],
  [
    'a server error of a gateway with a name',
    503,
    { code: 'OVERLOAD', message: 'x' },
    'BILLING_BUSY',
    'retry',
    'OVERLOAD',
  ],
  ['a time-out', 408, '', 'BILLING_BUSY', 'retry', undefined],
  ['a gateway time-out', 504, '', 'BILLING_BUSY', 'retry', undefined],
  ['a conflict', 409, '', 'BILLING_REQUEST_REFUSED', 'fix-input', undefined],
  [
    'XML with a code',
    400,
    xml('<error><code>53100320</code></error>'),
    'BILLING_REQUEST_REFUSED',
    'fix-input',
    '53100320',
  ],
  ['XML with a lock', 400, xml('<error><code>53100350</code></error>'), 'BILLING_BUSY', 'retry', '53100350'],
  [
    'XML at 200',
    200,
    xml('<errors><error><code>50000010</code></error></errors>'),
    'BILLING_PERMISSION_MISSING',
    'fix-input',
    '50000010',
  ],
  ['SOAP at 200', 200, soap('fns:LOCK_COMPETITION'), 'BILLING_BUSY', 'retry', 'fns:LOCK_COMPETITION'],
  [
    'SOAP at 500',
    500,
    soap('fns:INVALID_VALUE'),
    'BILLING_REQUEST_REFUSED',
    'fix-input',
    'fns:INVALID_VALUE',
  ],
  [
    'XML of a gateway',
    503,
    xml('<error><message>down</message></error>'),
    'BILLING_BUSY',
    'retry',
    undefined,
  ],
  [
    'other XML at 200',
    200,
    xml('<object><name>x</name></object>'),
    'BILLING_REPLY_UNEXPECTED',
    'fix-input',
    undefined,
  ],
  ['a page of a proxy', 403, PAGE, 'BILLING_REPLY_UNEXPECTED', 'fix-input', undefined],
  ['a page that asks to sign in', 401, PAGE, 'BILLING_REPLY_UNEXPECTED', 'fix-input', undefined],
  ['a page that wants the proxy’s password', 407, PAGE, 'BILLING_REPLY_UNEXPECTED', 'fix-input', undefined],
  ['a page about a busy server', 503, PAGE, 'BILLING_BUSY', 'retry', undefined],
  ['a page about too many calls', 429, PAGE, 'BILLING_RATE_LIMITED', 'retry', undefined],
  ['nothing at all', 200, '', 'BILLING_REPLY_UNEXPECTED', 'fix-input', undefined],
  ['half of a body', 200, '{"success": tr', 'BILLING_REPLY_UNEXPECTED', 'fix-input', undefined],
  ['a redirect', 302, '', 'BILLING_REPLY_UNEXPECTED', 'fix-input', undefined],
  ['a page instead of JSON', 200, '<html></html>', 'BILLING_REPLY_UNEXPECTED', 'fix-input', undefined],
];

describe('a refusal', () => {
  test.each(REFUSALS)('%s (%i %j) is %s (%s)', async (_name, status, body, code, fate, zuoraCode) => {
    const { billing } = await stubBilling({ 'GET /settings/x': reply(status, body) });
    const error = await failure(billing.setting('x'));
    expect(error).toMatchObject({ code, fate });
    expect(error.context).toMatchObject({
      status,
      method: 'GET',
      path: '/settings/x',
      zuoraRequestId: 'req-1',
    });
    expect(error.context['zuoraCode']).toBe(zuoraCode);
    expect(error.remedy).not.toBe('');
  });

  test.each([
    ['v1', v1(53100320)],
    ['AQuA', aqua(90005)],
    ['CRUD', { Success: false, Errors: [{ Code: 'INVALID_VALUE', Message: 'words' }] }],
    ['an action', { FaultCode: 'INVALID_VALUE', FaultMessage: 'words' }],
    ['Data Query', { code: 'QUERY_1', message: 'words' }],
    ['validation', { success: false, reasons: [{ fieldName: 'x', title: 'words' }] }],
    ['SOAP', soap('fns:INVALID_VALUE')],
  ])('of %s says it in Zuora’s words', async (_name, body) => {
    const { billing } = await stubBilling({ 'GET /settings/x': reply(200, body) });
    const error = await failure(billing.setting('x'));
    expect(error.message).toMatch(/^Zuora Billing refused the call \(GET \/settings\/x\): .*words$/);
  });

  test('names the process and the request by the body where no header does', async () => {
    const body = { ...v1(53100320), requestId: 'r-7' };
    const anonymous: Answer = (_call, response) => void response.writeHead(200).end(JSON.stringify(body));
    const { billing } = await stubBilling({
      'GET /settings/x': anonymous,
      'GET /settings/y': reply(200, body),
      'GET /settings/z': reply(200, { ...v1(53100320), processId: 'not an id; but <text>' }),
    });
    const contexts = await Promise.all(
      ['x', 'y', 'z'].map(async (key) => (await failure(billing.setting(key))).context),
    );
    expect(contexts[0]).toMatchObject({ zuoraProcessId: 'P1', zuoraRequestId: 'r-7' });
    expect(contexts[1]).toMatchObject({ zuoraProcessId: 'P1', zuoraRequestId: 'req-1' });
    expect(contexts[2]?.['zuoraProcessId']).toBeUndefined();
  });

  test('by a page shows its title and where to look', async () => {
    const { billing } = await stubBilling({
      'GET /settings/x': reply(403, PAGE),
      'GET /settings/y': reply(200, PAGE),
    });
    const [refused, instead] = [await failure(billing.setting('x')), await failure(billing.setting('y'))];
    expect(refused.message).toContain('is a web page with status 403 (Access denied)');
    expect(instead.message).toContain('is a web page');
    for (const { remedy } of [refused, instead]) expect(remedy).toMatch(/ZUORA_BASE_URL.*proxy/);
  });

  test('of an object by a firewall’s page is not taken for an object that is not there', async () => {
    const { billing } = await stubBilling({ 'GET /v1/describe/Invoice': reply(403, PAGE) });
    expect((await failure(billing.describe('Invoice'))).code).toBe('BILLING_REPLY_UNEXPECTED');
  });

  test('of an object that is locked, in XML at 200, is to be tried again', async () => {
    const locked = xml('<error><code>50000050</code><message>locked</message></error>');
    const { billing } = await stubBilling({ 'GET /v1/describe/Invoice': reply(200, locked) });
    expect(await failure(billing.describe('Invoice'))).toMatchObject({
      code: 'BILLING_BUSY',
      context: { zuoraCode: '50000050' },
    });
  });

  test('of the session at 200 gets a new token', async () => {
    const { billing, to } = await stubBilling({
      'GET /settings/x': [reply(200, { FaultCode: 'fns:INVALID_SESSION' }), reply(200, {})],
    });
    expect(await billing.setting('x')).toEqual({});
    expect(to('/oauth/token')).toHaveLength(2);
  });

  test('is not tried again here: that is for whoever called', async () => {
    const { billing, to } = await stubBilling({ 'GET /settings/x': [reply(503, {}), reply(200, {})] });
    expect((await failure(billing.setting('x'))).code).toBe('BILLING_BUSY');
    expect(to('/settings/x')).toHaveLength(1);
  });

  test('of a 51st open job waits a minute', async () => {
    const { billing } = await stubBilling({ 'GET /settings/x': reply(200, aqua(90028)) });
    expect((await failure(billing.setting('x'))).retryAfter).toBe(60_000);
  });

  test.each([
    [{ 'retry-after': '3' }, 3000],
    [{ 'ratelimit-reset': '12' }, 12_000],
    [{ 'retry-after': '3', 'ratelimit-reset': '12' }, 3000],
    [{ date: 'Wed, 01 Jan 2025 00:00:00 GMT', 'retry-after': 'Wed, 01 Jan 2025 00:00:09 GMT' }, 9000],
    [{ 'retry-after': 'soon' }, undefined],
    [{}, undefined],
  ])('by 429 with %j says to wait %s ms', async (headers: Record<string, string>, wait) => {
    const { billing } = await stubBilling({ 'GET /settings/x': reply(429, v1(50000070), headers) });
    const error = await failure(billing.setting('x'));
    expect(error).toMatchObject({ code: 'BILLING_RATE_LIMITED', fate: 'retry', retryAfter: wait });
  });

  test.each([
    [503, { 'retry-after': '3', 'ratelimit-reset': '40' }, 3000],
    [503, { 'ratelimit-reset': '40' }, undefined],
    [400, { 'retry-after': '3' }, undefined],
  ])('by %i with %j says to wait %s ms', async (status, headers: Record<string, string>, wait) => {
    const { billing } = await stubBilling({ 'GET /settings/x': reply(status, {}, headers) });
    const error = await failure(billing.setting('x'));
    expect(error.retryAfter).toBe(wait);
    expect(error.message).toContain(`HTTP ${status}`);
  });

  test('never repeats credentials or token, even if Billing does', async () => {
    const echo: Answer = (call, response) =>
      reply(400, { message: `bad ${String(call.headers.authorization)} ${CLIENT_SECRET} ${CLIENT_ID}` })(
        call,
        response,
      );
    const { billing } = await stubBilling({ 'GET /settings/x': echo });
    expect((await failure(billing.setting('x'))).message).toContain('bad Bearer *** *** ***');
  });

  test('that is packed is understood', async () => {
    const packed = gzipSync(JSON.stringify(v1(53100350)));
    const { billing } = await stubBilling({
      'GET /settings/x': reply(200, packed, { 'content-encoding': 'gzip' }),
    });
    expect(await failure(billing.setting('x'))).toMatchObject({ code: 'BILLING_BUSY' });
  });
});

describe('a connection', () => {
  const config = { clientId: CLIENT_ID, clientSecret: CLIENT_SECRET };

  test('that is refused says so, with host and what to check', async () => {
    const billing = connectBilling({ baseUrl: 'http://127.0.0.1:1', ...config });
    const error = await failure(billing.signIn());
    expect(error).toMatchObject({
      code: 'BILLING_UNREACHABLE',
      fate: 'retry',
      context: { reason: 'ECONNREFUSED' },
    });
    expect(error.message).toBe(
      'Zuora Billing at 127.0.0.1:1 cannot be reached: it refused the connection (ECONNREFUSED)',
    );
    expect(error.remedy).toContain('ZUORA_BASE_URL');
    await billing.close();
  });

  test('to a name that DNS does not know says so', async () => {
    const billing = connectBilling({ baseUrl: 'http://no-such-host.invalid', ...config });
    const error = await failure(billing.signIn());
    expect(error.code).toBe('BILLING_UNREACHABLE');
    expect(error.message).toMatch(/no-such-host\.invalid cannot be reached: (its name|DNS)/);
    await billing.close();
  });

  test('that does not speak TLS says so', async () => {
    const { baseUrl } = await stubBilling({});
    const billing = connectBilling({ baseUrl: baseUrl.replace('http:', 'https:'), ...config });
    expect(await failure(billing.signIn())).toMatchObject({ code: 'BILLING_UNREACHABLE' });
    await billing.close();
  });

  test('to something that speaks no HTTP says so', async () => {
    const other = createServer((socket) => {
      socket.on('error', () => {}).resume();
      socket.end('220 mail.example.com ESMTP\r\n');
    });
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const billing = connectBilling({ baseUrl: `http://127.0.0.1:${port}`, ...config });
    const error = await failure(billing.signIn());
    expect(error).toMatchObject({ code: 'BILLING_UNREACHABLE', fate: 'retry' });
    expect(error.message).toContain('what it sends is not HTTP');
    await billing.close();
    await new Promise((resolve) => other.close(resolve));
  });

  test('that cuts a packed answer short says so', async () => {
    const packed = gzipSync(JSON.stringify({ name: 'x'.repeat(500) }));
    const { billing } = await stubBilling({
      'GET /settings/x': reply(200, packed.subarray(0, 20), { 'content-encoding': 'gzip' }),
    });
    const error = await failure(billing.setting('x'));
    expect(error).toMatchObject({ code: 'BILLING_UNREACHABLE', fate: 'retry' });
    expect(error.message).toContain('its packed answer ends too early');
  });

  test('that breaks before the answer says so', async () => {
    const { billing } = await stubBilling({
      'GET /settings/x': (_call, response) => void response.socket?.destroy(),
    });
    const error = await failure(billing.setting('x'));
    expect(error.code).toBe('BILLING_UNREACHABLE');
    expect(error.message).toContain('it closed the connection before it had answered');
  });

  test('over which no answer comes in time says so', async () => {
    const { billing } = await stubBilling({ 'GET /settings/x': () => {} }, { timeouts: { headers: 200 } });
    const error = await failure(billing.setting('x'));
    expect(error).toMatchObject({
      code: 'BILLING_UNREACHABLE',
      context: { reason: 'UND_ERR_HEADERS_TIMEOUT' },
    });
  });

  test('that stalls in the middle of an answer says so, with the request id', async () => {
    const stall: Answer = (_call, response) =>
      void response.writeHead(200, { 'zuora-request-id': 'req-9' }).write('{');
    const { billing } = await stubBilling({ 'GET /settings/x': stall }, { timeouts: { idle: 200 } });
    const error = await failure(billing.setting('x'));
    expect(error).toMatchObject({ code: 'BILLING_UNREACHABLE', context: { zuoraRequestId: 'req-9' } });
  });

  test.each(['rest.zuora.com', 'ftp://rest.zuora.com', 'https://me:pass@rest.zuora.com', ''])(
    'to %j is not attempted',
    (baseUrl) => {
      expect(() => connectBilling({ baseUrl, ...config })).toThrow(
        expect.objectContaining({ code: 'BILLING_URL_INVALID', fate: 'fix-input' }),
      );
    },
  );
});
