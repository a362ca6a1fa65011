import { describe, expect, test } from 'vitest';

import { WORKER_QUEUES } from '../../src/domain/operator/task-queues.ts';
import { composeOf, lint, type Service } from '../support/compose.ts';

const FILE = 'deploy/compose.split-workers.yml';
const { services } = composeOf(FILE);
const { worker: whole } = composeOf('docker-compose.yml').services;
const added = Object.entries(services).filter(([name]) => name !== 'worker');

const queuesOf = ({ environment = {} }: Service) => String(environment['REVSYNC_WORKER_QUEUES']);

/** A service without what may differ from worker to worker. */
function shared({ environment, deploy: _deploy, build: _build, ...rest }: Service) {
  const { REVSYNC_WORKER_QUEUES: _queues, ...variables } = environment ?? {};
  return { ...rest, environment: variables };
}

/** Laid over docker-compose.yml: one worker a queue. */
describe('deploy/compose.split-workers.yml', () => {
  test('is what the Compose Specification allows', () => {
    expect(lint(FILE)).toEqual([]);
  });

  test('every task queue has one service, and the worker keeps the workflows', () => {
    expect(Object.values(services).map(queuesOf).toSorted()).toEqual([...WORKER_QUEUES].toSorted());
    expect(Object.keys(services['worker'] ?? {})).toEqual(['environment']);
    expect(services['worker']?.environment).toEqual({ REVSYNC_WORKER_QUEUES: 'orchestration' });
  });

  test('its workers are the worker of docker-compose.yml in all else', () => {
    expect(added.map(([name]) => name)).toEqual(['worker-extraction', 'worker-warehouse']);
    for (const [, service] of added) {
      expect(shared(service)).toEqual(whole && shared(whole));
      expect(service.deploy?.resources?.limits?.memory).toMatch(/^\d+g$/);
    }
  });
});
