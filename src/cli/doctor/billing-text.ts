import { table } from '../output.ts';
import type { Alike } from './alike.ts';
import type { BillingReport, EntityRow, ObjectRow } from './billing-report.ts';
import type { JudgedFeature } from '../../domain/features/judge.ts';

/** What the credentials may do, for a person: entities, objects, interfaces, and what that means for each feature. */
export function billingText({ entities, objects, apis, features }: BillingReport): string[] {
  const reached = entities.filter(({ access }) => access === 'ok').length;
  const where = ({ entities: keys }: Alike<object>): string =>
    keys.length === reached ? '' : keys.join(', ');
  return [
    'What the credentials may do in Billing',
    '',
    ...entitiesText(entities),
    '',
    ...withoutEmpty(
      ['object', 'access', 'in', 'fields', 'custom', 'deleted rows', 'not exported'],
      objects.map((row) => objectCells(row, where(row))),
    ),
    '',
    ...withoutEmpty(
      ['interface', 'access', 'in', 'found'],
      apis.map(({ name, state, detail, ...row }) => [name, stateText(state), where(row), detail]),
    ),
    '',
    'What revsync can do with that',
    '',
    ...features.flatMap((feature) => featureText(feature, where(feature))),
  ];
}

function entitiesText(entities: readonly EntityRow[]): string[] {
  const header = ['entity', 'id', 'name', 'display name', 'parent', 'time zone', 'home currency', 'access'];
  const rows = entities.map((entity) => [
    entity.key,
    entity.id ?? '',
    entity.name,
    entity.displayName,
    entity.parent ?? '',
    entity.timezone ?? '',
    entity.homeCurrency ?? '(none)',
    entity.access === 'ok'
      ? ''
      : `${stateText(entity.access)}${entity.note === null ? '' : `: ${entity.note}`}`,
  ]);
  return withoutEmpty(header, rows);
}

function objectCells({ object, access, note, ...row }: ObjectRow, where: string): string[] {
  if (access !== 'ok') return [object, access, where, '', '', '', note ?? ''];
  const known = row.missing.length === 0 ? '' : `${row.missing.length} of those that revsync knows`;
  const needed = row.needed.length === 0 ? '' : `; lines need ${row.needed.join(', ')}`;
  return [
    object,
    access,
    where,
    String(row.fields),
    String(row.customFields.length),
    deletedText(row),
    `${known}${needed}`,
  ];
}

function deletedText({ deletedColumn, kind }: Pick<ObjectRow, 'deletedColumn' | 'kind'>): string {
  if (deletedColumn === null) return 'not known';
  if (deletedColumn) return 'in the export';
  return kind === 'state' ? 'read whole' : 'not in the export';
}

const stateText = (state: string): string => state.replace('-', ' ');

const WORDS: Readonly<Record<JudgedFeature['state'], string>> = {
  ok: 'ok     ',
  partly: 'partly ',
  off: 'off    ',
  missing: 'missing',
  unknown: 'unknown',
};

function featureText(feature: Alike<JudgedFeature>, where: string): string[] {
  const { state, name, essential, by, found, missing, consequence, remedy } = feature;
  const how = state === 'ok' && missing.length > 0 && by !== null ? `, by ${by}` : '';
  const list = found !== null && found.length > 0 ? `: ${found.join(', ')}` : '';
  const lacks = state === 'off' || missing.length === 0 ? [] : [`lacks ${enumerated(missing)}`];
  const below = [
    ...lacks,
    ...(consequence === null ? [] : [consequence]),
    ...(remedy === null ? [] : [remedy]),
  ];
  return [
    `${essential && state === 'missing' ? 'MISSING' : WORDS[state]}  ${name}${how}${list}${where === '' ? '' : ` [${where}]`}`,
    ...below.map((line) => `         ${line}`),
  ];
}

const MOST_NAMES = 8;

function enumerated(names: readonly string[]): string {
  if (names.length <= MOST_NAMES + 1) return names.join(', ');
  return `${names.slice(0, MOST_NAMES).join(', ')} and ${names.length - MOST_NAMES} more (--json has all)`;
}

/** A table without the columns that nobody filled. */
function withoutEmpty(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const filled = header.map((_, at) => rows.some((row) => (row[at] ?? '') !== ''));
  const kept = (row: readonly string[]): string[] => row.filter((_, at) => filled[at]);
  return table(kept(header), rows.map(kept));
}
