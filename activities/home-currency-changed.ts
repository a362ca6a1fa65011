import { RevsyncError } from '../src/domain/errors.ts';
import type { HomeCurrencyTold } from '../src/store/findings/home-currency.ts';

/** What was taken cannot change, so that nothing of the entity goes on. */
export function homeCurrencyChanged({ entity, taken, told }: HomeCurrencyTold): RevsyncError {
  return new RevsyncError(
    told === null
      ? `Billing tells no home currency of ${entity} any more, after another one than ${taken}, which stands here and cannot change.`
      : `Billing tells ${told} as the home currency of ${entity}, which is ${taken} here and cannot change.`,
    {
      code: 'HOME_CURRENCY_CHANGED',
      fate: 'fix-input',
      remedy: `Set the home currency in Billing back to ${taken}, then send \`retry\`; or give the run up with \`abort\`.`,
      context: { entity },
    },
  );
}
