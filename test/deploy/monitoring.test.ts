import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';

import { composeOf, ROOT, read } from '../support/compose.ts';

interface Prometheus {
  readonly rule_files: readonly string[];
  readonly scrape_configs: readonly {
    readonly job_name: string;
    readonly dns_sd_configs: readonly { readonly names: readonly string[]; readonly port: number }[];
  }[];
}

const { services } = composeOf('docker-compose.yml');
const split = composeOf('deploy/compose.split-workers.yml').services;
const prometheus = parse(read('deploy/prometheus/prometheus.yml')) as Prometheus;
const mounts = (service: string): readonly string[] => services[service]?.volumes ?? [];

/** The compose profile `monitoring`: its files name each other and the services. */
describe('monitoring', () => {
  test('Prometheus looks for every worker, at the port of its endpoint', () => {
    const [{ job_name: job, dns_sd_configs: found } = { job_name: '', dns_sd_configs: [] }] =
      prometheus.scrape_configs;
    const workers = Object.keys({ ...services, ...split }).filter((name) => name.startsWith('worker'));
    expect(job).toBe('revsync');
    expect(found[0]?.names.toSorted()).toEqual(workers.toSorted());
    expect(services['worker']?.environment).toMatchObject({
      REVSYNC_HTTP_ADDRESS: `0.0.0.0:${found[0]?.port}`,
    });
  });

  test('Prometheus reads the alert rules from where they are mounted', () => {
    expect(mounts('prometheus')).toContain('./deploy/prometheus:/etc/prometheus:ro');
    expect(services['prometheus']?.command).toContain('--config.file=/etc/prometheus/prometheus.yml');
    for (const file of prometheus.rule_files)
      expect(existsSync(join(ROOT, 'deploy/prometheus', file))).toBe(true);
  });

  test('Grafana finds Prometheus and the dashboards', () => {
    const { datasources } = parse(read('deploy/grafana/provisioning/datasources/prometheus.yml')) as {
      datasources: readonly { url: string }[];
    };
    const { providers } = parse(read('deploy/grafana/provisioning/dashboards/revsync.yml')) as {
      providers: readonly { options: { path: string } }[];
    };
    expect(datasources.map(({ url }) => url)).toEqual(['http://prometheus:9090']);
    expect(services['prometheus']?.ports).toEqual(['127.0.0.1:9090:9090']);
    expect(mounts('grafana')).toContain('./deploy/grafana/provisioning:/etc/grafana/provisioning:ro');
    expect(mounts('grafana')).toContain(`./deploy/grafana/dashboards:${providers[0]?.options.path}:ro`);
  });

  test('nobody signs in to Grafana, and nobody can change anything there', () => {
    expect(services['grafana']?.environment).toMatchObject({
      GF_AUTH_ANONYMOUS_ENABLED: 'true',
      GF_AUTH_ANONYMOUS_ORG_ROLE: 'Viewer',
      GF_AUTH_BASIC_ENABLED: 'false',
      GF_SECURITY_DISABLE_INITIAL_ADMIN_CREATION: 'true',
    });
  });
});
