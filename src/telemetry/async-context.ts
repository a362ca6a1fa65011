import { AsyncLocalStorage } from 'node:async_hooks';

import { type Context, type ContextManager, ROOT_CONTEXT } from '@opentelemetry/api';

/**
 * Lets spans know their parents across `await`: without it each would begin a trace of its own. OpenTelemetry's own
 * one is part of its larger Node package, of which this is all that we need.
 */
export function asyncContext(): ContextManager {
  const storage = new AsyncLocalStorage<Context>();
  const manager: ContextManager = {
    active: () => storage.getStore() ?? ROOT_CONTEXT,
    with: (context, work, thisArg, ...args) =>
      storage.run(context, () => work.call(thisArg as ThisParameterType<typeof work>, ...args)),
    bind(context, target) {
      if (typeof target !== 'function') return target;
      const bound = (...args: unknown[]): unknown => storage.run(context, () => target(...args) as unknown);
      return bound as typeof target;
    },
    enable: () => manager,
    disable() {
      storage.disable();
      return manager;
    },
  };
  return manager;
}
