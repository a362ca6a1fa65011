import { type Command, Option } from 'commander';

import type { TenantEntity } from '../../domain/tenancy/records.ts';
import { entityRecords } from '../../store/tenancy/entity-records.ts';
import { mapAction } from '../entity/map-action.ts';
import { readEntities } from '../entity/read-entities.ts';
import { openOutput, type Output, table } from '../output.ts';
import { byOption, reasonOption } from '../reasoned-options.ts';
import { withBilling, withDatabase } from '../session.ts';

/** `revsync entity`: Billing's entities and the organisations they belong to. */
export function registerEntity(program: Command): void {
  const entity = program
    .command('entity')
    .description('Entities of the tenant, and the organisations they belong to.');
  entity
    .command('list')
    .description('The entities, in key order.')
    .option('--sync', 'read them from Billing first')
    .option('--json', 'print one JSON document')
    .action(listAction);
  entity
    .command('map')
    .description(
      'Put entities into organisations: one each, or several into one. Do it before the first sync.',
    )
    .addOption(
      new Option('--file <file>', 'YAML or JSON: {"mapping": [{"entity", "org", "name"?}]}').conflicts([
        'entity',
        'org',
        'name',
      ]),
    )
    .option('--entity <entity>', 'one entity: its key, Billing id or display name')
    .option('--org <org>', 'the key of its organisation')
    .option('--name <name>', 'what people call the organisation')
    .addOption(reasonOption().makeOptionMandatory())
    .addOption(byOption('who decides this'))
    .option('--json', 'print one JSON document')
    .action(mapAction);
}

async function listAction({ json = false, sync = false }: { json?: boolean; sync?: boolean }): Promise<void> {
  const output = openOutput(json);
  if (sync) await withBilling(output, async (session) => print(output, await readEntities(session)));
  else await withDatabase(output, async ({ database: { db } }) => print(output, await entityRecords(db)));
}

function print(output: Output, entities: readonly TenantEntity[]): void {
  output.result(
    entities,
    entities.length === 0
      ? 'No entity is recorded yet; --sync reads them from Billing, and so does a first sync.'
      : table(
          ['entity', 'organisation', 'name', 'company code', 'parent', 'time zone', 'home', 'id in Billing'],
          entities.map(cells),
        ),
  );
}

const cells = (each: TenantEntity): string[] => [
  each.entity,
  each.org,
  each.displayName,
  each.entityName,
  each.parent ?? '',
  each.timezone ?? '',
  each.homeCurrency ?? '',
  each.billingId ?? '',
];
