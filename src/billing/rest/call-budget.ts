import type { Call } from './call.ts';
import { type CallGate, createCallGate } from './call-gate.ts';
import { createCallPause } from './call-pause.ts';
import { type CallRate, createCallRate } from './call-rate.ts';
import type { Clock } from './clock.ts';
import { heldBack, LONGEST_WAIT } from './held-back.ts';
import { concurrencyLimitOf, PRODUCTION, SIGN_INS } from './rate-limits.ts';

/** The leave to make one call. */
export interface Leave {
  /** Takes what the head of the reply tells of the limits. */
  learn(headers: Readonly<Record<string, string | undefined>>): void;
  /** The reply was not about too many calls. */
  wentWell(): void;
  /** It was; milliseconds to wait as it said. Every call of the entity pauses. */
  wasRefused(wait: number | undefined): void;
  /** The call is over, its body read or given up. The second time does nothing. */
  end(): void;
}

/**
 * What one entity may call. `enter` waits until the call may be made; throws `BILLING_RATE_LIMITED` with
 * `retryAfter` when that takes longer than `LONGEST_WAIT`, or the reason of the call's signal.
 */
export interface CallBudget {
  enter(call: Call): Promise<Leave>;
}

export interface TenantBudget {
  /** One budget for each entity; null without Multi-entity. */
  of(entityId: string | null): CallBudget;
  /** For the token call, which is counted apart; no limit counts how many of it are under way. */
  readonly signIn: CallBudget;
}

/** `share` is percent, 1 to 100, of what all clients of the tenant may call together. */
export interface BudgetConfig {
  readonly share: number;
  readonly clock: Clock;
  readonly random?: () => number;
}

/** Calls under way at once, until a reply tells more (wire.md 2.6). */
const PLACES = 40;

/**
 * Keeps one process within its share of a tenant's limits: the rate of all entities together, and for each
 * entity the calls that are under way (wire.md 2.6). Two processes of one tenant add up.
 */
export function createTenantBudget(config: BudgetConfig): TenantBudget {
  const { share, clock } = config;
  const entities = new Map<string, CallBudget>();
  const rateOf = (windows: typeof PRODUCTION) => createCallRate(share / 100, windows, clock.now());
  const rate = rateOf(PRODUCTION);

  return {
    of(entityId) {
      // The same entity, with hyphens or without.
      const key = (entityId ?? '').replaceAll('-', '').toLowerCase();
      const budget = entities.get(key) ?? createCallBudget(rate, PLACES, config);
      entities.set(key, budget);
      return budget;
    },
    // Its replies tell of the tenant's limit; the one of our address is lower and is not told.
    signIn: createCallBudget({ ...rateOf(SIGN_INS), learn: () => {} }, Infinity, config),
  };
}

/** Calls that Billing counts together. */
interface Kind {
  readonly gate: CallGate;
  /** How many of everybody's may be under way. */
  limit: number;
}

function createCallBudget(
  rate: CallRate,
  places: number,
  { share, clock, random = Math.random }: BudgetConfig,
): CallBudget {
  const pause = createCallPause(clock, random);
  const kinds = new Map<string, Kind>();

  function kindOf(call: Call): Kind {
    // Object queries have a limit of their own.
    const name = call.path.startsWith('/object-query') ? 'object-query' : 'default';
    const known = kinds.get(name);
    if (known !== undefined) return known;
    const allowed = (): number => Math.max(1, Math.floor((kind.limit * share) / 100));
    const kind: Kind = { limit: places, gate: createCallGate(allowed, pause, clock) };
    kinds.set(name, kind);
    return kind;
  }

  /** Whether somebody was refused while the call waited for the rate; it has to queue again then. */
  function wasPaused(gate: CallGate): boolean {
    if (pause.left() === 0) return false;
    gate.leave();
    return true;
  }

  function leaveFor(kind: Kind): Leave {
    const round = pause.round();
    const tellAll = () => kinds.forEach(({ gate }) => gate.changed());
    let over = false;
    return {
      learn(headers) {
        rate.learn(headers, clock.now());
        kind.limit = concurrencyLimitOf(headers) ?? kind.limit;
        kind.gate.changed();
      },
      wentWell() {
        pause.wentWell(round);
        tellAll();
      },
      wasRefused(wait) {
        pause.wasRefused(round, wait);
        tellAll();
      },
      end() {
        if (!over) kind.gate.leave();
        over = true;
      },
    };
  }

  return {
    async enter(call) {
      const kind = kindOf(call);
      do {
        await pass(kind.gate, rate, call, clock);
      } while (wasPaused(kind.gate));
      return leaveFor(kind);
    },
  };
}

async function pass(gate: CallGate, rate: CallRate, call: Call, clock: Clock): Promise<void> {
  await gate.enter(call);
  try {
    await waitForRate(rate, call, clock);
  } catch (error) {
    gate.leave();
    throw error;
  }
}

/** A call given up while it waits stays booked: rather one too few than one too many. */
async function waitForRate(rate: CallRate, call: Call, clock: Clock): Promise<void> {
  const now = clock.now();
  const at = rate.next(now);
  if (at - now > LONGEST_WAIT) throw heldBack('rate', call, at - now);
  rate.books(at);
  if (at > now) await clock.sleep(Math.ceil(at - now), call.signal);
}
