import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { beforeAll, describe, expect, test } from 'vitest';

import { temporaryFolder } from '../servers/temporary-folder.ts';
import { read } from '../support/compose.ts';
import { promtool, requirePromtool } from '../support/promtool.ts';

interface Panel {
  readonly title: string;
  readonly targets?: readonly { readonly expr: string }[];
}

const { panels } = JSON.parse(read('deploy/grafana/dashboards/revsync.json')) as {
  panels: readonly Panel[];
};

/** The expression of a panel that has one, with every entity and organisation chosen. */
function shownBy(title: string): string {
  const { targets = [] } = panels.find((panel) => panel.title === title) ?? {};
  expect(targets).toHaveLength(1);
  return (targets[0]?.expr ?? '').replaceAll(/"\$\w+"/g, '".*"');
}

interface Case {
  readonly series: Readonly<Record<string, string>>;
  readonly at: string;
  /** Value by series, of all that is shown. */
  readonly shows: Readonly<Record<string, number>>;
}

/** Lets promtool evaluate a panel over series with a value a minute. */
async function check(title: string, { series, at, shows }: Case): Promise<string> {
  const file = join(await temporaryFolder(), 'panel.test.yml');
  const rules = {
    rule_files: [],
    evaluation_interval: '1m',
    tests: [
      {
        interval: '1m',
        input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
        promql_expr_test: [
          {
            expr: shownBy(title),
            eval_time: at,
            exp_samples: Object.entries(shows).map(([labels, value]) => ({ labels, value })),
          },
        ],
      },
    ],
  };
  await writeFile(file, JSON.stringify(rules)); // JSON is YAML, too.
  return promtool('test', 'rules', file);
}

const actions = (result: string, instance: string) =>
  `revsync_schedule_actions_total{schedule="revenue-sync/us",result="${result}",instance="${instance}"}`;

describe('the dashboard', () => {
  beforeAll(requirePromtool);

  test('tells since when there was no success, and nothing of an entity that never had one', async () => {
    const answer = await check('Since the last success', {
      series: {
        'revsync_last_success_timestamp_seconds{entity="us"}': '600x60',
        'revsync_last_success_timestamp_seconds{entity="uk"}': '0x60',
      },
      at: '30m',
      shows: { '{entity="us"}': 1200 },
    });
    expect(answer).toContain('SUCCESS');
  });

  test('tells what was missed while Temporal was away for days, whichever worker tells it', async () => {
    const answer = await check('Missed and skipped', {
      series: {
        [actions('missed', 'a')]: '3x60 _x3000',
        [actions('missed', 'b')]: '_x3060 5x600',
        [actions('skipped', 'a')]: '1x60 _x3000 1x600',
      },
      at: '55h',
      shows: {
        '{schedule="revenue-sync/us",result="missed"}': 2,
        '{schedule="revenue-sync/us",result="skipped"}': 0,
      },
    });
    expect(answer).toContain('SUCCESS');
  });

  test('tells what was skipped on the first day', async () => {
    const answer = await check('Missed and skipped', {
      series: { [actions('skipped', 'a')]: '1x60 4x60' },
      at: '2h',
      shows: { '{schedule="revenue-sync/us",result="skipped"}': 3 },
    });
    expect(answer).toContain('SUCCESS');
  });
});
