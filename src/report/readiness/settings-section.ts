import type { ReadinessReport, ReadinessSetting } from '../../domain/readiness/report.ts';
import { type Html, html } from '../html.ts';
import { type Column, fitBadge, own, section, table } from './parts.ts';

/** Every setting that revenue depends on, with what it has to be; then the features that decide what is synced. */
export function settingsSection({ settings, features }: ReadinessReport): Html {
  if (settings.length === 0) {
    return section(
      'settings',
      'Settings in Billing',
      html`<p>
        Billing’s settings have not been read. Run readiness where Billing can be asked, or
        <code>revsync settings run</code>.
      </p>`,
    );
  }
  const open = settings.filter(({ fits }) => fits !== true);
  const fitting = settings.filter(({ fits }) => fits === true);
  return section(
    'settings',
    'Settings in Billing',
    html`${open.length === 0 ? html`<p>Every setting is as revenue needs it.</p>` : openTable(open)}
    ${fitting.length === 0 ? null : table('Settings that are as required', COLUMNS, fitting.map(cells))}
    ${featuresTable(features)}`,
  );
}

const COLUMNS: readonly Column[] = [
  { title: 'Setting', kind: 'key' },
  { title: 'State' },
  { title: 'Entity' },
  { title: 'Is' },
  { title: 'Required' },
];

const cells = ({ name, fits, binding, entity, value, required }: ReadinessSetting) => [
  name,
  fitBadge(fits, binding),
  own(entity),
  own(value ?? 'not told'),
  required,
];

/** What has to change, then what is not known; only these need a reason. */
function openTable(settings: readonly ReadinessSetting[]): Html {
  const ordered = settings.toSorted((one, other) => Number(one.fits === null) - Number(other.fits === null));
  return table(
    'Settings to change or to look at',
    [...COLUMNS, { title: 'Why it matters' }],
    ordered.map((each) => [...cells(each), each.why]),
  );
}

const featuresTable = (features: ReadinessReport['features']): Html =>
  table(
    'Features of the tenant',
    [
      { title: 'Feature', kind: 'key' },
      { title: 'Entity' },
      { title: 'State' },
      { title: 'How it is known' },
    ],
    features.map(({ feature, entity, on, how }) => [feature, own(entity), stateOf(on), how]),
  );

function stateOf(on: boolean | null): string {
  if (on === null) return 'not known';
  return on ? 'on' : 'off';
}
