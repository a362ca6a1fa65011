import { nearestName } from '../../nearest-name.ts';
import { derivationRule } from '../derivation-rules.ts';
import { findStagingField, STAGING_FIELDS } from '../staging-fields.ts';
import type { TemplateType } from '../transaction-template.ts';
import type { Draft } from './draft.ts';
import type { Mistake } from './mistake.ts';

const MAPPABLE = STAGING_FIELDS.flatMap(({ label, derived }) => (derived ? [] : [label]));

/** The first attribute that nothing fills. */
export function freeAttribute(labels: ReadonlySet<string>): string {
  return MAPPABLE.find((label) => label.startsWith('ATR') && !labels.has(label)) ?? 'an attribute';
}

/** Labels that are none, that the pipeline fills itself, or that two rows or constants fill. */
export function checkLabels(draft: Draft): Mistake[] {
  const fills = [...draft.rows, ...draft.constants].flatMap(({ at, value }) =>
    value.to === null ? [] : [{ at, label: value.to }],
  );
  const first = new Map<string, string>();
  return [
    ...fills.flatMap(({ at, label }) => labelMistakes(`${at}.to`, label, draft.type)),
    ...fills.flatMap(({ at, label }): Mistake[] => {
      const before = first.get(label);
      first.set(label, before ?? at);
      if (before === undefined) return [];
      return [
        {
          path: `${at}.to`,
          message: `${label} is filled by ${before} already.`,
          suggestion: `Keep one of the two, or fill ${freeAttribute(draft.labels)} with this one.`,
        },
      ];
    }),
  ];
}

function labelMistakes(path: string, label: string, type: TemplateType | null): Mistake[] {
  const field = findStagingField(label);
  if (field === undefined) {
    const near = nearestName(label, MAPPABLE);
    const suggestion =
      near === null
        ? 'Write a label as the mapping documents have it, or ATR1-ATR60.'
        : `Did you mean ${near}?`;
    return [{ path, message: `There is no staging field ${label}.`, suggestion }];
  }
  if (!field.derived) return [];
  const rule = type === null ? '' : ` ${derivationRule(type, label)}`;
  return [
    { path, message: `${label} is derived; no template fills it.`, suggestion: `Leave it out.${rule}` },
  ];
}
