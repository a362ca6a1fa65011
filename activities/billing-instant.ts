import type { Dependencies } from './dependencies.ts';
import { clockBehind } from './open-run.ts';

/** Now, by Billing's clock: its day is the switch date where none is given. ISO. */
export const billingInstant = async (deps: Dependencies): Promise<string> =>
  new Date(await clockBehind(deps)).toISOString();
