import type { Report } from '../servers/report.ts';

/** Where a command writes: its one result on stdout, everything on the way on stderr. */
export interface Output {
  readonly json: boolean;
  readonly report: Report;
  /** The result, once: `text` for people, `document` with `--json`. */
  result(document: unknown, text: string | readonly string[]): void;
}

export function openOutput(json: boolean): Output {
  // `| head` closes the pipe when it has seen enough; that is no failure.
  process.stdout.once('error', (error: NodeJS.ErrnoException) =>
    process.exit(error.code === 'EPIPE' ? 0 : 1),
  );
  return {
    json,
    report: (line) => void process.stderr.write(`${line}\n`),
    result: (document, text) => {
      const lines = typeof text === 'string' ? text : text.join('\n');
      process.stdout.write(json ? `${JSON.stringify(document, null, 2)}\n` : `${lines}\n`);
    },
  };
}

/** Columns aligned for a terminal: numbers to the right, the header underlined by nothing. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const all = [header, ...rows];
  const widths = header.map((_, at) =>
    all.reduce((width, row) => Math.max(width, (row[at] ?? '').length), 0),
  );
  const numeric = header.map(
    (_, at) => rows.length > 0 && rows.every((row) => /^-?[\d.]*$/.test(row[at] ?? '')),
  );
  return all.map((row) =>
    row
      .map((cell, at) =>
        numeric[at] === true ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
}
