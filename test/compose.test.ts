import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { DCLinter } from 'dclint';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';

const ROOT = join(import.meta.dirname, '..');
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

interface Service {
  readonly image: string;
  readonly build?: string;
  readonly command?: readonly string[];
  readonly restart?: string;
  readonly user?: string;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly environment?: Readonly<Record<string, string | number | null>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly networks?: readonly string[];
  readonly deploy?: { readonly resources?: { readonly limits?: { readonly memory?: string } } };
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
  readonly networks: Readonly<Record<string, unknown>>;
}

const text = read('docker-compose.yml');
const compose = parse(text, { merge: true }) as Compose;
const services = Object.entries(compose.services);
const dockerfile = read('Dockerfile');

const awaited = services.flatMap(([name, { depends_on = {} }]) =>
  Object.entries(depends_on).map(([on, { condition }]) => ({ name, on, condition })),
);
const ends = new Set(
  awaited.filter((wait) => wait.condition === 'service_completed_successfully').map((wait) => wait.on),
);

/** What the linter checks beyond the specification and we decide otherwise: the order in which things are read. */
const STYLE_LEFT_TO_US = {
  'no-build-and-image': 0,
  'service-dependencies-alphabetical-order': 0,
  'service-keys-order': 0,
  'services-alphabetical-order': 0,
  'top-level-properties-order': 0,
} as const;

interface LintResult {
  readonly messages: readonly { readonly line: number; readonly rule: string; readonly message: string }[];
}

/** The JSON form of an instruction of the Dockerfile. */
function instruction(name: string): readonly string[] {
  const form = new RegExp(`^${name} (\\[.*\\])$`, 'm').exec(dockerfile)?.[1];
  return JSON.parse(form ?? '[]') as readonly string[];
}

/** An image names exactly one build: a tag with a full version, neither absent nor one that moves. */
const pinned = (image: string): boolean => /^[a-z0-9./-]+:\d+\.\d+(\.\d+)?(-[a-z]+[0-9.]*)*$/.test(image);

/** The services that break a rule, each with what it says instead. */
function offenders(rule: (service: Service, name: string) => boolean): string[] {
  return services.filter(([name, service]) => !rule(service, name)).map(([name]) => name);
}

describe('docker-compose.yml', () => {
  test('is what the Compose Specification allows', () => {
    const linter = new DCLinter({ rules: STYLE_LEFT_TO_US, quiet: false, debug: false, exclude: [] });
    const [result] = linter.lintFiles([join(ROOT, 'docker-compose.yml')], false) as LintResult[];
    expect(result?.messages.map(({ line, rule, message }) => `${line}: ${rule}: ${message}`)).toEqual([]);
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
