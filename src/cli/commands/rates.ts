import type { Command } from 'commander';

import { isDay } from '../../billing/rest/day-spans.ts';
import { RevsyncError } from '../../domain/errors.ts';
import { eachRate, type ListedRate } from '../../store/rates/list-rates.ts';
import { entityKey, knownOrg, type ListOptions, withListOptions } from '../list-options.ts';
import { clipped, type ListLook, printList } from '../list-output.ts';
import { openOutput } from '../output.ts';
import { type RatesFlags, ratesReached, ratesText, rateSyncInput, syncRates } from '../rates/rates-run.ts';
import { withDatabase, withWorkflows } from '../session.ts';

interface RatesListOptions extends ListOptions {
  readonly entity?: string;
  readonly fromCurrency?: string;
  readonly toCurrency?: string;
  readonly day?: string;
}

const LOOK: ListLook<ListedRate> = {
  header: [
    'entity',
    'from',
    'to',
    'day',
    'version',
    'rate',
    '',
    'source',
    'rate set',
    'provider day',
    'recorded',
    'by',
  ],
  cells: (rate) => [
    clipped(rate.entity, 14),
    rate.from,
    rate.to,
    rate.day,
    rate.version,
    rate.rate,
    rate.inverse ? 'inverse' : '',
    rate.source,
    clipped(rate.rateSet ?? '', 12),
    rate.providerDay ?? '',
    rate.recordedAt.slice(0, 16),
    clipped(rate.recordedBy, 28),
  ],
  empty: 'No rate is recorded that matches; `revsync rates run` reads them from Billing.',
  idOf: ({ id }) => id,
};

/** `revsync rates`: exchange rates, read from Billing and kept as versions. */
export function registerRates(program: Command): void {
  const rates = program.command('rates').description('Exchange rates, as Billing told them.');
  rates
    .command('run')
    .description('Read them now, for one entity or for all in key order.')
    .option('--entity <name>', 'key, Billing id or display name')
    .option('--from <day>', 'from this day on, instead of from where the last run ended')
    .option('--to <day>', 'up to this day, instead of today')
    .option('--currencies <codes>', 'only these, for example EUR,JPY; otherwise those of the accounts')
    .option('--no-wait', 'start it and come back at once')
    .option('--no-queue', 'refuse instead of waiting for a run of the entity that is open')
    .option('--json', 'print one JSON document')
    .action(runAction);
  withListOptions(
    rates.command('list').description('Every version of every rate, with where it comes from.'),
    'version',
  )
    .option('--entity <entity>', 'only this entity: its key, Billing id or display name')
    .option('--from-currency <code>', 'only rates from this currency')
    .option('--to-currency <code>', 'only rates to this currency')
    .option('--day <day>', 'only rates of this day')
    .action(listAction);
}

async function runAction({ json = false, ...flags }: RatesFlags & { json?: boolean }): Promise<void> {
  const output = openOutput(json);
  rateSyncInput(flags);
  const reports = await withWorkflows(output, (session) => syncRates(session, flags));
  const [only] = reports;
  output.result(reports.length === 1 ? only : { runs: reports }, reports.flatMap(ratesText));
  process.exitCode = reports.every(ratesReached) ? 0 : 1;
}

async function listAction({ json = false, limit, ...asked }: RatesListOptions): Promise<void> {
  const output = openOutput(json);
  requireDay('--day', asked.day);
  requireVersion(asked.after);
  await withDatabase(output, async ({ database: { db } }) => {
    const filter = {
      org: await knownOrg(db, asked.org),
      entity: await entityKey(db, asked.entity),
      from: asked.fromCurrency?.toUpperCase(),
      to: asked.toCurrency?.toUpperCase(),
      day: asked.day,
      after: asked.after,
    };
    await printList(output, (most, take) => eachRate(db, { ...filter, limit: most }, take), LOOK, limit);
  });
}

function requireDay(option: string, day: string | undefined): void {
  if (day === undefined || isDay(day)) return;
  throw usage(`${option} takes a day, not "${day}".`, `Give for example ${option} 2024-01-31.`);
}

function requireVersion(after: string | undefined): void {
  const [entity, from, to, day = '', version = ''] = after?.split(':') ?? [];
  if (after === undefined || (entity && from && to && isDay(day) && /^\d{1,9}$/.test(version))) return;
  throw usage(`--after takes an id of this list, not "${after}".`, 'Give the last id you have seen.');
}

const usage = (message: string, remedy: string): RevsyncError =>
  new RevsyncError(message, { code: 'USAGE', fate: 'fix-input', remedy });
