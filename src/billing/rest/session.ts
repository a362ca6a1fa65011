import type { Call } from './call.ts';
import type { CallBudget } from './call-budget.ts';
import { failureOf, isNotFound, isPermissionMissing, isSignInNeeded } from './failure.ts';
import { headersOf, type View } from './headers.ts';
import type { Reply } from './reply.ts';
import type { TokenSource } from './token.ts';
import type { OpenReply, Wire } from './wire.ts';
import { type Answer, withinBudget } from './within-budget.ts';

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
  /** `Wire.download`: a file outside of the API, without the token and the headers of the session. */
  download(address: string, call: Call): Promise<OpenReply>;
  /** Takes credentials and token out of words that came from the other side. */
  readonly hide: (text: string) => string;
}

/**
 * A refused token is replaced once and the call made again; a refused call has changed nothing. Nothing else is
 * tried again here: whoever called knows what it costs, and the error says whether and when it may help. No
 * `Idempotency-Key` is sent: Billing keeps a failure under it for a day as it keeps a success, so a repeated call
 * would fail again; and what a lost reply leaves behind is a job that only reads.
 */
export function createSession(
  wire: Wire,
  tokens: TokenSource,
  { view, secrets, budget }: { view: View; secrets: readonly string[]; budget: CallBudget },
): Session {
  const seen = new Set(secrets.filter((secret) => secret.length >= 8));
  const budgeted = withinBudget(wire, budget);

  async function signedIn<T extends object>(call: Call, make: (call: Call) => Promise<T | Answer>) {
    const as = (token: string) => {
      seen.add(token);
      return make({ ...call, headers: { ...headersOf(view, token), ...call.headers } });
    };
    const token = await tokens.current();
    const first = await as(token);
    if ('reply' in first && isPermissionMissing(first.reply, first.body)) tokens.doubt(token);
    const refused = 'reply' in first && isSignInNeeded(first.reply, first.body);
    return refused ? as(await tokens.instead(token)) : first;
  }

  const hide = (text: string) => [...seen].reduce((rest, secret) => rest.replaceAll(secret, '***'), text);
  const call = (given: Call): Promise<Answer> => signedIn<Answer>(given, (made) => budgeted.read(made));

  const fetchJson = (given: Call) =>
    call({ ...given, headers: { accept: 'application/json', ...given.headers } });
  function succeeded(answer: Answer): Answer {
    const failure = failureOf(answer.reply, answer.body, hide, 'json');
    if (failure !== null) throw failure;
    return answer;
  }

  return {
    host: wire.host,
    call: async (given) => (await call(given)).reply,
    open: (given) => signedIn<{ open: OpenReply }>(given, (made) => budgeted.open(made)),
    download: (address, given) => wire.download(address, given),
    hide,
    json: async (given) => succeeded(await fetchJson(given)),
    async jsonOrNull(given) {
      const answer = await fetchJson(given);
      return isNotFound(answer.reply, answer.body) ? null : succeeded(answer);
    },
  };
}
