import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse as parseHcl } from '@cdktn/hcl2json';
import { Deployment } from 'kubernetes-models/apps/v1/Deployment';
import { HorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2/HorizontalPodAutoscaler';
import { CronJob } from 'kubernetes-models/batch/v1/CronJob';
import { Job } from 'kubernetes-models/batch/v1/Job';
import { Ingress } from 'kubernetes-models/networking.k8s.io/v1/Ingress';
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget';
import { PersistentVolumeClaim } from 'kubernetes-models/v1/PersistentVolumeClaim';
import { Service } from 'kubernetes-models/v1/Service';
import { beforeAll, describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { SECRET_VARIABLES } from '../dist/config/secret-files.js';
import { readSettings } from '../dist/config/settings.js';
// @ts-expect-error: a plain script without types
import { ensureHelm } from '../scripts/helm.mjs';
// @ts-expect-error: a plain script without types
import { ensurePromtool } from '../scripts/promtool.mjs';

const root = join(import.meta.dirname, '..', '..');
const chart = join(root, 'core/deploy/helm/ilearn');
const operating = readFileSync(join(root, 'docs/operating.md'), 'utf8');

/** The types of Kubernetes' own OpenAPI description. */
const kinds: Record<string, new (object: any) => { validate(): void }> = {
  Deployment,
  HorizontalPodAutoscaler,
  CronJob,
  Job,
  Ingress,
  NetworkPolicy,
  PodDisruptionBudget,
  PersistentVolumeClaim,
  Service,
};
const needed = [
  'image.repository=registry.example.be/portal',
  'image.tag=1.2.3',
  'publicUrl=https://portal.example.be',
  'existingSecret=portal-secrets',
];
const everything = [
  ...['ingress.enabled=true', 'ingress.className=nginx', 'web.autoscaling.enabled=true', 'worker.autoscaling.enabled=true'],
  ...['backup.enabled=true', 'backup.volume.existingClaim=archives', 'env.AUDIT_MONTHS=24'],
];
const onS3 = ['files.storage=s3', 'files.s3.endpoint=https://s3.example.be', 'files.s3.bucket=portal', 'redis.enabled=false'];

let helm: string;
beforeAll(() => {
  helm = ensureHelm();
});
const run = (...args: string[]): string =>
  execFileSync(helm, args, { encoding: 'utf8', stdio: 'pipe', env: { HOME: '/nonexistent' } });
const sets = (values: readonly string[]): string[] =>
  values.flatMap((value) => [/=(true|false)$/.test(value) ? '--set' : '--set-string', value]);
const render = (...values: string[]): any[] =>
  parseAllDocuments(run('template', 'portal', chart, ...sets([...needed, ...values])))
    .map((document) => document.toJS())
    .filter((object) => object !== null);

/** The pods of a rendered chart, by their component. */
const podsOf = (objects: any[]): [string, any][] =>
  objects.flatMap((object) => {
    const template = object.spec?.jobTemplate?.spec?.template ?? object.spec?.template;
    return template === undefined ? [] : [[template.metadata.labels['app.kubernetes.io/component'], template.spec]];
  });

describe('the chart', () => {
  test('is well formed, with every combination of its parts as Kubernetes describes them', () => {
    expect(run('lint', '--strict', chart, ...sets([...needed, ...everything]))).toContain('0 chart(s) failed');
    for (const values of [[], everything, onS3, [...everything, ...onS3], ['networkPolicy.enabled=false']]) {
      const objects = render(...values);
      for (const object of objects) {
        const Kind = kinds[object.kind];
        if (Kind === undefined) throw new Error(`no type for ${object.kind}`);
        expect(() => new Kind(object).validate(), `${object.kind} ${object.metadata.name}`).not.toThrow();
        expect(object.metadata.name.length).toBeLessThan(64);
      }
      const names = objects.map(({ kind, metadata }) => `${kind}/${metadata.name}`);
      expect(new Set(names).size).toBe(names.length);
    }
    const all = render(...everything).map(({ kind, metadata }) => `${kind}/${metadata.name}`);
    expect(all.sort()).toEqual([
      'CronJob/portal-backup',
      'Deployment/portal-web',
      'Deployment/portal-worker',
      'HorizontalPodAutoscaler/portal-web',
      'HorizontalPodAutoscaler/portal-worker',
      'Ingress/portal',
      'Job/portal-migrate-1',
      'NetworkPolicy/portal',
      'PersistentVolumeClaim/portal-files',
      'PodDisruptionBudget/portal-web',
      'PodDisruptionBudget/portal-worker',
      'Service/portal-web',
    ]);
  });

  test('every pod is without rights, with a read-only root, limits, and secrets by reference only', () => {
    for (const [component, pod] of podsOf(render(...everything, ...onS3, 'redis.enabled=true'))) {
      expect([component, pod]).toEqual([
        component,
        expect.objectContaining({
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          securityContext: expect.objectContaining({
            runAsNonRoot: true,
            runAsUser: 10001,
            seccompProfile: { type: 'RuntimeDefault' },
          }),
        }),
      ]);
      const [container, ...more] = pod.containers;
      expect(more).toEqual([]);
      expect(container.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      expect(container.resources).toMatchObject({
        requests: { cpu: expect.anything(), memory: expect.anything() },
        limits: { memory: expect.anything() },
      });
      expect(container.image).toBe('registry.example.be/portal:1.2.3');
      for (const mount of container.volumeMounts) expect(pod.volumes.map(({ name }: any) => name)).toContain(mount.name);
      const secret = container.env.filter(({ name }: any) => /URL$|KEY|TOKEN|SECRET/.test(name) && name !== 'PUBLIC_URL');
      for (const { name, valueFrom } of secret) expect([name, valueFrom?.secretKeyRef?.name]).toEqual([name, 'portal-secrets']);
    }
  });

  test('what the pods are given are settings that the portal knows and accepts', () => {
    for (const values of [everything, [...everything, ...onS3]]) {
      for (const [component, { containers }] of podsOf(render(...values))) {
        const [{ env, args }] = containers;
        const names: string[] = env.map(({ name }: any) => name);
        expect([component, names.filter((name, index) => names.indexOf(name) !== index)]).toEqual([component, []]);
        for (const name of names) expect(operating).toContain(`\`${name}\``);
        const secrets: Record<string, string> = {
          'database-url': 'postgresql://portal:x@db/portal',
          'read-database-url': 'postgresql://portal:x@replica/portal',
          'backup-database-url': 'postgresql://portal_backup:x@db/portal',
          'redis-url': 'rediss://:x@queue:6380',
          'secret-key': 'base64:R0VORVJBVEVEIGtleSBmb3IgdGhlIHRlc3Qgb2YgY2hhcnQ=',
          'otlp-headers': 'authorization=Bearer%20x',
          'backup-key': 'base64:YW5vdGhlciBHRU5FUkFURUQga2V5IGZvciB0aGUgdGVzdHM=',
        };
        const environment = Object.fromEntries(
          env.map(({ name, value, valueFrom }: any) => [
            name,
            value ?? secrets[valueFrom.secretKeyRef.key] ?? 'aGVyZSBpcyBhIHRva2Vu',
          ]),
        );
        expect([component, readSettings(environment, '/').faults]).toEqual([component, []]);
        expect(args[0]).toMatch(/^(start|migrate|backup)$/);
      }
    }
  });

  test('probes: the database decides whether a process serves, never whether it is restarted', () => {
    const deployments = render().filter(({ kind }) => kind === 'Deployment');
    expect(deployments).toHaveLength(2);
    for (const { spec } of deployments) {
      const [container] = spec.template.spec.containers;
      expect(container.livenessProbe.httpGet.path).toBe('/health/live');
      expect(container.startupProbe.httpGet.path).toBe('/health/live');
      expect(container.readinessProbe.httpGet.path).toBe('/health/ready');
      // A process that stops says so for longer than the balancer takes to notice, and has time for what is under way.
      const delay = Number(container.env.find(({ name }: any) => name === 'STOP_DELAY_SECONDS').value);
      const { periodSeconds, failureThreshold } = container.readinessProbe;
      if (container.args.includes('web')) expect(delay).toBeGreaterThan(periodSeconds * failureThreshold);
      expect(spec.template.spec.terminationGracePeriodSeconds).toBeGreaterThan(delay + 45);
      expect(spec.strategy.rollingUpdate).toEqual({ maxUnavailable: 0, maxSurge: 1 });
    }
  });

  test('the migration is a hook that needs nothing of the chart', () => {
    const job = render(...everything).find(({ kind }) => kind === 'Job');
    expect(job.metadata.annotations['helm.sh/hook']).toBe('pre-install,pre-upgrade');
    expect(JSON.stringify(job.spec)).not.toMatch(/serviceAccountName|configMap|persistentVolumeClaim/);
  });

  test('the network policy opens no private address, nor those under which clouds serve credentials', () => {
    const { spec } = render().find(({ kind }) => kind === 'NetworkPolicy');
    expect(spec.policyTypes).toEqual(['Ingress', 'Egress']);
    const blocks = spec.egress.flatMap(({ to }: any) => to.flatMap(({ ipBlock }: any) => ipBlock ?? []));
    expect(blocks[0].except).toEqual(expect.arrayContaining(['10.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.168.0.0/16']));
    expect(spec.ingress).toHaveLength(1);
  });

  test.each([
    ['no values', []],
    ['an address without https', [...needed, 'publicUrl=http://portal.example.be']],
    ['the tag latest', [...needed, 'image.tag=latest']],
    ['a misspelt value', [...needed, 'web.replica=3']],
    ['a secret among the variables', [...needed, 'env.SECRET_KEY=x']],
    ...SECRET_VARIABLES.map((name) => [`${name} among the variables`, [...needed, `env.${name}=x`]] as [string, string[]]),
    ['a bucket without its address', [...needed, 'files.storage=s3']],
    ['backups without a volume', [...needed, 'backup.enabled=true']],
  ])('refuses %s', (_, values) => {
    expect(() => run('template', 'portal', chart, ...sets(values))).toThrow(/values don't meet|names the volume|schema/);
  });
});

test('Prometheus accepts the alert rules, and they fire when they should', () => {
  const cwd = join(root, 'core/deploy/monitoring');
  const promtool = (...args: string[]) => execFileSync(ensurePromtool(), args, { cwd, encoding: 'utf8', stdio: 'pipe' });
  expect(promtool('check', 'rules', 'alerts.yml')).toContain('SUCCESS');
  expect(promtool('test', 'rules', 'alerts.test.yml')).toContain('SUCCESS');
});

describe('the Terraform module', () => {
  const folder = join(root, 'core/deploy/terraform');
  let modules: any[];
  beforeAll(async () => {
    const files = readdirSync(folder).filter((name) => name.endsWith('.tf'));
    modules = await Promise.all(files.map((name) => parseHcl(name, readFileSync(join(folder, name), 'utf8'))));
  });
  const blocks = (kind: string): [string, any][] =>
    modules.flatMap((module) =>
      Object.entries<any>(module[kind] ?? {}).flatMap(([type, named]) =>
        Array.isArray(named)
          ? named.map((body) => [type, body] as [string, any])
          : Object.entries<any>(named).flatMap(([name, all]) =>
              all.map((body: any) => [`${type}.${name}`, body] as [string, any]),
            ),
      ),
    );

  test('refers only to what it declares', () => {
    const text = JSON.stringify(modules);
    const resources = blocks('resource').map(([name]) => name);
    const variables = blocks('variable').map(([name]) => name);
    const used = [...text.matchAll(/\bvar\.(\w+)/g)].map(([, name]) => name as string);
    expect([...new Set(used)].sort()).toEqual(variables.sort());
    const referred = [...text.matchAll(/(?<![\w.])((?:azurerm|random)_\w+\.\w+)\./g)].map(([, name]) => name as string);
    expect(referred.filter((name) => !resources.includes(name))).toEqual([]);
    const locals = Object.keys(Object.assign({}, ...modules.flatMap(({ locals: each = [] }) => each)));
    expect([...new Set([...text.matchAll(/\blocal\.(\w+)/g)].map(([, name]) => name))].sort()).toEqual(locals.sort());
    for (const [name, body] of [...blocks('variable'), ...blocks('output')])
      expect([name, body.description]).toEqual([name, expect.any(String)]);
  });

  test('nothing is reached from the internet, in clear, or lost by a plan', () => {
    const resources = new Map(blocks('resource'));
    const closed = [...resources].filter(([name]) => /flexible_server\.|redis_cache|storage_account|key_vault\./.test(name));
    expect(closed).toHaveLength(4);
    for (const [name, body] of closed) expect([name, body.public_network_access_enabled]).toEqual([name, false]);
    const kept = [...resources].filter(([name]) =>
      /flexible_server(_database)?\.|storage_(account|share)|key_vault\./.test(name),
    );
    for (const [name, body] of kept) expect([name, body.lifecycle?.[0]?.prevent_destroy]).toEqual([name, true]);
    expect(resources.get('azurerm_redis_cache.queue')).toMatchObject({ non_ssl_port_enabled: false, minimum_tls_version: '1.2' });
    expect(resources.get('azurerm_redis_cache.queue').redis_configuration[0].maxmemory_policy).toBe('noeviction');
    expect(resources.get('azurerm_storage_account.files')).toMatchObject({
      min_tls_version: 'TLS1_2',
      allow_nested_items_to_be_public: false,
    });
    expect(resources.get('azurerm_key_vault.secrets')).toMatchObject({ purge_protection_enabled: true });
    expect(resources.get('azurerm_postgresql_flexible_server.portal')).toMatchObject({ geo_redundant_backup_enabled: true });
  });

  test('secrets are generated, kept in the vault under the names of the chart, and never an output', () => {
    const resources = new Map(blocks('resource'));
    const keys = Object.keys(resources.get('azurerm_key_vault_secret.portal').for_each);
    const wanted = podsOf(render(...everything)).flatMap(([, { containers }]) =>
      containers[0].env.flatMap(({ valueFrom }: any) => valueFrom?.secretKeyRef?.key ?? []),
    );
    const readme = readFileSync(join(folder, 'README.md'), 'utf8');
    for (const key of new Set<string>(wanted))
      expect([key, keys.includes(key) || readme.includes(`\`${key}\``)]).toEqual([key, true]);
    expect(JSON.stringify(blocks('output'))).not.toMatch(/random_|password|access_key/);
    expect(JSON.stringify(blocks('variable'))).not.toMatch(/password|secret_key|token/);
  });
});
