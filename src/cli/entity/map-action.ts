import { userInfo } from 'node:os';

import { hasAccounts } from '../../../activities/has-accounts.ts';
import { RevsyncError } from '../../domain/errors.ts';
import type { Mistake } from '../../domain/mapping/checks/mistake.ts';
import { type MappableEntity, readMapping } from '../../domain/tenancy/mapping.ts';
import { keptOfEntities } from '../../store/tenancy/entity-records.ts';
import { type MappedEntity, mapEntities } from '../../store/tenancy/map-entities.ts';
import { openOutput, type Output, table } from '../output.ts';
import { type BillingSession, withBilling } from '../session.ts';
import { countOf, mistakesText } from '../template/mistakes-output.ts';
import { parseTemplateText, readTextFile } from '../template/read-template-file.ts';
import { readEntities } from './read-entities.ts';

interface MapFlags {
  readonly file?: string;
  readonly entity?: string;
  readonly org?: string;
  readonly name?: string;
  readonly by?: string;
  readonly reason: string;
  readonly json?: boolean;
}

/** Maps entities to organisations, by a file with all of them or by one entity; Billing has to have them. */
export async function mapAction({ json = false, by, reason, ...flags }: MapFlags): Promise<void> {
  const output = openOutput(json);
  const read = await mappingInput(flags); // before anything is started
  if ('mistake' in read) return printMistakes(output, [read.mistake]);
  await withBilling(output, async (session) => {
    const whole = flags.file !== undefined;
    const checked = readMapping(read.input, await mappable(session, whole), { whole });
    if ('mistakes' in checked) return printMistakes(output, checked.mistakes);
    const mapped = await mapEntities(session.database.db, checked.mapping, {
      by: by ?? userInfo().username,
      reason,
    });
    output.result({ entities: mapped }, table(['entity', 'organisation', ''], mapped.map(cells)));
  });
}

const cells = ({ entity, org, was, changed }: MappedEntity): string[] => [
  entity,
  org,
  changed ? `was ${was}` : 'as before',
];

async function mappingInput({
  file,
  entity,
  org,
  name,
}: MapFlagsOfOne): Promise<{ readonly input: unknown } | { readonly mistake: Mistake }> {
  if (file !== undefined) return parseTemplateText(await readTextFile(file));
  if (entity === undefined || org === undefined) {
    throw new RevsyncError('What to map is not said.', {
      code: 'USAGE',
      fate: 'fix-input',
      remedy: 'Name a file with --file, or one entity with --entity and its organisation with --org.',
    });
  }
  return { input: { mapping: [{ entity, org, ...(name === undefined ? {} : { name }) }] } };
}

type MapFlagsOfOne = Pick<MapFlags, 'file' | 'entity' | 'org' | 'name'>;

/** What the check has to know; Billing is asked about accounts only where it matters. */
async function mappable(session: BillingSession, whole: boolean): Promise<MappableEntity[]> {
  const entities = await readEntities(session);
  const kept = await keptOfEntities(session.database.db);
  const known: MappableEntity[] = [];
  for (const { entity, billingId, displayName, org } of entities) {
    const accounts = whole ? await hasAccounts(session.billing.billing.forEntity(billingId)) : null;
    known.push({ entity, billingId, displayName, org, accounts, kept: kept.get(entity) ?? [] });
  }
  return known;
}

function printMistakes(output: Output, mistakes: readonly Mistake[]): void {
  const error = {
    code: 'MAPPING_INVALID',
    message: `The mapping has ${countOf(mistakes)}; nothing was changed.`,
    remedy: 'Correct what is listed; `revsync entity list --sync` shows the entities.',
  };
  output.result({ error, mistakes }, [error.message, ...mistakesText(mistakes), error.remedy]);
  process.exitCode = 2;
}
