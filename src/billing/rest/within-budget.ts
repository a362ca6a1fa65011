import type { Call } from './call.ts';
import type { CallBudget, Leave } from './call-budget.ts';
import { isRateLimited } from './failure.ts';
import { jsonOf, readReply, type Reply } from './reply.ts';
import { retryAfterOf } from './retry-after.ts';
import type { OpenReply, Wire } from './wire.ts';

/** A reply that has been read, and its body as JSON: null when it is something else. */
export interface Answer {
  readonly reply: Reply;
  readonly body: unknown;
}

/** The wire, for calls that have their leave first. Throws what `CallBudget.enter` and `Wire.send` throw. */
export interface BudgetedWire {
  read(call: Call): Promise<Answer>;
  /** Leaves a reply of HTTP 200 on the wire and reads any other. */
  open(call: Call): Promise<{ open: OpenReply } | Answer>;
}

/** A call keeps its leave until its body has ended or been given up: Zuora counts it as long, files too. */
export function withinBudget(wire: Wire, budget: CallBudget): BudgetedWire {
  async function send(call: Call): Promise<{ open: OpenReply; leave: Leave }> {
    const leave = await budget.enter(call);
    try {
      const open = await wire.send(call);
      leave.learn(open.headers);
      return { open, leave };
    } catch (error) {
      leave.end();
      throw error;
    }
  }

  async function readAll({ open, leave }: { open: OpenReply; leave: Leave }): Promise<Answer> {
    try {
      const reply = await readReply(open, wire.host);
      const body = jsonOf(reply);
      if (isRateLimited(reply, body)) leave.wasRefused(retryAfterOf('rate-limited', reply.headers));
      else leave.wentWell();
      return { reply, body };
    } finally {
      leave.end();
    }
  }

  return {
    read: async (call) => readAll(await send(call)),
    async open(call) {
      const { open, leave } = await send(call);
      if (open.status !== 200) return readAll({ open, leave });
      leave.wentWell();
      if (open.body.closed) leave.end();
      else open.body.once('close', () => leave.end());
      return { open };
    },
  };
}
