import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { WORKER_CONNECTIONS } from '../src/cli/database.ts';
import { postgresSettings } from '../src/servers/postgres-settings.ts';
import { openPool } from '../src/store/database.ts';
import { composeOf, lint, ROOT, read, type Service } from './support/compose.ts';

const text = read('docker-compose.yml');
const compose = composeOf('docker-compose.yml');
const services = Object.entries(compose.services);
const dockerfile = read('Dockerfile');

const awaited = services.flatMap(([name, { depends_on = {} }]) =>
  Object.entries(depends_on).map(([on, { condition }]) => ({ name, on, condition })),
);
const ends = new Set(
  awaited.filter((wait) => wait.condition === 'service_completed_successfully').map((wait) => wait.on),
);

/** The JSON form of an instruction of the Dockerfile. */
function instruction(name: string): readonly string[] {
  const form = new RegExp(`^${name} (\\[.*\\])$`, 'm').exec(dockerfile)?.[1];
  return JSON.parse(form ?? '[]') as readonly string[];
}

/** An image names exactly one build: a tag with a full version, neither absent nor one that moves. */
const pinned = (image: string): boolean => /^[a-z0-9./-]+:v?\d+\.\d+(\.\d+)?(-[a-z]+[0-9.]*)*$/.test(image);

/** The services that break a rule, each with what it says instead. */
function offenders(rule: (service: Service, name: string) => boolean): string[] {
  return services.filter(([name, service]) => !rule(service, name)).map(([name]) => name);
}

