import { availableParallelism } from 'node:os';

import type { Command } from 'commander';

import { openBenchDatabase } from '../../store/bench/bench-database.ts';
import { benchCollection, type CollectionBench } from '../../store/bench/collection-bench.ts';
import { benchReadiness, type ReadinessBench } from '../../store/bench/readiness-bench.ts';
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

interface Measuring {
  readonly url: string;
  readonly report: (line: string) => void;
}

/** `revsync bench`: how fast, in comparison. */
export function registerBench(program: Command): void {
  const bench = program
    .command('bench')
    .description('How fast revsync is, measured in a database of its own that goes when it is done.');
  const verb = (name: string, description: string): Command =>
    bench
      .command(name)
      .description(description)
      .option('--items <n>', 'invoice items of the tenant', (text) => wholeNumber('--items', text), 1_000_000)
      .option('--json', 'print one JSON document');
  verb('transform', 'Forming the lines of invoice items, against a hand-written INSERT ... SELECT.')
    .option('--runs <n>', 'rounds that count, after a warm-up', (text) => wholeNumber('--runs', text), 5)
    .action(async ({ json = false, items, runs }: BenchFlags) => {
      await measured(json, async (measuring) => {
        const result = await benchTransform({ ...measuring, items, runs });
        return [transformDocument(result), transformText(result)];
      });
    });
  verb('collection', 'Data Collection of all lines, against the transform that formed them.').action(
    async ({ json = false, items }: BenchFlags) => {
      await measured(json, async (measuring) => {
        const result = await benchCollection({ ...measuring, items });
        return [collectionDocument(result), collectionText(result)];
      });
    },
  );
  verb(
    'readiness',
    'Every known limitation over a whole tenant, against the transform of the same data.',
  ).action(async ({ json = false, items }: BenchFlags) => {
    await measured(json, async (measuring) => {
      const result = await benchReadiness({ ...measuring, items });
      return [readinessDocument(result), readinessText(result)];
    });
  });
}

/** Prints what a benchmark finds in a database of its own. */
async function measured(
  json: boolean,
  measure: (measuring: Measuring) => Promise<[document: object, text: string[]]>,
): Promise<void> {
  const output = openOutput(json);
  const closing = closeLater(output);
  try {
    const ground = await openGround(output);
    const servers = await openServers(ground, closing, { database: true, temporal: false });
    const database = await openBenchDatabase(servers.database);
    closing.add(() => database.close());
    output.result(...(await measure({ url: database.url, report: output.report })));
  } finally {
    await closing.now();
  }
}

const thousandths = (figure: number): number => Number(figure.toFixed(3));

const transformDocument = ({ runs, median, ...sizes }: TransformBench): object => ({
  benchmark: 'transform',
  ...sizes,
  processors: availableParallelism(),
  runs: runs.map(rounded),
  median: rounded(median),
});

const rounded = ({ handWritten, transform, ratio }: Timing): Timing => ({
  handWritten: thousandths(handWritten),
  transform: thousandths(transform),
  ratio: thousandths(ratio),
});

function transformText({ items, lines, runs, median }: TransformBench): string[] {
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

const collectionDocument = ({
  transform,
  collect,
  ratio,
  nothingNew,
  ...counts
}: CollectionBench): object => ({
  benchmark: 'collection',
  ...counts,
  processors: availableParallelism(),
  transform: thousandths(transform),
  collect: thousandths(collect),
  ratio: thousandths(ratio),
  nothingNew: thousandths(nothingNew),
});

function collectionText(bench: CollectionBench): string[] {
  const { items, lines, collected, contracts, transform, collect, ratio, nothingNew } = bench;
  return [
    `${lines} lines of ${items} invoice items, ${collected} of them collected into ${contracts} contracts.`,
    `Transform ${transform.toFixed(2)} s, collection ${collect.toFixed(2)} s, ratio ${ratio.toFixed(2)}; another, with nothing new, ${nothingNew.toFixed(2)} s.`,
  ];
}

const readinessDocument = ({ transform, readiness, ratio, ...counts }: ReadinessBench): object => ({
  benchmark: 'readiness',
  ...counts,
  processors: availableParallelism(),
  transform: thousandths(transform),
  readiness: thousandths(readiness),
  ratio: thousandths(ratio),
});

const readinessText = ({ items, found, transform, readiness, ratio }: ReadinessBench): string[] => [
  `Readiness over ${items} invoice items (${found} rules and practices find something), seconds:`,
  ...table(
    ['transform', 'readiness', 'ratio'],
    [[transform.toFixed(2), readiness.toFixed(2), ratio.toFixed(2)]],
  ),
];
