import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { context, ROOT_CONTEXT, createContextKey } from '@opentelemetry/api';
import { activityInfo } from '@temporalio/activity';
import { Client, type WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { activityInterceptors } from '../../activities/interceptors.ts';
import { asyncContext } from '../../src/telemetry/async-context.ts';
import { redactor } from '../../src/telemetry/redact.ts';
import { startTracing, type Tracing } from '../../src/telemetry/tracing.ts';
import { workflowBundle as bundleFor } from '../../workers/bundle.ts';
import { Collector } from '../support/collector.ts';
import { until } from '../support/command-line.ts';
import { mockActivities } from '../support/mock-activities.ts';
import { startTimeSkipping, testCache, untilWaiting } from '../support/temporal.ts';

describe('startTracing', () => {
  const collector = new Collector();
  let env: TestWorkflowEnvironment;
  let tracing: Tracing;

  beforeAll(async () => {
    env = await startTimeSkipping();
    const endpoint = await collector.listen();
    const started = await startTracing({
      OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
      OTEL_SERVICE_NAME: 'revsync-test',
      version: '1.2.3',
      redact: redactor(['open sesame']),
    });
    if (started === null) throw new Error('traces are off');
    tracing = started;
  });
  afterAll(async () => {
    collector.close();
    await env.teardown();
  });

  /** Runs a settings sync to its end with traces on; `during` may send messages meanwhile. */
  const traced = async (
    workflowId: string,
    {
      readSettings,
      during = async () => undefined,
    }: { readSettings: () => Promise<object>; during?: (handle: WorkflowHandle) => Promise<void> },
  ) => {
    const worked = {
      connection: env.nativeConnection,
      activities: { ...mockActivities(), readSettings },
      interceptors: { activity: activityInterceptors },
    };
    const workflowBundle = await bundleFor(await testCache(), tracing.workflowInterceptors);
    const worker = await Worker.create(tracing.worker({ ...worked, taskQueue: workflowId, workflowBundle }));
    const extraction = await Worker.create(
      tracing.worker({ ...worked, taskQueue: `${workflowId}-extraction` }),
    );
    const client = new Client({ connection: env.connection, ...tracing.client });
    return worker.runUntil(
      extraction.runUntil(async () => {
        const handle = await client.workflow.start('settingsSync', {
          taskQueue: workflowId,
          workflowId,
          args: [{}],
        });
        await during(handle);
        await handle.result();
        return { handle };
      }),
    );
  };

  test('is off without a collector', async () => {
    expect(
      await startTracing({ OTEL_SERVICE_NAME: 'revsync', version: '1', redact: redactor([]) }),
    ).toBeNull();
  });

  test('a workflow, who started it and its activities are one trace', async () => {
    await traced('traced', {
      async readSettings() {
        if (activityInfo().attempt > 1) return { tenant: 'demo', entities: '1', misfits: '0', unknown: '1' };
        throw new Error('said "open sesame"');
      },
    });
    await until('the spans are sent', async () =>
      collector.spans.some(({ name }) => name === 'RunWorkflow:settingsSync'),
    );

    const started = collector.spans.find(({ name }) => name === 'StartWorkflow:settingsSync');
    expect(started).toMatchObject({ service: 'revsync-test' });
    const trace = collector.spans.filter(({ traceId }) => traceId === started?.traceId);
    const span = (name: string) => trace.find((each) => each.name === name);
    expect(span('RunWorkflow:settingsSync')?.parentSpanId).toBe(started?.spanId);
    expect(span('RunActivity:readSettings')?.parentSpanId).toBe(span('StartActivity:readSettings')?.spanId);
    expect(span('RunActivity:configureSettings')).toBeDefined();

    const text = JSON.stringify(trace);
    expect(text).toContain('[redacted]');
    expect(text).not.toContain('sesame');
  });

  describe('goes on, when traces are switched, with', () => {
    const folder = join(import.meta.dirname, '../replay/histories');
    const replay = async (history: unknown, workflowId: string, on: boolean) => {
      const interceptors = on ? tracing.workflowInterceptors : [];
      const workflowBundle = await bundleFor(await testCache(), interceptors);
      await Worker.runReplayHistory({ workflowBundle }, history, workflowId);
    };

    test.each(readdirSync(folder))('a run that began without: %s', async (name) => {
      await replay(JSON.parse(readFileSync(join(folder, name), 'utf8')), name.replace('.json', ''), true);
    });

    test('a run that waited and was told to go on with traces on', async () => {
      let refuses = true;
      const { handle } = await traced('waited', {
        async readSettings() {
          if (refuses) throw ApplicationFailure.nonRetryable('Not now.');
          return { tenant: 'demo', entities: '1', misfits: '0', unknown: '1' };
        },
        async during(waiting) {
          await untilWaiting(waiting);
          refuses = false;
          await waiting.executeUpdate('retry', { args: [{}] });
        },
      });
      await replay(await handle.fetchHistory(), 'waited', false);
    });
  });

  test('keeps our interceptors, inside its own', () => {
    const { interceptors } = tracing.worker({
      taskQueue: 'x',
      interceptors: { activity: activityInterceptors },
    });
    expect(interceptors?.activity?.slice(1)).toEqual(activityInterceptors);
  });

  test('stopping does not wait for a collector that is down', async () => {
    collector.close();
    const began = performance.now();
    await tracing.stop();
    expect(performance.now() - began).toBeLessThan(4_000);
  });

  test('makes a bundle of its own', async () => {
    const cache = await testCache();
    const [plain, traced] = [await bundleFor(cache), await bundleFor(cache, tracing.workflowInterceptors)];
    expect('code' in plain && 'code' in traced && plain.code !== traced.code).toBe(true);
  });
});

describe('asyncContext', () => {
  const key = createContextKey('test');
  const manager = asyncContext();
  const marked = ROOT_CONTEXT.setValue(key, 'here');

  test('knows the context after waiting, and only within it', async () => {
    const seen = await manager.with(marked, async () => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      return manager.active().getValue(key);
    });
    expect(seen).toBe('here');
    expect(manager.active()).toBe(ROOT_CONTEXT);
    expect(context.active()).toBe(ROOT_CONTEXT);
  });

  test('can be bound to what is called later', () => {
    const later = manager.bind(marked, (word: string) => `${word} ${String(manager.active().getValue(key))}`);
    expect(later('is')).toBe('is here');
    expect(manager.bind(marked, 5)).toBe(5);
  });
});
