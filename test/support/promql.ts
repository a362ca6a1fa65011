import { parse } from 'yaml';

/** A metric as an expression names it, with the labels it selects by. */
interface Selector {
  readonly metric: string;
  readonly labels: readonly string[];
}

interface Rules {
  readonly groups: readonly { readonly rules: readonly Rule[] }[];
}

export interface Rule {
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

interface Dashboard {
  readonly panels: readonly { readonly targets?: readonly { readonly expr: string }[] }[];
  readonly templating: { readonly list: readonly { readonly definition?: string }[] };
}

export const rulesOf = (text: string): Rule[] => (parse(text) as Rules).groups.flatMap(({ rules }) => rules);

/** Every PromQL expression of a file of rules, or of a dashboard with its variables. */
export function expressionsOf(file: string, text: string): string[] {
  if (!file.endsWith('.json')) return rulesOf(text).map(({ expr }) => expr);
  const { panels, templating } = JSON.parse(text) as Dashboard;
  const shown = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
  return [...shown, ...templating.list.flatMap(({ definition }) => definition ?? [])];
}

/** The metrics of an expression: ours, Temporal's and `up`; words inside of strings are none. */
export function selectorsOf(expression: string): Selector[] {
  const bare = expression.replaceAll(/"[^"]*"/g, '""');
  return [...bare.matchAll(/\b((?:revsync|temporal)[_:][\w:]+|up\b)(?:\{([^}]*)\})?/g)].map(
    ([, metric = '', inside = '']) => ({
      metric,
      labels: [...inside.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)].map((match) => match[1] ?? ''),
    }),
  );
}
