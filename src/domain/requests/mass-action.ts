import { nearestName } from '../nearest-name.ts';
import { accepted, type Answer, refused } from './answer.ts';
import { MASS_ACTIONS, type MassActionLevel, massActionsNamed } from './mass-actions.ts';
import { MASS_ACTION, refusedBy } from './refusals.ts';

const ON_CONTRACTS = MASS_ACTIONS.filter(({ level }) => level === 'contract').map(({ name }) => name);

/** Mass actions are for revenue contracts only; actions on obligations, lines and schedules are refused. */
export function answerMassAction({
  level,
  action,
}: {
  readonly level: MassActionLevel;
  readonly action: string;
}): Answer {
  const named = massActionsNamed(action);
  if (level !== 'contract') {
    const actions = [...new Set(named.map(({ name }) => name))][0] ?? action;
    return refusedOn(level, actions);
  }
  const onContract = named.find((each) => each.level === 'contract');
  if (onContract !== undefined) {
    const how = onContract.command === null ? '' : `: \`revsync contract ${onContract.command}\``;
    return accepted(`${onContract.name} can be taken on revenue contracts${how}.`);
  }
  const [elsewhere] = named;
  if (elsewhere !== undefined) return refusedOn(elsewhere.level, elsewhere.name);
  const near = nearestName(action, ON_CONTRACTS);
  return refused(
    null,
    `There is no mass action "${action}".`,
    near === null ? `The actions on contracts are ${ON_CONTRACTS.join(', ')}.` : `Did you mean ${near}?`,
  );
}

const WORDS = { obligation: 'obligations', line: 'lines' } as const;

/** The answer to whoever would take an action on obligations or lines. */
export function refusedOn(level: MassActionLevel, action: string): Answer {
  const what = level === 'contract' ? 'contracts' : WORDS[level];
  return refusedBy(
    MASS_ACTION,
    `Mass actions can be taken on revenue contracts only; "${action}" would be one on ${what}.`,
  );
}