describe('docker-compose.yml', () => {
  test('is what the Compose Specification allows', () => {
    expect(lint('docker-compose.yml')).toEqual([]);
  });

  test('every service runs a pinned image', () => {
    expect(offenders(({ image }) => pinned(image))).toEqual([]);
  });

  test('every service is limited in memory', () => {
    expect(offenders(({ deploy }) => /^\d+[mg]$/.test(deploy?.resources?.limits?.memory ?? ''))).toEqual([]);
  });

  test('what stays up has a health check and comes back', () => {
    const staysUp = ({ healthcheck, restart }: Service) =>
      (healthcheck?.test[0] ?? '').startsWith('CMD') && restart === 'unless-stopped';
    expect(offenders((service, name) => ends.has(name) || staysUp(service))).toEqual([]);
  });

  test('what ends is not started again', () => {
    expect(ends).toEqual(new Set(['migrate', 'temporal-namespace', 'temporal-schema']));
    expect(offenders(({ restart }, name) => !ends.has(name) || restart === 'no')).toEqual([]);
  });

  test('a service waits for what exists to become what it can become', () => {
    const impossible = awaited.filter(({ on, condition }) => {
      const service = compose.services[on];
      if (service === undefined) return true;
      return condition === 'service_healthy' ? service.healthcheck === undefined : !ends.has(on);
    });
    expect(awaited).not.toHaveLength(0);
    expect(impossible).toEqual([]);
  });

  test('every published port is reached from this machine alone', () => {
    const loopback = (port: string) => /^127\.0\.0\.1:\d+:\d+$/.test(port);
    expect(services.flatMap(([, { ports = [] }]) => ports)).not.toHaveLength(0);
    expect(offenders(({ ports = [] }) => ports.every(loopback))).toEqual([]);
  });

  test('every volume and network is declared, every mounted folder exists', () => {
    const sources = services.flatMap(([, { volumes = [] }]) =>
      volumes.map((volume) => volume.split(':')[0] ?? ''),
    );
    const folders = sources.filter((source) => source.startsWith('./'));
    const volumes = sources.filter((source) => !source.startsWith('./'));
    expect(folders.filter((folder) => !existsSync(join(ROOT, folder)))).toEqual([]);
    expect(new Set(volumes)).toEqual(new Set(Object.keys(compose.volumes)));
    expect(new Set(services.flatMap(([, { networks = [] }]) => networks))).toEqual(
      new Set(Object.keys(compose.networks)),
    );
  });

  test('no secret is written down: each is required from outside', () => {
    const secret = (name: string) => /PASSWORD|PWD|SECRET|TOKEN|API_KEY/.test(name);
    const fromOutside = (value: string | number | null) =>
      value === null || /^\$\{\w+:\?[^}]+\}$/.test(String(value));
    const inUrl = (value: string | number | null) => /\/\/[^/@\s]*:[^/@\s]*@/.test(String(value));
    const safe = ({ environment = {} }: Service) =>
      Object.entries(environment).every(
        ([name, value]) => (!secret(name) || fromOutside(value)) && !inUrl(value),
      );
    expect(offenders(safe)).toEqual([]);
  });

  test('every variable taken from outside is explained in .env.example', () => {
    const interpolated = [...text.matchAll(/(?<!\$)\$\{(\w+)/g)].map((match) => match[1] ?? '');
    const passedOn = services.flatMap(([, { environment = {} }]) =>
      Object.keys(environment).filter((name) => environment[name] === null),
    );
    const explained = [...read('.env.example').matchAll(/^#(\w+)=/gm)].map((match) => match[1]);
    expect(interpolated).toContain('POSTGRES_PASSWORD');
    expect(passedOn).toContain('ZUORA_BASE_URL');
    expect([...interpolated, ...passedOn].filter((name) => !explained.includes(name))).toEqual([]);
  });

  test('every service that starts on request is left out otherwise', () => {
    const onRequest = services.flatMap(([name, { profiles = [] }]) =>
      profiles.map((profile) => [profile, name]),
    );
    expect(onRequest).toEqual([
      ['sandbox', 'sandbox'],
      ['monitoring', 'prometheus'],
      ['monitoring', 'grafana'],
    ]);
  });

  test('the worker is healthy when it is ready', () => {
    const { environment = {}, healthcheck } = compose.services['worker'] ?? {};
    const port = String(environment['REVSYNC_HTTP_ADDRESS']).split(':')[1];
    expect(healthcheck?.test[3]).toContain(`fetch('http://127.0.0.1:${port}/ready')`);
  });

  test('its database has the settings of an embedded one that bulk loads need', async () => {
    const embedded = await postgresSettings(5432);
    const command = compose.services['postgresql']?.command ?? [];
    for (const name of ['work_mem', 'maintenance_work_mem', 'max_wal_size', 'checkpoint_timeout'])
      expect(command).toContain(`--${name}=${embedded[name]}`);
  });

  test('it is told, here and in the guide, how many connections a worker and a command take', () => {
    const ofCommand = openPool('postgres://localhost/revsync').options.max ?? 0;
    const ofEndpoint = Number(/^const CONNECTIONS = (\d+);$/m.exec(read('src/cli/worker-endpoint.ts'))?.[1]);
    const ofWorker = WORKER_CONNECTIONS + ofEndpoint;
    const both = ofCommand + WORKER_CONNECTIONS; // the worker of a command has no endpoint
    expect(text).toContain(
      `Connections: ${ofWorker} for a worker, ${ofCommand} for a command, ${both} for one`,
    );
    expect(read('docs/deployment.md').replaceAll(/\s+/g, ' ')).toContain(
      `${ofWorker} for each worker process (${WORKER_CONNECTIONS} for its work, ${ofEndpoint} for its endpoint); ` +
        `${ofCommand} for each command while it runs, ${both} where it brings`,
    );
  });

  test('its database notices that a client is gone without a word', () => {
    const command = compose.services['postgresql']?.command ?? [];
    expect(command.filter((setting) => setting.startsWith('--tcp_'))).toEqual([
      '--tcp_keepalives_idle=60',
      '--tcp_keepalives_interval=10',
      '--tcp_keepalives_count=3',
      '--tcp_user_timeout=60000',
    ]);
  });

  test('every worker has longer to stop than it takes', () => {
    const files = ['docker-compose.yml', 'deploy/compose.split-workers.yml'];
    const grace = files.flatMap((file) =>
      Object.entries(composeOf(file).services)
        .filter(([, { command = [] }]) => command[0] === 'worker')
        .map(([, { stop_grace_period: period }]) => period),
    );
    expect(grace).toEqual(['60s', '60s', '60s']);
  });

  test('what shows the metrics has no privileges and cannot change its files', () => {
    for (const name of ['prometheus', 'grafana']) {
      expect(compose.services[name]).toMatchObject({ read_only: true, cap_drop: ['ALL'] });
    }
  });

  test('every service of our image runs a command of revsync, without privileges', () => {
    const ours = services.filter(([, { build }]) => build !== undefined);
    expect(new Set(ours.map(([, { command = [] }]) => command[0]))).toEqual(
      new Set(['migrate', 'sandbox', 'worker']),
    );
    for (const [, service] of ours) {
      expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'] });
      expect(service.user).toBeUndefined();
    }
  });
});

describe('Dockerfile', () => {
  test('every stage starts from a pinned image', () => {
    const images = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map((match) => match[1] ?? '');
    expect(images.length).toBeGreaterThan(1);
    expect(images.filter((image) => !pinned(image))).toEqual([]);
  });

  test('starts revsync, as the worker unless told otherwise', () => {
    expect(instruction('ENTRYPOINT')).toEqual(['node', 'dist/src/cli/main.js']);
    expect(instruction('CMD')).toEqual(['worker']);
  });

  test('is healthy while the worker lives, whatever the servers do', () => {
    const port = /REVSYNC_HTTP_ADDRESS=0\.0\.0\.0:(\d+)$/m.exec(dockerfile)?.[1];
    expect(port).toBeDefined();
    expect(dockerfile).toContain(`EXPOSE ${port}\n`);
    expect(dockerfile).toMatch(
      new RegExp(
        `HEALTHCHECK .*\\\\\\n +CMD \\["node", "--eval", "fetch\\('http://127\\.0\\.0\\.1:${port}/health'\\)`,
      ),
    );
  });

  test('does not run as root', () => {
    const users = [...dockerfile.matchAll(/^USER (\S+)/gm)].map((match) => match[1]);
    expect(users.at(-1)).toBe('node');
  });

  test('copies only what its context has', () => {
    const kept = new Set([...read('.dockerignore').matchAll(/^!(\S+)$/gm)].map((match) => match[1]));
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap((match) =>
      (match[1] ?? '').split(' '),
    );
    expect(copied.map((path) => path.replace(/^\.\//, '')).filter((path) => !kept.has(path))).toEqual([]);
  });
});
