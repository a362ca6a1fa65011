import { sumsText } from '../readiness/words.ts';
import type { KeptSetting, SettingChange } from '../settings/settings-result.ts';
import { shortText } from '../short-text.ts';
import { cutList, listed } from './cut-list.ts';
import { saidIn } from './deviation-words.ts';
import type { Deviation } from './deviations.ts';
import type { Json, JsonObject, Turn } from './step.ts';
import { metWords, type ReadinessFound, reasonOf, type Reviewed } from './step-04-settings.ts';

/** What the settings sync did, and what is left as a person set it. */
export interface Configured {
  readonly changes: readonly SettingChange[];
  readonly kept: readonly KeptSetting[];
  readonly advice: readonly string[];
}

/** Room for what an auditor asks for first, whole for a tenant with several entities. */
const WHOLE = 6_000;
const MOST_CHANGES = 100;

/** The end of the step, with what an auditor asks for. */
export function settingsDone(reviewed: Reviewed, found: ReadinessFound, configured: Configured): Turn {
  const { deviations, by } = reviewed;
  const changes = configured.changes.filter(({ kind }) => kind !== 'billing-setting');
  const { kept, advice } = configured;
  return {
    kind: 'done',
    note: `${deviationWords(deviations.length)}; ${changes.length} profiles and lookups written, ${kept.length} kept as people set them. ${metWords(found)}`,
    evidence: {
      ...listed('deviations', cutList(deviations.map(evidenceOf), { characters: WHOLE })),
      ...(deviations.length === 0
        ? {}
        : { acceptedBy: by, reason: shortText(reasonOf(reviewed) ?? '', 300) }),
      readiness: {
        ...listed('affected', cutList(found.affected.map(affectedEvidence), { characters: 900 })),
        cannotTell: found.cannotTell,
        ...listed('unread', cutList(found.unread, { characters: 200 })),
      },
      ...listed('changes', cutList(changes.map(changeEvidence), { most: MOST_CHANGES, characters: WHOLE })),
      ...listed('kept', cutList(kept.map(keptEvidence), { characters: 300 })),
      ...listed('advice', cutList(advice, { characters: 200 })),
    },
  };
}

const deviationWords = (count: number): string =>
  count === 0 ? 'Every binding setting fits' : `${count} deviation${count === 1 ? '' : 's'} accepted`;

const evidenceOf = (deviation: Deviation): JsonObject => ({
  id: deviation.id,
  said: shortText(saidIn(deviation), 300),
  required: shortText(deviation.required, 80),
  consequence: shortText(deviation.consequence, 200),
});

const affectedEvidence = ({ id, count, amounts }: ReadinessFound['affected'][number]): JsonObject => ({
  id,
  items: count,
  ...(amounts.length === 0 ? {} : { amount: shortText(sumsText(amounts), 80) }),
});

const settingName = (name: string, code: string | null): string => (code === null ? name : `${name} ${code}`);

const changeEvidence = ({ name, code, before, after }: SettingChange): Json => ({
  name: settingName(name, code),
  before,
  after,
});

const keptEvidence = ({ name, code, value, setBy, wouldBe }: KeptSetting): Json => ({
  name: settingName(name, code),
  value,
  setBy,
  wouldBe,
});
