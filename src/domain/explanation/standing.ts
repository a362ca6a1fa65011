import type { LineFacts } from './line-facts.ts';

/** Where a line stands, in one or two sentences. */
export function standingOf(line: LineFacts): string {
  const say = SENTENCES[line.status];
  return say === undefined ? `The line is ${line.status}.` : say(line);
}

const WAIT = 'and what was billed for it waits';
const FLOW = 'but what is billed for it goes on';

const SENTENCES: Readonly<Record<string, (line: LineFacts) => string>> = {
  ready: (line) => `The line is complete, and nothing holds it. ${nextCollection(line)}`,
  held: () => 'The line cannot be formed completely: what is listed below is missing. It is not collected.',
  waiting: () =>
    'The line is complete and waits for what is listed below. Nobody has to do anything about the line itself.',
  stopped: ({ type, billingsWait }) =>
    `A rule stopped the line. It is not collected${type === 'SO' ? `, ${billingsWait ? WAIT : FLOW}` : ''}.`,
  collected,
  superseded: ({ standing, others }) => {
    const newer = standing ?? others.find(({ status }) => status !== 'superseded')?.id;
    const by = newer === undefined ? 'It was' : `${newer} took its place: it was`;
    return `${by} superseded before it was collected itself, and never will be.`;
  },
  rejected: ({ decided }) =>
    decided === null
      ? 'A person said that the line shall not be collected.'
      : `${decided.by} said on ${decided.at.slice(0, 10)} that the line shall not be collected: ${decided.reason}`,
};

function nextCollection({ org, period, dated }: LineFacts): string {
  if (period === null)
    return `It is collected once ${org} has an open accounting period (\`revsync period open\`).`;
  if (period.status !== 'open') {
    return `The period ${period.period} of ${org} is being closed; it is collected when the close is cancelled or the next period opens.`;
  }
  if (dated !== null && dated.slice(0, 7) > period.period) {
    return `The next Data Collection of ${org} looks at it and lets it wait: it is dated ${dated}, after the open period ${period.period}.`;
  }
  return `The next Data Collection of ${org} takes it (\`revsync collect run\`), unless a rule of validation stops it.`;
}

function collected({ id, type, collected: as, standing }: LineFacts): string {
  if (as === null) return 'The line is collected.';
  const when = as.at === null ? '' : ` on ${as.at.slice(0, 10)}`;
  const into = `The line was collected into contract ${as.contract}${when} (collection ${as.collection}).`;
  if (type !== 'SO' || standing === null) return into;
  return standing === id
    ? `${into} The booking stands at it.`
    : `${into} A newer form or version stands in its place: ${standing}.`;
}
