const DAY = 86_400_000;

/** Days `YYYY-MM-DD`, both included. */
export interface DaySpan {
  readonly from: string;
  readonly to: string;
}

/** Whether the text is a day of the calendar: `2024-02-29` is one, `2023-02-29` is none. */
export function isDay(text: string): boolean {
  return (
    /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text)) && dayOf(Date.parse(text)) === text
  );
}

/** The span in pieces of at most `length` days, in order, without gap or overlap. */
export function daySpans({ from, to }: DaySpan, length: number): DaySpan[] {
  const last = Date.parse(to);
  const spans: DaySpan[] = [];
  for (let start = Date.parse(from); start <= last; start += length * DAY) {
    spans.push({ from: dayOf(start), to: dayOf(Math.min(start + (length - 1) * DAY, last)) });
  }
  return spans;
}

function dayOf(instant: number): string {
  return new Date(instant).toISOString().slice(0, 10);
}
