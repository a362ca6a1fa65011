import { availableParallelism } from 'node:os';

import type { Command } from 'commander';

import { openBenchDatabase } from '../../store/bench/bench-database.ts';
import type { Timing } from '../../store/bench/timing.ts';
import { benchTransform, type TransformBench } from '../../store/bench/transform-bench.ts';
import { wholeNumber } from '../list-options.ts';
import { openOutput, table } from '../output.ts';
import { closeLater, openGround, openServers } from '../session.ts';

interface BenchFlags {
  readonly items: number;
  readonly runs: number;
  readonly json?: boolean;
}

/** `revsync bench`: how fast, in comparison. */
export function registerBench(program: Command): void {
  program
    .command('bench')
    .description('How fast revsync is, measured in a database of its own that goes when it is done.')
    .command('transform')
    .description('Forming the lines of invoice items, against a hand-written INSERT ... SELECT.')
    .option('--items <n>', 'invoice items of the tenant', (text) => wholeNumber('--items', text), 1_000_000)
    .option('--runs <n>', 'rounds that count, after a warm-up', (text) => wholeNumber('--runs', text), 5)
    .option('--json', 'print one JSON document')
    .action(async ({ json = false, items, runs }: BenchFlags) => {
      const output = openOutput(json);
      const closing = closeLater(output);
      try {
        const ground = await openGround(output);
        const servers = await openServers(ground, closing, { database: true, temporal: false });
        const database = await openBenchDatabase(servers.database);
        closing.add(() => database.close());
        const measured = await benchTransform({ url: database.url, items, runs, report: output.report });
        output.result(documentOf(measured), textOf(measured));
      } finally {
        await closing.now();
      }
    });
}

const documentOf = ({ runs, median, ...sizes }: TransformBench): object => ({
  benchmark: 'transform',
  ...sizes,
  processors: availableParallelism(),
  runs: runs.map(rounded),
  median: rounded(median),
});

const rounded = ({ handWritten, transform, ratio }: Timing): Timing => ({
  handWritten: Number(handWritten.toFixed(3)),
  transform: Number(transform.toFixed(3)),
  ratio: Number(ratio.toFixed(3)),
});

function textOf({ items, lines, runs, median }: TransformBench): string[] {
  const row = (name: string, { handWritten, transform, ratio }: Timing): string[] => [
    name,
    handWritten.toFixed(2),
    transform.toFixed(2),
    ratio.toFixed(2),
  ];
  return [
    `Transform of ${items} invoice items (${lines} lines), seconds:`,
    ...table(
      ['round', 'by hand', 'transform', 'ratio'],
      [...runs.map((timing, at) => row(String(at + 1), timing)), row('median', median)],
    ),
  ];
}
