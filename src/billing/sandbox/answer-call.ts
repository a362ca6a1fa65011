import { type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

import { reasonOf } from '../../domain/errors.ts';
import { faultReply } from './fault-reply.ts';
import { type Faults } from './faults.ts';
import { CATEGORY, v1Error } from './replies.ts';
import { type Routing, askedEntity, routeCall, singleValues } from './route-call.ts';
import { sendReply } from './send-reply.ts';
import { type Traffic, type Visit } from './traffic.ts';

export interface Answering extends Routing {
  readonly faults: Faults;
  readonly traffic: Traffic;
  /** The objects that a path is about without naming them. */
  readonly objectsOf: (path: string) => readonly string[];
  readonly report: (line: string) => void;
}

const UNCOUNTED: Visit = { refusal: null, headers: {}, leave: () => {} };

/** Answers one HTTP call, whatever it is: nothing that comes in ends the server. */
export async function answerCall(
  request: IncomingMessage,
  response: ServerResponse,
  answering: Answering,
): Promise<void> {
  const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
  const isControl = path.startsWith('/__sandbox');
  const visit = isControl ? UNCOUNTED : answering.traffic.enter(path, entityOf(request, answering));
  response.once('close', () => visit.leave());
  try {
    if (isControl || visit.refusal !== null) {
      const reply = visit.refusal ?? (await routeCall(request, answering));
      await sendReply(request, response, reply, { traffic: visit.headers, fault: undefined });
    } else await answerCounted(request, response, path, answering, visit);
  } catch (error) {
    answering.report(`Sandbox: ${request.method} ${request.url} failed: ${reasonOf(error)}`);
    if (response.headersSent) return void response.destroy();
    const reply = v1Error(500, CATEGORY.internal, 'Internal error.');
    await sendReply(request, response, reply, { traffic: {}, fault: undefined }).catch(() => {});
  }
}

/** A call that faults may strike. */
async function answerCounted(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  answering: Answering,
  visit: Visit,
): Promise<void> {
  const { faults, oauth } = answering;
  const fault = faults.ofCall(`${request.method ?? 'GET'} ${path}`, answering.objectsOf(path));
  if (fault?.kind === 'reset') return void request.socket.resetAndDestroy();
  // Never answered: the caller gives up, or the sandbox stops.
  if (fault?.kind === 'hang') return;
  if (fault?.kind === 'slow') await sleep(fault.delay, undefined, { ref: false });
  if (fault?.kind === 'token') oauth.revokeAll();
  const broken = fault === undefined ? undefined : faultReply(fault, path);
  const reply = broken ?? (await routeCall(request, answering));
  await sendReply(request, response, reply, { traffic: visit.headers, fault });
}

/** Whose limits count: those of the entity that the call names, if it is one. */
function entityOf(request: IncomingMessage, { tenant }: Answering): string {
  const asked = askedEntity(singleValues(request)) ?? '';
  return tenant.entities.some(({ id }) => id === asked) ? asked : '';
}
