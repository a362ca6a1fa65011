import { z } from 'zod';

/** Nobody wants to be reminded more often, and every reminder is kept. */
const SHORTEST = 0.25;
const Hours = z
  .number()
  .min(SHORTEST)
  .max(24 * 366);

/** When people who are awaited are reminded, in hours since they are. */
export const Reminders = z.strictObject({
  after: z.array(Hours).min(1).max(50).default([24, 72, 168]),
  /** After the last of these, again and again. */
  every: Hours.default(168),
  /** From then on a reminder is an escalation. */
  escalateAfter: Hours.default(336),
});
export type Reminders = z.infer<typeof Reminders>;

const HOUR = 3_600_000;

/** When the next reminder is due, in milliseconds since 1970; `sent` have been. */
export function nextReminder({ after, every }: Reminders, since: number, sent: number): number {
  const sorted = after.toSorted((a, b) => a - b);
  const beyond = sent - sorted.length + 1;
  const hours = sorted[sent] ?? (sorted.at(-1) ?? 0) + beyond * every;
  return since + hours * HOUR;
}

export const escalates = ({ escalateAfter }: Reminders, since: number, now: number): boolean =>
  now - since >= escalateAfter * HOUR;

/** How many reminders are due by now. */
export function remindersDue(reminders: Reminders, since: number, now: number): number {
  let due = 0;
  while (nextReminder(reminders, since, due) <= now) due += 1;
  return due;
}
