import { type Reply, json } from './replies.ts';

/** A number as JSON is to have it, digit by digit: amounts never become JavaScript numbers. */
export class ExactNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** JSON text in which `ExactNumber` is written as it is. Undefined members are left out. */
export function exactJson(value: unknown): string {
  if (value instanceof ExactNumber) return value.text;
  if (Array.isArray(value)) return `[${value.map(exactJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .map(([key, member]) => `${JSON.stringify(key)}:${exactJson(member)}`);
  return `{${members.join(',')}}`;
}

/** A reply with such a body. */
export function exactReply(body: unknown): Reply {
  return { ...json(null), body: exactJson(body) };
}
