import type { Command } from 'commander';

import { OBLIGATIONS } from '../../domain/obligations/obligation-setup.ts';
import { registerSetup } from '../setup/register-setup.ts';

/** `revsync obligation`: the templates of performance obligations, and which charges get which. */
export function registerObligation(program: Command): void {
  registerSetup(
    program,
    OBLIGATIONS,
    'Obligation set-ups: templates of performance obligations, and which charges get which.',
  );
}
