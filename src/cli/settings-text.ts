import type {
  KeptSetting,
  ReportedFeature,
  ReportedRule,
  SettingChange,
} from '../domain/settings/settings-result.ts';
import { table } from './output.ts';
import { wrapped } from './wrapped.ts';

const FITS = new Map<boolean | null, string>([
  [true, 'yes'],
  [false, 'no'],
  [null, 'unknown'],
]);

/** Rules and features for a terminal; below them, what to do about those that do not fit or are not known. */
export function settingsText(rules: readonly ReportedRule[], features: readonly ReportedFeature[]): string[] {
  const attention = rules.filter(({ fits, binding }) => fits === false || (fits === null && binding));
  return [
    ...table(
      ['entity', 'setting', 'value', 'required', 'fits'],
      rules.map(({ entity, setting, value, required, fits }) => [
        entity,
        setting,
        value ?? '-',
        required,
        FITS.get(fits) ?? '',
      ]),
    ),
    '',
    ...table(
      ['entity', 'feature', 'on', 'told by'],
      features.map(({ entity, feature, on, how }) => [entity, feature, FITS.get(on) ?? '', how]),
    ),
    ...attention.flatMap(({ entity, name, why }) => ['', ...wrapped(`${entity}: ${name}. ${why}`, 100)]),
  ];
}

/** What was written, and what a person's choice kept from being written. */
export function changesText(changes: readonly SettingChange[], kept: readonly KeptSetting[]): string[] {
  const written = changes.filter(({ kind }) => kind !== 'billing-setting');
  return [
    ...written.map(
      ({ kind, name, code, before, after }) =>
        `${kind} ${named(name, code)}: ${before ?? 'not set'} -> ${after ?? 'not set'}`,
    ),
    ...kept.map(
      ({ kind, name, code, value, setBy, wouldBe }) =>
        `${kind} ${named(name, code)}: kept ${value}, as ${setBy} set it; by Billing it would be ${wouldBe}`,
    ),
  ];
}

const named = (name: string, code: string | null): string => (code === null ? name : `${name} ${code}`);
