import { writeFile } from 'node:fs/promises';

import type { Command } from 'commander';

import { RevsyncError, reasonOf } from '../../domain/errors.ts';
import type { ReadinessReport } from '../../domain/readiness/report.ts';
import { isAffected } from '../../domain/readiness/summarize.ts';
import { readinessPage } from '../../report/readiness/readiness-page.ts';
import { choice } from '../list-options.ts';
import { openOutput } from '../output.ts';
import { makeReport } from '../readiness/make-report.ts';
import { readinessText } from '../readiness/readiness-text.ts';
import { closeLater, withDatabase } from '../session.ts';

interface ReadinessOptions {
  readonly json?: boolean;
  readonly html?: string;
  readonly entity?: string;
  readonly from?: 'billing' | 'prestaging';
  readonly failOn?: 'affected';
}

/** `revsync readiness`: what the tenant would meet when it went live. */
export function registerReadiness(program: Command): void {
  program
    .command('readiness')
    .description(
      'Every known limitation this tenant would meet, how often, for how much, and what to do before go-live. Syncs nothing.',
    )
    .option('--entity <entity>', 'only this entity: its key, Billing id or display name')
    .addOption(
      choice(
        '--from <source>',
        'billing: load what a sync would read first; prestaging: ask Billing nothing. Without it, load only when nothing is here',
        ['billing', 'prestaging'],
      ),
    )
    .option('--html <file>', 'write the report as one HTML file, too')
    .addOption(choice('--fail-on <what>', 'end with exit code 1 when anything is affected', ['affected']))
    .option('--json', 'print one JSON document')
    .action((options: ReadinessOptions) => readinessAction(options, program.version() ?? 'unknown'));
}

async function readinessAction(
  { json = false, html, entity, from, failOn }: ReadinessOptions,
  revsync: string,
): Promise<void> {
  const output = openOutput(json);
  await withDatabase(output, async (session) => {
    const closing = closeLater(output);
    const stopped = new AbortController();
    closing.add(async () => stopped.abort());
    try {
      const request = { from, entity, revsync, signal: stopped.signal };
      const report = await makeReport(session, closing, request);
      if (html !== undefined) await writePage(html, report);
      const written = html === undefined ? [] : ['', `The report for people is ${html}.`];
      output.result(report, [...readinessText(report), ...written]);
      if (failOn === 'affected' && [...report.limitations, ...report.practices].some(isAffected)) {
        process.exitCode = 1;
      }
    } finally {
      await closing.now();
    }
  });
}

async function writePage(file: string, report: ReadinessReport): Promise<void> {
  try {
    await writeFile(file, readinessPage(report));
  } catch (error) {
    throw new RevsyncError(`The report cannot be written to ${file}: ${reasonOf(error)}.`, {
      code: 'FILE_UNWRITABLE',
      fate: 'fix-input',
      remedy: 'Name a file in a folder that is there and that you may write to.',
    });
  }
}
