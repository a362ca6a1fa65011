import { userInfo } from 'node:os';

import { type Command, Option } from 'commander';
import type { z } from 'zod';

import { RevsyncError } from '../../domain/errors.ts';
import { RELEASED_AS } from '../../domain/releases.ts';
import { VALIDATED_TYPES } from '../../domain/validation/validation-rule.ts';
import { choice } from '../list-options.ts';
import { byOption, reasonOption } from '../reasoned-options.ts';

/** What `hold release`, `hold reject` and `line release` take. */
export interface DecisionFlags {
  readonly line?: readonly string[];
  readonly hold?: string;
  readonly type?: string;
  readonly subscription?: string;
  readonly entity?: string;
  readonly org?: string;
  readonly as?: string;
  readonly reason?: string;
  readonly by?: string;
  readonly collect: boolean;
  readonly json?: boolean;
}

/** Adds the options that say which lines, and why. */
export function withDecisionOptions(command: Command): Command {
  return command
    .option('--hold <id>', 'every line that this limitation or rule holds')
    .addOption(choice('--type <type>', 'of these, only this type', VALIDATED_TYPES))
    .option('--subscription <name>', 'of these, only this subscription')
    .option('--entity <entity>', 'of these, only this entity: its key, Billing id or display name')
    .option('--org <org>', 'the organisation; may be left out when there is one')
    .addOption(reasonOption().makeOptionMandatory())
    .addOption(byOption('who decides this'))
    .option('--no-collect', 'only keep the decision; the next collection acts on it')
    .option('--json', 'print one JSON document');
}

/** `--as`, which a release needs. */
export const asOption = (): Option =>
  choice('--as <how>', 'what the lines are released as', RELEASED_AS).makeOptionMandatory();

/** `--line`, once for each. */
export const lineOption = (): Option =>
  new Option('--line <id>', 'this line; once for each').argParser(
    (id: string, before: readonly string[] | undefined) => [...(before ?? []), id],
  );

/**
 * The message that the flags make.
 *
 * @throws RevsyncError `USAGE`
 */
export function messageOf<Message>(
  schema: z.ZodType<Message>,
  { line, hold, type, subscription, as, reason, by }: DecisionFlags,
  entity: string | undefined,
): Message {
  const filter = { hold, type, subscription, entity };
  const given = Object.entries(filter).filter(([, value]) => value !== undefined);
  const parsed = schema.safeParse({
    ...(line === undefined ? {} : { lines: line }),
    ...(given.length === 0 ? {} : { filter: Object.fromEntries(given) }),
    ...(as === undefined ? {} : { as }),
    reason,
    by: by ?? userInfo().username,
  });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue?.path.join('.') ?? '';
  throw new RevsyncError(`That cannot be decided: ${where === '' ? 'it' : where} ${issue?.message}.`, {
    code: 'USAGE',
    fate: 'fix-input',
    remedy: 'Name lines, or say which by --hold, --subscription, --type or --entity; and give a --reason.',
  });
}
