import type { JudgedFeature } from '../../domain/features/judge.ts';
import type { Alike } from './alike.ts';
import { type Check, failed, passed } from './check.ts';
import type { BillingReport } from './billing-report.ts';

const CHECK = 'billing-access';
type Judged = Alike<JudgedFeature>;

/** Whether revsync can do without what the credentials may not do: only essential features count. */
export function checkFeatures({ features, entities }: BillingReport): Check {
  const closed = entities.filter(({ access }) => access === 'refused' || access === 'unknown');
  if (closed.length > 0) {
    return failed(
      CHECK,
      `The credentials can read nothing in ${closed.map(({ key }) => key).join(', ')}.`,
      'Give the integration user access to every entity whose revenue is to be accounted for.',
    );
  }
  const essential = features.filter((feature) => feature.essential);
  const examined = entities.filter(({ access }) => access === 'ok').length;
  const missing = essential.filter(({ state }) => state === 'missing');
  const [first] = missing;
  if (first !== undefined) {
    return failed(CHECK, `There is no revenue without ${told(missing, examined)}.`, first.remedy ?? '');
  }
  const unknown = essential.filter(({ state }) => state === 'unknown');
  if (unknown.length > 0) {
    return failed(
      CHECK,
      `Billing does not tell whether it lets revsync do ${told(unknown, examined)}.`,
      'Run doctor again; if it stays so, see below why.',
    );
  }
  const lesser = [...new Set(features.filter(isLesser).map(({ id }) => id))];
  const rest =
    lesser.length === 0 ? 'All else works, or is off.' : `Not in full: ${lesser.join(', ')} (see below).`;
  return passed(CHECK, `The credentials may read what revenue needs. ${rest}`);
}

const isLesser = ({ state }: Judged): boolean => state !== 'ok' && state !== 'off';

function told(features: readonly Judged[], examined: number): string {
  return features
    .map(({ name, missing, entities }) => {
      const where = entities.length === examined ? '' : ` in ${entities.join(', ')}`;
      return `${name}${where} (lacks ${missing.join(', ')})`;
    })
    .join('; ');
}
