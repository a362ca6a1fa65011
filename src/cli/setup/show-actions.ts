import { setupDocument, setupJsonSchema } from '../../domain/setups/setup-file.ts';
import type { SetupDefinition } from '../../domain/setups/setup-kind.ts';
import { listSetups, type SetupStatus, type SetupVersion } from '../../store/setups/setup-versions.ts';
import { knownOrg, type ListOptions } from '../list-options.ts';
import { clipped, type ListLook, printList } from '../list-output.ts';
import { openOutput } from '../output.ts';
import { mistakesText } from '../template/mistakes-output.ts';
import { referredSetup } from './setup-reference.ts';
import { type SetupSummary, summaryOf, whose } from './setup-summary.ts';
import { withSetups } from './with-setups.ts';
import { type SetupFormat, setupText } from './write-setup.ts';

interface SetupListOptions extends ListOptions {
  readonly status?: SetupStatus;
}

interface ShowOptions {
  readonly json?: boolean;
  readonly org?: string;
}

const LOOK: ListLook<SetupSummary> = {
  header: ['status', 'org', 'mistakes', 'since', 'by', 'id'],
  cells: ({ id, status, org, mistakeCount, changedAt, changedBy }) => [
    status,
    clipped(org ?? '', 24),
    mistakeCount === null ? '' : String(mistakeCount),
    changedAt.slice(0, 10),
    clipped(changedBy, 16),
    id,
  ],
  empty: 'There is none that matches.',
  idOf: ({ id }) => id,
};

/** Every version of a kind. */
export const listAction =
  ({ kind }: SetupDefinition) =>
  async ({ json = false, limit, after, status, ...asked }: SetupListOptions): Promise<void> => {
    const output = openOutput(json);
    await withSetups(output, async (db) => {
      const org = await knownOrg(db, asked.org);
      const all = (await listSetups(db, kind, { status, org })).map(summaryOf);
      const start = all.findIndex(({ id }) => id === after) + 1;
      await printList(output, (most, take) => take(all.slice(start).slice(0, most)), LOOK, limit);
    });
  };

/** One version with its body, as files have it. */
export const showAction =
  (definition: SetupDefinition) =>
  async (reference: string, { json = false, org }: ShowOptions): Promise<void> => {
    const output = openOutput(json);
    await withSetups(output, async (db) => {
      const found = await referredSetup(db, definition, reference, org);
      const { mistakes } = found;
      output.result(
        { ...summaryOf(found), mistakes, ...setupDocument(definition, found) },
        shownText(definition, found),
      );
    });
  };

const STATES: Readonly<Record<SetupStatus, string>> = {
  draft: 'a draft',
  checked: 'checked',
  frozen: 'frozen',
  default: 'the default',
};

function shownText(definition: SetupDefinition, version: SetupVersion): string[] {
  const { id, org, status, mistakes, changedAt, changedBy } = version;
  return [
    `${id} is ${STATES[status]}, since ${changedAt.slice(0, 19)} by ${changedBy}.`,
    `For ${whose(org)}.`,
    ...mistakesText(mistakes ?? []),
    '',
    setupText(definition, version, 'yaml').trimEnd(),
  ];
}

/** A version as a file, on stdout. */
export const exportAction =
  (definition: SetupDefinition) =>
  async (
    reference: string,
    { json = false, org, format = 'yaml' }: ShowOptions & { format?: SetupFormat },
  ): Promise<void> => {
    const output = openOutput(json);
    await withSetups(output, async (db) => {
      const found = await referredSetup(db, definition, reference, org);
      output.result(setupDocument(definition, found), setupText(definition, found, format).trimEnd());
    });
  };

/** The JSON Schema of the files of a kind; nothing is started for it. */
export const schemaAction = (definition: SetupDefinition) => (): void =>
  openOutput(true).result(setupJsonSchema(definition), '');
