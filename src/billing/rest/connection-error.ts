import { RevsyncError } from '../../domain/errors.ts';
import type { Call } from './call.ts';

/** What happened, in words, by the codes of Node's sockets, of TLS and of undici. */
const WHAT_HAPPENED: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'it refused the connection',
  ENOTFOUND: 'its name is not known to DNS',
  EAI_AGAIN: 'DNS did not answer',
  ECONNRESET: 'it closed the connection before it had answered',
  EPIPE: 'it closed the connection before it had answered',
  UND_ERR_SOCKET: 'it closed the connection before it had answered',
  EHOSTUNREACH: 'there is no route to it',
  ENETUNREACH: 'there is no route to it',
  ETIMEDOUT: 'it did not answer in time',
  UND_ERR_CONNECT_TIMEOUT: 'it did not accept the connection in time',
  UND_ERR_HEADERS_TIMEOUT: 'it did not answer in time',
  UND_ERR_BODY_TIMEOUT: 'it stopped sending in the middle of its answer',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'it sent less or more than it had announced',
  ERR_STREAM_PREMATURE_CLOSE: 'it closed the connection in the middle of its answer',
  Z_BUF_ERROR: 'its packed answer ends too early',
  Z_DATA_ERROR: 'its packed answer is damaged',
  EPROTO: 'it does not speak TLS at this address',
};
const NO_HTTP = 'what it sends is not HTTP';
const NETWORK = 'Check ZUORA_BASE_URL, DNS, proxy and firewall, then retry.';
const CERTIFICATE = 'Check ZUORA_BASE_URL and the certificates this machine trusts, then retry.';

/**
 * Whatever broke a call or a stream, as `BILLING_UNREACHABLE`. An abort by the caller is no failure
 * of Billing: the reason of the signal comes back as it is, and so does an error of ours.
 */
export function brokenConnection(
  error: unknown,
  { host, call, requestId }: { host: string; call: Call; requestId?: string | undefined },
): unknown {
  if (call.signal?.aborted === true) return call.signal.reason;
  if (error instanceof RevsyncError) return error;

  const code = codeOf(error);
  const tls = /^(CERT_|ERR_TLS_|ERR_SSL_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_)/.test(code);
  const known =
    WHAT_HAPPENED[code] ?? (/^(HPE_|HTTPParserError$)/.test(code) ? NO_HTTP : 'the call broke off');
  const happened = tls ? 'its certificate is not trusted here' : known;
  return new RevsyncError(`Zuora Billing at ${host} cannot be reached: ${happened} (${code})`, {
    code: 'BILLING_UNREACHABLE',
    fate: 'retry',
    remedy: tls ? CERTIFICATE : NETWORK,
    context: {
      host,
      method: call.method,
      path: call.path,
      reason: code,
      ...(requestId === undefined ? {} : { zuoraRequestId: requestId }),
    },
    cause: error,
  });
}

/** The code of the error or of what it wraps: trying IPv6 and IPv4 yields an AggregateError. */
function codeOf(error: unknown): string {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 4; depth += 1) {
    if ('code' in at && typeof at.code === 'string') return at.code;
    at = at instanceof AggregateError ? at.errors[0] : at.cause;
  }
  return error instanceof Error ? error.name : 'unknown';
}
