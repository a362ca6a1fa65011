import { shortText } from '../short-text.ts';
import { cutList, listed } from './cut-list.ts';
import { listedNames } from './listed-names.ts';
import type { JsonObject, Turn } from './step.ts';
import type { KeptTemplate, TemplatePlan } from './template-plan.ts';

/** What one copy forms of the data that is here. Counts are exact text. */
export interface TemplateTrial {
  readonly entity: string;
  /** `<name>@<version>`. */
  readonly template: string;
  readonly lines: string;
  /** How many of `lines` are collected: these stay as they are. */
  readonly collected: string;
  /** Lines that are there, however they were formed. */
  readonly standing: string;
  /** How many of `lines` something holds; none that is collected. */
  readonly withheld: string;
  readonly holds: readonly { readonly limitation: string; readonly lines: string }[];
  /** Whether the same lines would be formed and held without it. */
  readonly same: boolean;
  /** Fields that differ from what is formed without it, and on how many lines. */
  readonly changed: readonly { readonly label: string; readonly lines: string }[];
  readonly samples: readonly SampleLine[];
  /** Fields that no sync has brought yet. */
  readonly neverExtracted: readonly string[];
}

export interface SampleLine {
  readonly line: string;
  readonly fields: readonly { readonly label: string; readonly value: string | null }[];
}

/** What the templates are and what they form. */
export interface TemplateFacts extends Pick<TemplatePlan, 'kept' | 'unread'> {
  readonly trials: readonly TemplateTrial[];
  /** Entities that need none. */
  readonly withoutAccounts: readonly string[];
  /** Entities whose data is not here, so that nobody knows. */
  readonly notRead: readonly string[];
}

/** Asks for the approval of the templates, with the numbers. */
export function asksForTemplates(facts: TemplateFacts): Turn {
  const { trials, kept, unread } = facts;
  return {
    kind: 'ask',
    message: [
      ...(trials.length === 0 ? ['No template is to be made.'] : [readyText(trials), formedText(trials)]),
      ...(trials.length === 0 ? [] : changedText(trials)),
      ...keptText(kept),
      ...missingText(trials, unread),
      ...withoutText(facts),
    ].join(' '),
    remedy: [
      'Approve to have them frozen and used from the next sync on.',
      ...exampleText(trials),
      ...(trials[0] === undefined ? [] : [`\`revsync template diff "${trials[0].template}"\` tells more.`]),
      'For a template of your own, load it for its entity and make it the default (`revsync template load --entity`, `revsync template freeze --default`): it then stays. To map other fields, amend step 5.',
    ].join('\n'),
    value: { approve: true },
    polls: false,
  };
}

/** The end: the copies are what the entities use. */
export function templatesMade(facts: TemplateFacts, approvedBy: string | null): Turn {
  const { trials, kept, unread } = facts;
  const made =
    trials.length === 0 ? 'No template was made.' : `${templatesText(trials)} used from the next sync on.`;
  return {
    kind: 'done',
    note: [made, ...collectedText(trials), ...keptText(kept), ...withoutText(facts)].join(' '),
    evidence: { approvedBy, ...evidenceOf(trials), ...keptEvidence(kept), ...unreadEvidence(unread) },
  };
}

function collectedText(trials: readonly TemplateTrial[]): string[] {
  const collected = sum(trials.map((trial) => trial.collected));
  if (collected === '0') return [];
  return [`What is collected already (${collected} ${collected === '1' ? 'line' : 'lines'}) stays as it is.`];
}

const sum = (counts: readonly string[]): string =>
  String(counts.reduce((total, count) => total + BigInt(count), 0n));

const entitiesOf = (trials: readonly TemplateTrial[]): string => {
  const count = new Set(trials.map(({ entity }) => entity)).size;
  return count === 1 ? '1 entity' : `${count} entities`;
};

const templatesText = (trials: readonly TemplateTrial[]): string =>
  `${trials.length === 1 ? '1 template' : `${trials.length} templates`} for ${entitiesOf(trials)} ${trials.length === 1 ? 'is' : 'are'}`;

const readyText = (trials: readonly TemplateTrial[]): string =>
  `${templatesText(trials)} ready: ${listedNames(trials.map(({ template }) => template))}.`;

function formedText(trials: readonly TemplateTrial[]): string {
  const lines = sum(trials.map((trial) => trial.lines));
  if (lines === '0') return noLineText(sum(trials.map(({ standing }) => standing)));
  const collected = sum(trials.map((trial) => trial.collected));
  const they = `Of what was read from Billing they form ${lines} lines`;
  if (collected === '0') return `${they}, ${readinessText(trials, 'of them')}.`;
  const stay = 'stay as they are: the templates count for lines formed from then on.';
  if (collected === lines) return `${they}. All of them are collected, and ${stay}`;
  return `${they}, ${collected} of them collected. Those ${stay} Besides there are ${String(BigInt(lines) - BigInt(collected))}, ${readinessText(trials, 'of these')}.`;
}

const noLineText = (standing: string): string =>
  standing === '0'
    ? 'Nothing was read from Billing that lines could be formed of.'
    : `They form no line of what was read from Billing, though ${standing} are there.`;

