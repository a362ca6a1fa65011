import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';
import { z } from 'zod';

import { readAnswers } from '../src/domain/enablement/answers-file.ts';
import {
  Abort,
  Amend,
  Answer,
  RetryStep,
  SkipStep,
  SkipValue,
} from '../src/domain/enablement/enablement-messages.ts';
import { EnablementInput } from '../src/domain/enablement/enablement-input.ts';
import { Reminders } from '../src/domain/enablement/reminders.ts';
import type { StepDefinition, StepNumber } from '../src/domain/enablement/step.ts';
import { ENABLEMENT_STEPS, stepOf } from '../src/domain/enablement/steps.ts';

const FOLDER = join(import.meta.dirname, '../docs/enablement');
const page = (name: string): string => readFileSync(join(FOLDER, `${name}.md`), 'utf8');

const JsonObject = z.record(z.string(), z.json());
type Shown = z.infer<typeof JsonObject>;

/** The JSON that a page shows to be sent: in blocks, and in code spans. A block that is no JSON fails the test. */
function shownIn(markdown: string): Shown[] {
  const blocks = [...markdown.matchAll(/^```json\n(.*?)^```/gms)].map((match) => match[1] ?? '');
  const prose = markdown.replaceAll(/^```.*?^```/gms, '');
  const spans = [...prose.matchAll(/`(\{[^`]*\})`/g)].map((match) => match[1] ?? '');
  return [...blocks, ...spans].map((text) => JsonObject.parse(JSON.parse(text)));
}

type Kind = 'answer' | 'amend' | 'skip' | 'file' | 'other';

function kindOf(shown: Shown): Kind {
  if ('answers' in shown) return 'file';
  if (!('step' in shown)) return 'other';
  if (!('value' in shown)) return 'reason' in shown ? 'skip' : 'other';
  return 'reason' in shown ? 'amend' : 'answer';
}

/** Why JSON would not be taken; null: it would. */
function misfit(shown: Shown): string | null {
  switch (kindOf(shown)) {
    case 'file': {
      const read = readAnswers(shown);
      return 'mistakes' in read ? JSON.stringify(read.mistakes) : null;
    }
    case 'answer':
      return valueMisfit(Answer.parse(shown));
    case 'amend':
      return valueMisfit(Amend.parse(shown));
    case 'skip': {
      const { step } = SkipStep.parse(shown);
      return stepOf(step).skip.legal ? null : `step ${step} may not be skipped`;
    }
    case 'other': {
      const known = [EnablementInput, Reminders, RetryStep, Abort, SkipValue];
      return known.some((schema) => schema.safeParse(shown).success) ? null : 'it is no message';
    }
  }
}

function valueMisfit({ step, value }: { step: StepNumber; value: object }): string | null {
  const parsed = stepOf(step).answer.safeParse(value);
  return parsed.success ? null : z.prettifyError(parsed.error);
}

const mistakesIn = (markdown: string): string[] =>
  shownIn(markdown).flatMap((shown) => {
    const why = misfit(shown);
    return why === null ? [] : [`${JSON.stringify(shown)}: ${why}`];
  });

/** The messages of a page that are for its own step. */
const messagesOf = ({ name, step }: StepDefinition): Kind[] =>
  shownIn(page(name)).flatMap((shown) => {
    const answers = z.record(z.string(), z.unknown()).safeParse(shown['answers']).data ?? {};
    return shown['step'] === step || String(step) in answers ? [kindOf(shown)] : [];
  });

describe('what the pages of the enablement show', () => {
  test.each(ENABLEMENT_STEPS.map(({ name }) => name))('%s would be taken as it is', (name) => {
    expect(mistakesIn(page(name))).toEqual([]);
  });

  test('README would be taken as it is, with a file that answers every step', () => {
    const readme = page('README');
    expect(mistakesIn(readme)).toEqual([]);
    const whole = shownIn(readme).find((shown) => kindOf(shown) === 'file');
    const answers = JsonObject.parse(whole?.['answers']);
    expect(Object.keys(answers)).toEqual(ENABLEMENT_STEPS.map(({ step }) => String(step)));
  });

  test.each(ENABLEMENT_STEPS)(
    'step $step has an answer and its file, as a message to paste',
    (definition) => {
      const messages = messagesOf(definition);
      expect(messages).toEqual(expect.arrayContaining(['answer', 'file']));
    },
  );

  test.each(ENABLEMENT_STEPS)(
    'step $step has a skip where it may be skipped, and else says why not',
    (definition) => {
      const { name, skip } = definition;
      expect(messagesOf(definition).includes('skip')).toBe(skip.legal);
      expect(page(name)).toMatch(skip.legal ? /May be skipped +\| yes/ : /May be skipped +\| no/);
    },
  );

  test.each(ENABLEMENT_STEPS)('step $step has an amendment where there can be one', (definition) => {
    // With the last step the enablement is over.
    const can = definition.final === null && definition.step !== 11;
    expect(messagesOf(definition).includes('amend')).toBe(can);
  });

  test.each(ENABLEMENT_STEPS)(
    'step $step is told under its title, in the same sections',
    ({ step, name, title }) => {
      const headings = [...page(name).matchAll(/^#+ .+$/gm)].map(([heading]) => heading);
      expect(headings).toEqual([
        `# Step ${step}: ${title}`,
        '## What to send',
        '## What is refused',
        '## Changing it later',
        '## What is kept',
      ]);
      expect(page('README')).toContain(`[${step} ${title}](${name}.md)`);
      expect(page(name)).toContain(`(point ${step})`);
    },
  );
});

describe('JSON that would not be taken', () => {
  test.each([
    '```json\n{"step": 1, "value": {"contact": 5}}\n```\n',
    'Send `{"step": 4, "reason": "..."}`.',
    'Send `{"steps": 4}`.',
    '```json\n{"answers": {"6": {"skip": true, "reason": "..."}}}\n```\n',
    '```json\n{"step": 10, "value": {"mode": "manual", "cron": "0 5 * * *"}, "reason": "..."}\n```\n',
  ])('is noticed in %j', (markdown) => {
    expect(mistakesIn(markdown)).toHaveLength(1);
  });
});
