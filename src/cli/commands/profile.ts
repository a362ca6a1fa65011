import { userInfo } from 'node:os';

import type { Command } from 'commander';

import { requireLookup, settingNamed } from '../../domain/settings/lookups.ts';
import { PROFILES, requireProfile } from '../../domain/settings/profiles.ts';
import type { Db } from '../../store/database.ts';
import { listLookups } from '../../store/lookups.ts';
import { type ListedSetting, listProfiles, setByHand } from '../../store/profiles.ts';
import { listSettingChanges } from '../../store/settings/setting-changes.ts';
import { type Output, openOutput, table } from '../output.ts';
import { byOption, reasonOption } from '../reasoned-options.ts';
import { withDatabase } from '../session.ts';

interface SetFlags {
  readonly json?: boolean;
  readonly code?: string;
  readonly new?: boolean;
  readonly by?: string;
  readonly reason?: string;
}

/** `revsync profile`: profiles and lookups under their Zuora names. */
export function registerProfile(program: Command): void {
  const profile = program.command('profile').description('Profiles and lookups, under their Zuora names.');
  profile
    .command('list')
    .description('What is set, by whom; --history: every change.')
    .option('--history', 'every change instead, oldest first')
    .option('--json', 'print one JSON document')
    .action(listAction);
  profile
    .command('set')
    .description('Set a profile, or with --code a lookup; the settings sync leaves it alone from then on.')
    .argument('<name>', 'as KS_ENABLE_ZBILL_EXCHG_RATE, or as AUTO_REVENUE_SYNC.Auto_Collect')
    .argument('<value>', 'what it shall be')
    .option('--code <code>', 'the code of a lookup, where the name does not say it')
    .option('--new', 'with --code: a lookup of your own that is not there yet')
    .addOption(byOption('who decides this'))
    .addOption(reasonOption())
    .option('--json', 'print one JSON document')
    .action(setAction);
}

async function listAction({ json = false, history = false }: { json?: boolean; history?: boolean }) {
  const output = openOutput(json);
  await withDatabase(output, ({ database: { db } }) => (history ? listHistory : listStanding)(db, output));
}

async function listStanding(db: Db, output: Output): Promise<void> {
  const settings = await listProfiles(db);
  const does = new Map(PROFILES.map((each) => [each.name, each.does]));
  output.result(
    settings.map(documentOf),
    settings.length === 0
      ? 'Nothing is set; `revsync settings run` sets what follows from Billing.'
      : table(
          ['kind', 'name', 'code', 'value', 'since', 'by', 'what it does'],
          settings.map((each) => [
            each.kind,
            each.name,
            each.code ?? '',
            each.value,
            each.changedAt.slice(0, 10),
            each.changedBy,
            does.get(each.name) ?? '',
          ]),
        ),
  );
}

const documentOf = ({ kind, name, code, value, changedAt, changedBy, byHand }: ListedSetting) => ({
  kind,
  name,
  code,
  value,
  changedAt,
  changedBy,
  byHand,
});

async function listHistory(db: Db, output: Output): Promise<void> {
  const changes = await listSettingChanges(db);
  output.result(
    changes,
    changes.length === 0
      ? 'Nothing was ever set.'
      : table(
          ['when', 'by', 'name', 'code', 'before', 'after', 'reason'],
          changes.map((each) => [
            each.changedAt.slice(0, 19),
            each.changedBy,
            each.name,
            each.code ?? '',
            each.before ?? '',
            each.after ?? '',
            each.reason,
          ]),
        ),
  );
}

async function setAction(named: string, value: string, flags: SetFlags): Promise<void> {
  const output = openOutput(flags.json ?? false);
  const { name, code } = settingNamed(named, flags.code ?? null);
  if (code === null) requireProfile(name, value);
  await withDatabase(output, async ({ database: { db } }) => {
    if (code !== null) {
      requireLookup({ lookup: name, code, value }, await listLookups(db), flags.new ?? false);
    }
    const by = flags.by ?? userInfo().username;
    const before = await setByHand(db, { name, code, value, by, reason: flags.reason ?? 'Set by command.' });
    const kind = code === null ? 'profile' : 'lookup';
    output.result(
      { kind, name, code, before, after: value },
      `${code === null ? name : `${name} ${code}`} is ${value === '' ? 'empty' : value} (${before === null ? 'was not set' : `was ${before}`}). The settings sync leaves it alone.`,
    );
  });
}
