import type { Mistake } from '../../domain/mapping/checks/mistake.ts';
import type { Output } from '../output.ts';

/** Prints what is wrong with a template as the command's result, and ends the command with that exit code. */
export function printMistakes(
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
    readonly template?: object;
  },
): void {
  const error = { code: 'TEMPLATE_INVALID', message, remedy };
  output.result({ error, mistakes, ...more }, [message, ...mistakesText(mistakes), remedy]);
  process.exitCode = exit;
}

/** Two lines a mistake: where and what, and what to write. */
export function mistakesText(mistakes: readonly Mistake[]): string[] {
  return mistakes.flatMap(({ path, message, suggestion }) => [
    `  ${path === '' ? '' : `${path}: `}${message}`,
    `      ${suggestion}`,
  ]);
}

/** `1 mistake`, `3 mistakes`. */
export const countOf = (mistakes: readonly Mistake[]): string =>
  `${mistakes.length} mistake${mistakes.length === 1 ? '' : 's'}`;