function readinessText(trials: readonly TemplateTrial[], ofWhich: string): string {
  const withheld = sum(trials.map((trial) => trial.withheld));
  if (withheld === '0') return `all ${ofWhich} ready`;
  const holds = totals(
    trials.flatMap((trial) => trial.holds.map(({ limitation, lines }) => [limitation, lines])),
  );
  return `${withheld} ${ofWhich} not ready (${listedNames(holds.map(([id, lines]) => `${id} ${lines}`))})`;
}

/** Nothing, where there are no lines to differ. */
function changedText(trials: readonly TemplateTrial[]): string[] {
  const changed = totals(trials.flatMap((trial) => trial.changed.map(({ label, lines }) => [label, lines])));
  if (changed.length > 0) {
    const fields = listedNames(changed.map(([label, lines]) => `${label} on ${lines}`));
    return [`Fields that differ from what is formed without them: ${fields}.`];
  }
  if (!trials.every(({ same }) => same)) return ['Without them, other lines would be formed or held.'];
  return trials.every(({ lines }) => lines === '0') ? [] : ['Without them the lines would be the same.'];
}

/** Counts of the same name added up, the highest first. */
function totals(counts: readonly (readonly [string, string])[]): [string, string][] {
  const added = new Map<string, bigint>();
  for (const [name, count] of counts) added.set(name, (added.get(name) ?? 0n) + BigInt(count));
  return [...added]
    .toSorted(([one, first], [other, second]) =>
      first === second ? (one < other ? -1 : 1) : first < second ? 1 : -1,
    )
    .map(([name, count]) => [name, String(count)]);
}

const keptText = (kept: readonly KeptTemplate[]): string[] =>
  kept.length === 0
    ? []
    : [`These stay, since people made them the default: ${listedNames(kept.map(oneKept))}.`];

const oneKept = ({ entity, type, id, madeBy, lacks }: KeptTemplate): string =>
  `${entity} ${type} with "${id}" by ${shortText(madeBy, 60)}${lacks.length === 0 ? '' : `, which does not read ${listedNames(lacks, 3)}`}`;

function missingText(trials: readonly TemplateTrial[], unread: readonly string[]): string[] {
  const missing = [...new Set(trials.flatMap(({ neverExtracted }) => neverExtracted))].toSorted();
  return [
    ...(missing.length === 0 ? [] : [`Empty until a sync brings it: ${listedNames(missing)}.`]),
    ...(unread.length === 0
      ? []
      : [`No template reads ${listedNames(unread)}: no line of these types has it in reach.`]),
  ];
}

const withoutText = ({
  withoutAccounts,
  notRead,
}: Pick<TemplateFacts, 'withoutAccounts' | 'notRead'>): string[] => [
  ...(withoutAccounts.length === 0
    ? []
    : [`Without accounts, and so without templates: ${listedNames(withoutAccounts)}.`]),
  ...(notRead.length === 0
    ? []
    : [
        `Not read from Billing, and so without templates of their own: ${listedNames(notRead)}. Amend this step once they are read.`,
      ]),
];

const LONGEST_VALUE = 40;
const MOST_SAMPLES = 3;

/** A line of each of the first templates that form any. */
const samplesOf = (trials: readonly TemplateTrial[]): SampleLine[] =>
  trials.flatMap(({ samples }) => samples.slice(0, 1)).slice(0, MOST_SAMPLES);

function exampleText(trials: readonly TemplateTrial[]): string[] {
  return samplesOf(trials).map(({ line, fields }) => {
    const filled = fields.flatMap(({ label, value }) => (value === null ? [] : [`${label} ${short(value)}`]));
    return `For example ${line} with ${filled.join(', ')}.`;
  });
}

const short = (value: string): string => shortText(value.replace(/\s+/g, ' '), LONGEST_VALUE);

function evidenceOf(trials: readonly TemplateTrial[]): JsonObject {
  const holds = totals(
    trials.flatMap((trial) => trial.holds.map(({ limitation, lines }) => [limitation, lines])),
  );
  const templates = trials.map(({ template, lines, collected, withheld, changed }) => ({
    template,
    lines,
    ...(collected === '0' ? {} : { collected }),
    withheld,
    changedLines: Object.fromEntries(changed.slice(0, 3).map((each) => [each.label, each.lines])),
  }));
  const samples = samplesOf(trials).map(({ line, fields }) => ({
    line,
    ...Object.fromEntries(fields.map(({ label, value }) => [label, value === null ? null : short(value)])),
  }));
  return {
    ...listed('templates', cutList(templates, { characters: 1_800 })),
    ...(holds.length === 0 ? {} : { holds: Object.fromEntries(cutList(holds, { characters: 400 }).shown) }),
    ...(samples.length === 0 ? {} : { samples }),
  };
}

function keptEvidence(kept: readonly KeptTemplate[]): JsonObject {
  const stay = kept.map(({ entity, type, id, madeBy }) => ({
    entity,
    type,
    template: id,
    madeBy: shortText(madeBy, 60),
  }));
  return stay.length === 0 ? {} : listed('kept', cutList(stay, { characters: 500 }));
}

const unreadEvidence = (unread: readonly string[]): JsonObject =>
  unread.length === 0 ? {} : listed('unread', cutList(unread, { characters: 300 }));
