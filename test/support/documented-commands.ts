import type { Command } from 'commander';

/** Where a shell's own grammar begins, a comment, or what stands for any command. */
const ENDS = new Set(['|', '>', '&&', '||', ';', '#', '\\', 'COMMAND']);
/** What may stand before `revsync` where a command is written to be typed. */
const TYPED =
  /^(?:\$ )?(?:[A-Z_]+=\S+ )*(?:npm run -s revsync --|docker compose run --rm worker|npx revsync|revsync) (.+)$/;

/** The command lines of ours in a page: in code spans, and on lines of their own in code blocks. */
function commandLines(markdown: string): string[] {
  const blocks = [...markdown.matchAll(/^ *```[^\n]*\n(.*?)^ *```/gms)].flatMap((match) =>
    (match[1] ?? '').replaceAll(/\\\n\s*/g, '').split('\n'),
  );
  const indented = [...markdown.matchAll(/^ {4}(revsync .+)$/gm)].map((match) => match[1] ?? '');
  const prose = markdown.replaceAll(/^ *```.*?^ *```/gms, '');
  const spans = [...prose.matchAll(/`([^`]+)`/g)].map((match) => (match[1] ?? '').replaceAll(/\s+/g, ' '));
  return [...blocks, ...indented, ...spans].flatMap((line) => TYPED.exec(line.trim())?.[1] ?? []);
}

/** What is wrong with the command lines of a page: commands and flags that there are not. */
export function commandMistakes(program: Command, markdown: string): string[] {
  return commandLines(markdown).flatMap((line) => mistakeOf(program, line) ?? []);
}

function mistakeOf(program: Command, line: string): string | undefined {
  const words = line.split(' ').filter((word) => word !== '');
  const end = words.findIndex((word) => ENDS.has(word));
  let command = program;
  for (const word of end === -1 ? words : words.slice(0, end)) {
    const flag = /^\[?(--[a-z][a-z-]*)/.exec(word)?.[1];
    if (flag !== undefined) {
      if (!takes(command, flag)) return `revsync ${line}: there is no ${flag}`;
    } else if (command.commands.length > 0) {
      const [name = ''] = word.split('|');
      const next = command.commands.find((each) => each.name() === name);
      if (next === undefined) return `revsync ${line}: there is no command ${name}`;
      command = next;
    }
  }
  return undefined;
}

const takes = (command: Command, flag: string): boolean =>
  flag === '--help' || flag === '--version' || command.options.some(({ long }) => long === flag);
