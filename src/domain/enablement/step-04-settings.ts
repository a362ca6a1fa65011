import { z } from 'zod';

import { nearestName } from '../nearest-name.ts';
import { plainText } from '../plain-text.ts';
import type { Sum } from '../readiness/report.ts';
import { shortText } from '../short-text.ts';
import { briefly, fitting, inFull, saidIn } from './deviation-words.ts';
import { type Deviation, openDeviations } from './deviations.ts';
import type { Refusal } from './refusal.ts';
import { defineStep, type JsonObject, type Turn } from './step.ts';

export const SettingsAnswer = z.strictObject({
  approve: z.literal(true),
  /** Settings and known limitations that are accepted as they are. */
  accept: z.array(plainText().min(1).max(200)).max(200).optional(),
  /** Why they are. */
  note: plainText().trim().min(1).max(2_000).optional(),
});
export type SettingsAnswer = z.infer<typeof SettingsAnswer>;

export const STEP_04 = defineStep<SettingsAnswer>({
  step: 4,
  name: 'step-04-settings',
  title: 'Review and sync the settings',
  asks: 'Settings of Billing with an impact on revenue are reviewed, and synced by the program that configures profiles and lookups.',
  kind: 'automatic',
  condition: null,
  reads:
    'Every setting that revenue depends on, of every entity, and what readiness finds in the data of the tenant.',
  does: 'Compares each with what it has to be, waits for the approval of deviations, and runs the settings sync.',
  evidence:
    'Deviations and who accepted them, what readiness found, and the profiles and lookups that were written.',
  gates: [2],
  skip: { legal: false, why: 'deviations may be accepted instead, each by its name and with a reason' },
  final: null,
  again: [],
  answer: SettingsAnswer,
  example: { approve: true, accept: ['invoice-past-end-of-term'], note: '...' },
});

/** What readiness finds in the data of the tenant. Counts are exact text. */
export interface ReadinessFound {
  readonly affected: readonly {
    readonly id: string;
    readonly count: string;
    readonly amounts: readonly Sum[];
  }[];
  readonly cannotTell: string;
  /** Entities that nothing could be read of, kept from the credentials. */
  readonly unread: readonly string[];
}

/** What was said of the settings so far. */
export interface Reviewed {
  readonly deviations: readonly Deviation[];
  readonly answer: SettingsAnswer | null;
  readonly by: string | null;
  readonly note: string | null;
  /** Whether the settings sync has been done. */
  readonly synced: boolean;
}

/** What comes next: a question while a deviation is open, then the settings sync, then the end. */
export function nextAtSettings({ deviations, answer, synced }: Reviewed): 'ask' | 'sync' | 'done' {
  if (openDeviations(deviations, answer?.accept ?? []).length > 0) return 'ask';
  return synced ? 'done' : 'sync';
}

/** Why deviations stay: the answer says it, or the message around it does. */
export const reasonOf = ({ answer, note }: Pick<Reviewed, 'answer' | 'note'>): string | null =>
  answer?.note ?? note;

const LONGEST_MESSAGE = 400;
/** Whoever accepts a deviation has read what follows from it: room for all of them in several entities. */
const LONGEST_QUESTION = 7_500;
const LONGEST_REFUSAL = 1_450;
const ALL_SETTINGS = 'revsync settings list tells them all.';

/** What has to be accepted or changed, with what follows from it. */
export function askToAccept(reviewed: Reviewed, found: ReadinessFound): Turn {
  const open = openDeviations(reviewed.deviations, reviewed.answer?.accept ?? []);
  const many = open.length === 1 ? 'One deviation has' : `${open.length} deviations have`;
  const before = `${many} to be accepted or changed in Billing: `;
  const after = `. ${metWords(found)}`;
  return {
    kind: 'ask',
    message: `${before}${briefly(open, LONGEST_MESSAGE - before.length - after.length)}${after}`,
    remedy: fitting(
      [
        'Change them in Billing, or accept each by its name with the reason in note; what was changed meanwhile needs no name.',
        ...open.map(inFull),
      ],
      LONGEST_QUESTION,
      ALL_SETTINGS,
      '\n',
    ),
    value: settingsProposal(reviewed),
    polls: false,
  };
}

/** An answer that would do. */
function settingsProposal(reviewed: Pick<Reviewed, 'deviations' | 'answer' | 'note'>): JsonObject {
  const { deviations } = reviewed;
  if (deviations.length === 0) return { approve: true };
  return {
    approve: true,
    accept: deviations.map(({ id }) => id),
    note: reasonOf(reviewed) ?? '...',
  };
}

export function metWords({ affected, unread }: ReadinessFound): string {
  const met =
    affected.length === 0
      ? 'Readiness finds no known limitation in the data.'
      : `Readiness finds ${affected.length} known limitation${affected.length === 1 ? '' : 's'} in effect; revsync readiness tells all.`;
  return unread.length === 0
    ? met
    : `${met} ${unread.length} ${unread.length === 1 ? 'entity is' : 'entities are'} kept from the credentials and could not be looked at.`;
}

/** Every id that may be accepted, whether or not it deviates. */
export interface Acceptable {
  readonly settings: readonly string[];
  readonly limitations: readonly string[];
}

/** Why an approval cannot be taken, all mistakes at once; null: it can. */
export function settingsRefusal(
  reviewed: Pick<Reviewed, 'deviations' | 'note'> & { readonly answer: SettingsAnswer },
  acceptable: Acceptable,
): Refusal | null {
  const accept = reviewed.answer.accept ?? [];
  const mistakes = [
    ...unknownIds(accept, acceptable),
    ...notAccepted(openDeviations(reviewed.deviations, accept)),
    ...(accept.length > 0 && reasonOf(reviewed) === null
      ? ['A reason is missing: say in note why what is accepted stays as it is.']
      : []),
  ];
  if (mistakes.length === 0) return null;
  return { refusal: fitting(mistakes, LONGEST_REFUSAL, ALL_SETTINGS), value: settingsProposal(reviewed) };
}

function unknownIds(accept: readonly string[], { settings, limitations }: Acceptable): string[] {
  const known = [...settings, ...limitations];
  const unknown = [...new Set(accept)].filter((id) => !known.includes(id));
  return unknown.map((written) => {
    const id = shortText(written, 60);
    const near = nearestName(id, known);
    const hint =
      near === null
        ? 'Names are those of revsync settings list and revsync limitations.'
        : `Did you mean ${near}?`;
    return `There is no setting or known limitation "${id}". ${hint}`;
  });
}

const notAccepted = (open: readonly Deviation[]): string[] =>
  open.map(
    (each) =>
      `${each.id} is not accepted (${saidIn(each)}; wanted: ${each.required}): change it in Billing, or name it in accept.`,
  );

export const workAtSettings = (tenant: string): Turn => ({
  kind: 'work',
  note: 'The settings sync writes the profiles and lookups that follow.',
  work: [
    {
      workflow: 'settingsSync',
      id: `settings-sync/${tenant}`,
      input: {},
      summary: 'profiles and lookups that follow from the settings of Billing',
    },
  ],
});
