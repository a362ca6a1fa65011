import type { Command } from 'commander';

import { GROUPING } from '../../domain/grouping/grouping-setup.ts';
import { registerSetup } from '../setup/register-setup.ts';

/** `revsync grouping`: which SO lines make one revenue contract. */
export function registerGrouping(program: Command): void {
  registerSetup(program, GROUPING, 'Grouping templates: which SO lines make one revenue contract.');
}
