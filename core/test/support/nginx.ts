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

/** nginx with the documented configuration in front of these webs; only names, ports and certificate are the test's own. */
export async function startNginx(webs: readonly number[]): Promise<{ port: number; errors(): string; stop(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'ilearn-nginx-'));
  mkdirSync(join(folder, 'temporary'));
  const port = await freePort();
  const [certificate, key] = [join(folder, 'certificate.pem'), join(folder, 'key.pem')];
  execFileSync(
    'openssl',
    [
      'req',
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
    ],
    { stdio: 'ignore' },
  );
  const own = documentedNginx()
    .replace('127.0.0.1:3001', `127.0.0.1:${webs[0]}`)
    .replace('127.0.0.1:3002', `127.0.0.1:${webs[1]}`)
    .replace('listen 443 ssl', `listen 127.0.0.1:${port} ssl`)
    .replace('/etc/ssl/ilearn.pem', certificate)
    .replace('/etc/ssl/ilearn.key', key);
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
    errors: () => readFileSync(errors, 'utf8').replaceAll('\n', '\n'),
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
