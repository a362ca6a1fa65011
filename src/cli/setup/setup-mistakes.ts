import type { Mistake } from '../../domain/mapping/checks/mistake.ts';
import type { Output } from '../output.ts';
import { mistakesText } from '../template/mistakes-output.ts';
import type { SetupSummary } from './setup-summary.ts';

/** Prints what is wrong as the command's result, and ends the command with that exit code. */
export function printSetupMistakes(
  output: Output,
  {
    message,
    remedy,
    mistakes,
    exit,
    ...more
  }: {
    readonly message: string;
    readonly remedy: string;
    readonly mistakes: readonly Mistake[];
    readonly exit: 1 | 2;
    readonly setup?: SetupSummary;
  },
): void {
  const error = { code: 'SETUP_INVALID', message, remedy };
  output.result({ error, mistakes, ...more }, [message, ...mistakesText(mistakes), remedy]);
  process.exitCode = exit;
}
