import { userInfo } from 'node:os';

import { type Command, Option } from 'commander';

import { RevsyncError } from '../../domain/errors.ts';
import {
  type AccessChange,
  type AccessKind,
  type ChangedAccess,
  grantAccess,
  revokeAccess,
} from '../../store/access/change-access.ts';
import { type Access, listAccess } from '../../store/access/list-access.ts';
import type { Db } from '../../store/database.ts';
import { findEntity } from '../../store/tenancy.ts';
import { connectDatabase } from '../database.ts';
import { choice, knownOrg } from '../list-options.ts';
import { openOutput, table } from '../output.ts';
import { byOption, reasonOption } from '../reasoned-options.ts';
import { withDatabase } from '../session.ts';

interface ChangeFlags {
  readonly role: string;
  readonly org?: string;
  readonly entity?: string;
  readonly as?: AccessKind;
  readonly by?: string;
  readonly reason?: string;
  readonly json?: boolean;
}

/** `revsync access`: which database roles see which organisations. */
export function registerAccess(program: Command): void {
  const access = program.command('access').description('Which database roles see which organisations.');
  access
    .command('list')
    .description('The roles, what they may do, and where.')
    .option('--json', 'print one JSON document')
    .action(listAction);
  withChangeFlags(access.command('grant'))
    .description('Let a database role see an organisation.')
    .addOption(choice('--as <kind>', 'what it may do there, reader unless said', ['reader', 'operator']))
    .action((flags: ChangeFlags) =>
      changeAction(flags, 'Granted by command.', (db, change) =>
        grantAccess(db, { ...change, as: flags.as ?? 'reader' }),
      ),
    );
  withChangeFlags(access.command('revoke'))
    .description('Take an organisation from a database role.')
    .action((flags: ChangeFlags) => changeAction(flags, 'Revoked by command.', revokeAccess));
}

const withChangeFlags = (command: Command): Command =>
  command
    .requiredOption('--role <name>', 'a database role: a login, or a group of them')
    .addOption(new Option('--org <org>', 'the organisation').conflicts('entity'))
    .option('--entity <entity>', 'the organisation of this entity: its key, Billing id or display name')
    .addOption(byOption('who decides this'))
    .addOption(reasonOption())
    .option('--json', 'print one JSON document');

async function listAction({ json = false }: { json?: boolean }): Promise<void> {
  const output = openOutput(json);
  await withDatabase(output, async ({ database: { db } }) => {
    const all = await listAccess(db);
    output.result(
      all,
      all.length === 0
        ? 'No role has been given an organisation (`revsync access grant`).'
        : table(['role', 'may', 'organisations', 'granted'], all.map(cells)),
    );
  });
}

const cells = ({ role, as, exists, orgs }: Access): string[] => [
  role,
  exists ? (as ?? 'nothing') : 'nothing: the role is gone',
  as === 'worker' ? 'all' : orgs.map(({ org }) => org).join(', ') || 'none',
  orgs.map(({ grantedAt }) => grantedAt.slice(0, 10)).toSorted()[0] ?? '',
];

async function changeAction(
  { role, by, reason, json = false, ...where }: ChangeFlags,
  unsaid: string,
  change: (db: Db, change: AccessChange) => Promise<ChangedAccess>,
): Promise<void> {
  const output = openOutput(json);
  await withDatabase(output, async ({ databaseUrl }) => {
    // As the login itself: who acts as revsync_worker may not grant roles.
    const { db } = connectDatabase(databaseUrl);
    try {
      const org = await chosenOrg(db, where);
      const made = await change(db, {
        role,
        org,
        by: by ?? userInfo().username,
        reason: reason ?? unsaid,
      });
      output.result(made, changeText(made, unsaid.startsWith('Granted')));
    } finally {
      await db.destroy();
    }
  });
}

async function chosenOrg(db: Db, { org, entity }: Pick<ChangeFlags, 'org' | 'entity'>): Promise<string> {
  if (entity !== undefined) return (await findEntity(db, entity)).org;
  const known = await knownOrg(db, org);
  if (known !== undefined) return known;
  throw new RevsyncError('No organisation is named.', {
    code: 'USAGE',
    fate: 'fix-input',
    remedy: 'Name it with --org, or one of its entities with --entity.',
  });
}

function changeText({ role, org, as, changed }: ChangedAccess, granted: boolean): string[] {
  if (granted) return [changed ? `${role} is ${as} of ${org}.` : `${role} was ${as} of ${org} already.`];
  if (!changed) return [`${role} did not see ${org}.`];
  const still = as === null ? [] : [`It still is a ${as}: revoke revsync_${as} from ${role}; ends that too.`];
  return [`${role} no longer sees ${org}.`, ...still];
}
