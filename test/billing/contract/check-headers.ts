import type { CallContract } from './call-contract.ts';
import { type Exchange, replyText, typeOf } from './exchange.ts';

/** What the session of a test says of its calls. */
export interface SessionRules {
  /** Whether the tenant has Multi-entity. */
  readonly multiEntity: boolean;
  readonly version: string;
  readonly trackId: boolean;
  readonly orgIds: boolean;
}

const TRANSPORT = ['host', 'connection', 'content-length', 'accept', 'accept-encoding', 'content-type'];
const OF_SESSION = ['authorization', 'zuora-version', 'zuora-track-id', 'zuora-entity-ids', 'zuora-org-ids'];
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** At most 64 of US-ASCII, none of `: ; " '`. */
const TRACK_ID = /^(?=.{1,64}$)[\x20-\x7e]+$/;

/** What is wrong with the headers of a request (wire.md 2.1). */
export function requestHeaderFaults(call: CallContract, exchange: Exchange, rules: SessionRules): string[] {
  const { requestHeaders: headers } = exchange;
  const isOpen = call.access === 'open';
  const known = isOpen ? TRANSPORT : [...TRANSPORT, ...OF_SESSION];
  return [
    ...Object.keys(headers)
      .filter((name) => !known.includes(name))
      .map((name) => `header ${name}: is not to be sent`),
    ...bodyHeaderFaults(call, headers),
    ...(isOpen ? [] : sessionFaults(call, headers, rules)),
  ];
}

function bodyHeaderFaults({ request }: CallContract, headers: Exchange['requestHeaders']): string[] {
  const sent = headers['content-type'];
  const wanted = request?.type;
  return sent === wanted ? [] : [`header content-type: is ${sent ?? 'missing'}, not ${wanted ?? 'left out'}`];
}

function sessionFaults(
  { entity }: CallContract,
  headers: Exchange['requestHeaders'],
  rules: SessionRules,
): string[] {
  const fault = (name: string, wrong: boolean) => (wrong ? [`header ${name}: is '${headers[name]}'`] : []);
  const track = headers['zuora-track-id'];
  const ids = headers['zuora-entity-ids'];
  const mayLack = !rules.multiEntity || entity === 'optional';
  const wrongIds = ids === undefined ? !mayLack : !rules.multiEntity || !UUID.test(ids);
  const wrongTrack = track === undefined ? rules.trackId : !TRACK_ID.test(track) || /[:;"']/.test(track);
  return [
    ...fault('authorization', !/^Bearer \S+$/.test(headers['authorization'] ?? '')),
    ...fault('zuora-version', headers['zuora-version'] !== rules.version),
    ...fault('zuora-track-id', wrongTrack),
    ...fault('zuora-entity-ids', wrongIds),
    ...fault('zuora-org-ids', (headers['zuora-org-ids'] !== undefined) !== rules.orgIds),
  ];
}

/** What is wrong with the headers of a reply. */
export function replyHeaderFaults(call: CallContract, exchange: Exchange): string[] {
  const { replyHeaders: headers, requestHeaders: sent, status } = exchange;
  const wanted = call.replyHeaders.filter((name) => status < 500 || !name.startsWith('concurrency-'));
  const track = sent['zuora-track-id'];
  return [
    ...wanted.filter((name) => headers[name] === undefined).map((name) => `header ${name}: is missing`),
    ...(headers['zuora-track-id'] === track ? [] : ['header zuora-track-id: is not the one that was sent']),
    ...(status === 429 && !saysWhen(headers) ? ['header retry-after or ratelimit-reset: is missing'] : []),
    ...packingFaults(call, exchange),
  ];
}

function saysWhen(headers: Exchange['replyHeaders']): boolean {
  return /^\d+$/.test(headers['retry-after'] ?? headers['ratelimit-reset'] ?? '');
}

/** Text of more than 1,000 bytes is packed for whoever takes gzip; files have their own packing. */
function packingFaults({ success, access }: CallContract, exchange: Exchange): string[] {
  const packed = exchange.replyHeaders['content-encoding'] === 'gzip';
  const accepted = /\bgzip\b/.test(exchange.requestHeaders['accept-encoding'] ?? '');
  if (packed && !accepted) return ['header content-encoding: is gzip, which was not asked for'];
  const isText = success.kind !== 'file' || /json|xml/.test(typeOf(exchange.replyHeaders));
  const isLong = isText && access === 'token' && Buffer.byteLength(replyText(exchange)) > 1000;
  return isLong && accepted && !packed ? ['header content-encoding: is not gzip for a long reply'] : [];
}
