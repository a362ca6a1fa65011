import { readdirSync, readFileSync } from 'node:fs';
import { homedir, hostname } from 'node:os';
import { join } from 'node:path';

import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { DefaultLogger, Runtime, Worker, type WorkflowBundle } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { beforeAll, describe, expect, test } from 'vitest';

import * as workflows from '../../workflows/index.ts';
import { bundle } from '../support/temporal.ts';

const FOLDER = join(import.meta.dirname, 'histories');

interface Event {
  readonly eventType: string;
  readonly workflowExecutionStartedEventAttributes?: { readonly workflowType: { readonly name: string } };
  readonly activityTaskScheduledEventAttributes?: { readonly activityType: { name: string } };
}
interface History {
  readonly events: readonly Event[];
}

const names = readdirSync(FOLDER).filter((file) => file.endsWith('.json'));
const read = (name: string): string => readFileSync(join(FOLDER, name), 'utf8');
const historyOf = (name: string): History => JSON.parse(read(name)) as History;
const idOf = (name: string): string => name.replace('.json', '');
const typeOf = ({ events }: History): string | undefined =>
  events[0]?.workflowExecutionStartedEventAttributes?.workflowType.name;

describe('workflow code', () => {
  let workflowBundle: WorkflowBundle;
  beforeAll(async () => {
    Runtime.install({ logger: new DefaultLogger('ERROR', () => undefined) });
    workflowBundle = await bundle();
  });

  const replay = (name: string, history: History) =>
    Worker.runReplayHistory({ workflowBundle }, history, idOf(name));

  test.each(names)('goes on with a run that was recorded before: %s', async (name) => {
    await replay(name, historyOf(name));
  });

  test('has a recorded run of every workflow type', () => {
    const recorded = new Set(names.map((name) => typeOf(historyOf(name))));
    expect(Object.keys(workflows).filter((type) => !recorded.has(type))).toEqual([]);
  });

  test.each([
    'revenue-sync-completed.json',
    'enablement-every-step-answered.json',
    'enablement-has-workflows-run.json',
  ])('is told apart from code that would do something else: %s', async (name) => {
    const history = historyOf(name);
    const scheduled = history.events.flatMap(
      ({ activityTaskScheduledEventAttributes: attributes }) => attributes ?? [],
    );
    const [first, second] = scheduled;
    if (first === undefined || second === undefined) throw new Error('the run scheduled nothing');
    [first.activityType.name, second.activityType.name] = [second.activityType.name, first.activityType.name];
    await expect(replay(name, history)).rejects.toThrow(DeterminismViolationError);
  });
});

describe('recorded runs', () => {
  // Fails with "type must be a Type" when two copies of protobufjs are installed (decision: pin it).
  test.each(names)('%s can be read from JSON', (name) => {
    expect(historyFromJSON(historyOf(name)).events?.length).toBe(historyOf(name).events.length);
  });

  test.each(names)('%s names no machine, no folder and nobody’s home', (name) => {
    const payloads = [...read(name).matchAll(/"data": "([^"]*)"/g)].map(([, data = '']) =>
      Buffer.from(data, 'base64').toString('utf8'),
    );
    const text = [read(name).replaceAll(/"data": "[^"]*"/g, ''), ...payloads].join('\n');
    expect(text).not.toContain(homedir());
    expect(text).not.toContain(join(import.meta.dirname, '..', '..'));
    expect(text).not.toContain(`@${hostname()}`);
    expect(new Set(text.match(/"identity": "[^"]*"/g))).toEqual(new Set(['"identity": "revsync"']));
  });
});
