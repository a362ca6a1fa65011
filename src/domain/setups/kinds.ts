import { GROUPING } from '../grouping/grouping-setup.ts';
import { OBLIGATIONS } from '../obligations/obligation-setup.ts';
import { VALIDATION } from '../validation/validation-setup.ts';
import type { SetupDefinition, SetupKind } from './setup-kind.ts';

/** Every kind of set-up, one line each. */
export const SETUP_KINDS: readonly SetupDefinition[] = [GROUPING, OBLIGATIONS, VALIDATION];

/** The kind's definition; undefined for one that is not built yet. */
export function setupKind(kind: SetupKind): SetupDefinition | undefined {
  return SETUP_KINDS.find((each) => each.kind === kind);
}
