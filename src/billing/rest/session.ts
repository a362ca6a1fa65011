import type { Call } from './call.ts';
import { failureOf, isNotFound, isSignInNeeded } from './failure.ts';
import { headersOf, type View } from './headers.ts';
import { jsonOf, readReply, type Reply } from './reply.ts';
import type { TokenSource } from './token.ts';
import type { OpenReply, Wire } from './wire.ts';

/** A signed-in conversation in the name of one entity. All of a tenant's sessions share token and connections. */
export interface Session {
  readonly host: string;
  /** Reads the reply to its end and judges nothing but the token. */
  call(call: Call): Promise<Reply>;
  /** The JSON of a reply that is a success. Throws what `failureOf` makes of any other. */
  json(call: Call): Promise<{ reply: Reply; body: unknown }>;
  /** The same, with null for what does not exist. */
  jsonOrNull(call: Call): Promise<{ reply: Reply; body: unknown } | null>;
  /** Leaves a success on the wire, for files; anything else is read. */
  open(call: Call): Promise<{ open: OpenReply } | { reply: Reply }>;
  /** Takes credentials and token out of words that came from the other side. */
  readonly hide: (text: string) => string;
}

/** A refused token is replaced once and the call made again; a refused call has changed nothing. */
export function createSession(
  wire: Wire,
  tokens: TokenSource,
  { view, secrets }: { view: View; secrets: readonly string[] },
): Session {
  const seen = new Set(secrets.filter((secret) => secret.length >= 8));

  async function attempt(call: Call, token: string): Promise<{ open: OpenReply } | { reply: Reply }> {
    seen.add(token);
    const open = await wire.send({ ...call, headers: { ...headersOf(view, token), ...call.headers } });
    return open.status === 200 ? { open } : { reply: await readReply(open, wire.host) };
  }

  async function read(call: Call, token: string): Promise<{ reply: Reply }> {
    const answer = await attempt(call, token);
    return 'reply' in answer ? answer : { reply: await readReply(answer.open, wire.host) };
  }

  async function signedIn<T extends { open: OpenReply } | { reply: Reply }>(
    call: Call,
    make: (call: Call, token: string) => Promise<T>,
  ): Promise<T> {
    const token = await tokens.current();
    const first = await make(call, token);
    const refused = 'reply' in first && isSignInNeeded(first.reply, jsonOf(first.reply));
    return refused ? make(call, await tokens.instead(token)) : first;
  }

  const hide = (text: string) => [...seen].reduce((rest, secret) => rest.replaceAll(secret, '***'), text);
  const call = async (given: Call) => (await signedIn(given, read)).reply;

  async function fetchJson(given: Call): Promise<{ reply: Reply; body: unknown }> {
    const reply = await call({ ...given, headers: { accept: 'application/json', ...given.headers } });
    return { reply, body: jsonOf(reply) };
  }
  function succeeded<T extends { reply: Reply; body: unknown }>(answer: T): T {
    const failure = failureOf(answer.reply, answer.body, hide);
    if (failure !== null) throw failure;
    return answer;
  }

  return {
    host: wire.host,
    call,
    open: (given) => signedIn(given, attempt),
    hide,
    json: async (given) => succeeded(await fetchJson(given)),
    async jsonOrNull(given) {
      const answer = await fetchJson(given);
      return isNotFound(answer.reply, answer.body) ? null : succeeded(answer);
    },
  };
}
