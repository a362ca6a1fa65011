/** What a mass action is taken on. */
export const MASS_ACTION_LEVELS = ['contract', 'obligation', 'line'] as const;
export type MassActionLevel = (typeof MASS_ACTION_LEVELS)[number];

/** Zuora Revenue's mass actions by what they are on (domain.md 8); `command` where revsync has it. */
interface MassAction {
  readonly name: string;
  readonly level: MassActionLevel;
  /** Other spellings, without the words for a contract. */
  readonly also: readonly string[];
  readonly command: string | null;
}

const action = (
  level: MassActionLevel,
  name: string,
  { also = [], command }: { readonly also?: readonly string[]; readonly command?: string } = {},
): MassAction => ({ level, name, also, command: command ?? null });

/** Actions of one name on several levels stand once for each. */
export const MASS_ACTIONS: readonly MassAction[] = [
  action('contract', 'Apply Hold', { also: ['hold'], command: 'hold' }),
  action('contract', 'Release Hold', { also: ['release', 'unhold'], command: 'release' }),
  action('contract', 'Close RC', { also: ['close'], command: 'close' }),
  action('contract', 'Open RC', { also: ['open', 'reopen'], command: 'open' }),
  action('contract', 'Re-group', { also: ['regroup'], command: 'regroup' }),
  action('contract', 'Re-allocate', { also: ['reallocate'] }),
  action('contract', 'Unfreeze RC', { also: ['unfreeze'] }),
  action('obligation', 'Defer Cost'),
  action('obligation', 'Defer Revenue'),
  action('obligation', 'Release Cost'),
  action('obligation', 'Release Revenue'),
  action('obligation', 'Update POB'),
  action('line', 'Apply Hold', { also: ['hold'] }),
  action('line', 'Release Hold', { also: ['release', 'unhold'] }),
  action('line', 'Update Allocation Eligible Flag'),
  action('line', 'Update Attributes'),
  action('line', 'Update SSP Price'),
  action('line', 'Update SSP Percent'),
  action('line', 'Amortization Schedules'),
  action('line', 'Update Schedule'),
];

/** `apply-hold`, `Apply Hold` and `applyHold` are one. */
const spelled = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z]/g, '')
    .replace(/(?:revenuecontracts?|contracts?|rcs?)$/, '');

/** The actions that a name can mean, one for each level. */
export function massActionsNamed(name: string): readonly MassAction[] {
  const wanted = spelled(name);
  return MASS_ACTIONS.filter((each) => [each.name, ...each.also].some((word) => spelled(word) === wanted));
}
