import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';

import { commandLine } from '../../src/cli/main.ts';
import { ROOT, read } from '../support/compose.ts';
import { commandMistakes } from '../support/documented-commands.ts';
import { rulesOf } from '../support/promql.ts';

interface RuleTests {
  readonly tests: readonly {
    readonly promql_expr_test?: readonly {
      readonly expr: string;
      readonly exp_samples: readonly unknown[];
    }[];
  }[];
}

const alerts = rulesOf(read('deploy/prometheus/alerts.yml')).filter(({ alert }) => alert !== undefined);
const names = alerts.map(({ alert = '' }) => alert);
const tests = (parse(read('deploy/prometheus/alerts.test.yml')) as RuleTests).tests.map(
  ({ promql_expr_test: checks = [] }) => checks,
);
/** The tests of an alert in which it fires in the end, or never. */
const testsOf = (name: string, fires: boolean) =>
  tests
    .filter((checks) => checks.some(({ expr }) => expr.includes(`"${name}"`)))
    .filter((checks) => checks.some(({ exp_samples: samples }) => samples.length > 0) === fires);

/** What the rules do is shown by promtool (alerts.long.test.ts); here, that each is shown and explained. */
describe('alert rules', () => {
  test('each has a unit test where it fires and one where it must not', () => {
    expect(names).toHaveLength(16);
    expect(names.filter((name) => testsOf(name, true).length === 0)).toEqual([]);
    expect(names.filter((name) => testsOf(name, false).length === 0)).toEqual([]);
  });

  test('each says how bad it is, what is wrong, what to do, and where more is written', () => {
    for (const { labels = {}, annotations = {} } of alerts) {
      expect(['warning', 'critical']).toContain(labels['severity']);
      expect(Object.keys(annotations)).toEqual(['summary', 'description', 'docs']);
      expect(annotations['description']?.length).toBeGreaterThan(80);
    }
  });

  test('each leads to a page, and to a section that the page has', () => {
    const anchorOf = (heading: string) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\w\s-]/g, '')
        .replaceAll(' ', '-');
    const broken = alerts.flatMap(({ annotations = {} }) => {
      const [page = '', anchor] = (annotations['docs'] ?? '').split('#');
      if (!existsSync(join(ROOT, page))) return [page];
      const anchors = [...read(page).matchAll(/^#+ (.+)$/gm)].map((match) => anchorOf(match[1] ?? ''));
      return anchor === undefined || anchors.includes(anchor) ? [] : [`${page}#${anchor}`];
    });
    expect(broken).toEqual([]);
  });

  test('each has a line in the operating guide', () => {
    const guide = read('docs/operating.md');
    expect(names.filter((name) => !guide.includes(`\`${name}\``))).toEqual([]);
  });

  test('each advises commands that there are', async () => {
    const program = await commandLine();
    const advice = alerts.map(({ annotations = {} }) => annotations['description'] ?? '').join('\n\n');
    expect(commandMistakes(program, advice.replaceAll(/\{\{[^}]*\}\}/g, 'x'))).toEqual([]);
  });
});
