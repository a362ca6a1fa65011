import { OWNERS } from '../mapped-rows.ts';
import { hasPolicy, POLICIES, POLICY_NAMES, type PolicyName } from '../policies.ts';
import { splitPath } from '../transaction-template.ts';
import type { Draft } from './draft.ts';
import type { Mistake } from './mistake.ts';

/** Policies that the type does not have, or that have nothing to decide. */
export function checkPolicies(draft: Draft): Mistake[] {
  const { type, policies } = draft;
  if (type === null) return [];
  return POLICY_NAMES.filter((name) => policies[name] !== undefined).flatMap((name) => {
    const path = `policies.${name}`;
    if (hasPolicy(type, name)) return ownerMistakes(draft, name);
    return [
      {
        path,
        message: `A template of ${type} has no policy ${name}.`,
        suggestion: `Leave it out; it is for ${POLICIES[name].types.join(', ')}.`,
      },
    ];
  });
}

/** `original` turns the row that leads to the present owner; without such a row it does nothing. */
function ownerMistakes({ rows, policies }: Draft, name: PolicyName): Mistake[] {
  if ((name !== 'subscriptionOwner' && name !== 'invoiceOwner') || policies[name] !== 'original') return [];
  const { label, current } = OWNERS[name];
  const turned = rows.some(
    ({ value: { from, to } }) => to === label && splitPath(from ?? '').path === current,
  );
  if (turned) return [];
  return [
    {
      path: `policies.${name}`,
      message: `No row fills ${label} from ${current}, so the policy does nothing.`,
      suggestion: `Add a row {from: ${current}.Name, to: ${label}, type: Character}, or leave the policy out.`,
    },
  ];
}
