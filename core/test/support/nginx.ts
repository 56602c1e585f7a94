import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../scripts/system.mjs';
import { until } from './redis.js';

const binary = ['/usr/sbin/nginx', '/usr/local/sbin/nginx', '/usr/bin/nginx', '/opt/homebrew/bin/nginx'].find(existsSync);

export const hasNginx = binary !== undefined;

/** The configuration that docs/operating.md recommends. */
export function documentedNginx(): string {
  const docs = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', 'docs', 'operating.md');
  const [, configuration] = /```nginx\n([\s\S]*?)```/.exec(readFileSync(docs, 'utf8')) ?? [];
  if (configuration === undefined) throw new Error('docs/operating.md holds no nginx configuration');
  return configuration;
}

/** Names, ports and certificate of a test in place of the documented ones; over plain http where a test has no use for TLS. */
function configurationFor(port: number, [first, second]: readonly number[], folder: string, tls: boolean): string {
  const documented = documentedNginx()
    .replace('127.0.0.1:3001', `127.0.0.1:${first}`)
    .replace('127.0.0.1:3002', `127.0.0.1:${second}`)
    .replace('listen 443 ssl', `listen 127.0.0.1:${port}${tls ? ' ssl' : ''}`);
  if (!tls) return documented.replace(/^\s*ssl_.*\n/gm, '').replace('Host $host;', 'Host $http_host;');
  const [certificate, key] = [join(folder, 'certificate.pem'), join(folder, 'key.pem')];
  const made = [
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    '2',
    '-subj',
    '/CN=localhost',
    '-keyout',
    key,
    '-out',
    certificate,
  ];
  execFileSync('openssl', ['req', ...made], { stdio: 'ignore' });
  return documented.replace('/etc/ssl/ilearn.pem', certificate).replace('/etc/ssl/ilearn.key', key);
}

/** nginx with the documented configuration in front of two webs. */
export async function startNginx(
  webs: readonly number[],
  { port: given = undefined as number | undefined, tls = true } = {},
): Promise<{ port: number; errors(): string; stop(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'ilearn-nginx-'));
  mkdirSync(join(folder, 'temporary'));
  const port = given ?? (await freePort());
  const own = configurationFor(port, webs, folder, tls);
  const errors = join(folder, 'errors.log');
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${folder}/temporary/${name};`,
  );
  writeFileSync(
    join(folder, 'nginx.conf'),
    `daemon off; worker_processes 1; pid ${folder}/pid; error_log ${errors} warn;\n${process.getuid?.() === 0 ? 'user root;\n' : ''}` +
      `events { worker_connections 512; }\nhttp { access_log off; ${temporary.join(' ')}\n${own}\n}\n`,
  );
  const child = spawn(binary as string, ['-p', folder, '-e', errors, '-c', join(folder, 'nginx.conf')], { stdio: 'ignore' });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  await until('nginx runs', () => existsSync(join(folder, 'pid')), 10);
  return {
    port,
    errors: () => readFileSync(errors, 'utf8'),
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
