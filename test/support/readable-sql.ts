import type { CompiledQuery } from 'kysely';

/**
 * A compiled statement for people: what its parameters are, its own lines indented by what encloses them, and quotes
 * only where a name needs them. `names`: what a parameter of that value is called.
 */
export function readableSql(
  { sql, parameters }: CompiledQuery,
  names: Readonly<Record<string, string>>,
): string {
  const places = new Map<string, string[]>();
  for (const [at, value] of parameters.entries()) {
    const name = names[String(value)] ?? `'${String(value)}'`;
    places.set(name, [...(places.get(name) ?? []), `$${at + 1}`]);
  }
  const legend = [...places].map(([name, at]) => `-- ${at.join(', ')}: ${name}`);
  return `${[...legend, '', ...indented(unquoted(sql))].join('\n')}\n`;
}

/** Text in single quotes stays as it is, and so do names that are words of SQL. */
const unquoted = (sql: string): string =>
  sql.replaceAll(/'[^']*'|"((?!order"|end"|values")[a-z][a-z0-9_]*)"/g, (all, name?: string) => name ?? all);

/** A line that opens more than it closes puts those after it one step further in, until that is closed again. */
function indented(sql: string): string[] {
  const open: number[] = [];
  const close = (closed: number): void => {
    const last = open.pop();
    if (last === undefined) return;
    if (last > closed) open.push(last - closed);
    else if (last < closed) close(closed - last);
  };
  const lines = sql.split('\n').map((line) => line.trim());
  return lines
    .filter((line) => line !== '')
    .map((line) => {
      const bare = line.replaceAll(/'[^']*'|"[^"]*"/g, '');
      if (/^from\b/.test(bare) && open.at(-1) === LIST) open.pop();
      const net = count(bare, OPENING) - count(bare, CLOSING);
      const closesFirst = /^(?:[)\]]|end\b)/.test(bare);
      if (net < 0 && closesFirst) close(-net);
      const text = '  '.repeat(open.length + (CONTINUED.test(bare) ? 1 : 0)) + line;
      if (net < 0 && !closesFirst) close(-net);
      if (net > 0) open.push(net);
      if (bare === 'select') open.push(LIST);
      return text;
    });
}

/** The columns of a SELECT, which its FROM ends. */
const LIST = Infinity;
const OPENING = /[([]|\bcase\b/g;
const CLOSING = /[)\]]|\bend\b/g;
const CONTINUED = /^(?:and|or|then)\b|^on (?!conflict)/;

const count = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;
