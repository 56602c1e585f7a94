import { type ChildProcess, fork, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { TestClient } from '@ilearn/core/testing';
import { demoPassword } from '@ilearn/plugin-demo';
import { expect, vi } from 'vitest';
import { freePort } from '../../../../core/scripts/system.mjs';
import { hasNginx, startNginx } from '../../../../core/test/support/nginx.js';
import { startTestTool, type TestTool } from '../../../lti/test/support/tool.js';
import { type PortalProcess, PortalProcesses } from '../chaos/portal.js';
import { PostgresServer, RedisServer } from '../chaos/servers.js';
import { settled } from '../chaos/tally.js';
import { ROSTER_SCHOOL, type Seeded, seed } from './seed.js';

const core = join(import.meta.dirname, '../../../../core');
const BACKUP_KEY = 'a key for archives of the load only, c3f1';

/** A portal as in production: PostgreSQL, Redis, web processes (behind nginx if the machine has it), workers, a tool and a OneRoster server. */
export class LoadWorld {
  readonly postgres = new PostgresServer();
  readonly #redis = new RedisServer();
  readonly #folder = mkdtempSync(join(tmpdir(), 'ilearn-load-'));
  #roster!: { child: ChildProcess; url: string };
  #nginx: Awaited<ReturnType<typeof startNginx>> | null = null;
  portal!: PortalProcesses;
  tool!: TestTool;
  seeded!: Seeded;
  url!: string;
  /** Where requests go, in turn. */
  addresses!: string[];

  async start({ pupils, webs, workers }: { pupils: number; webs: number; workers: number }): Promise<void> {
    await Promise.all([this.postgres.create(), this.#redis.start()]);
    this.#roster = await rosterSource();
    const ports = await Promise.all(Array.from({ length: webs }, freePort));
    const front = await freePort();
    // The documented configuration names two web processes.
    const proxied = hasNginx && webs === 2;
    if (proxied) this.#nginx = await startNginx(ports, { port: front, tls: false });
    this.url = `http://localhost:${proxied ? front : ports[0]}`;
    this.addresses = proxied ? [this.url] : ports.map((port) => `http://localhost:${port}`);
    this.tool = await startTestTool(this.url, 'chaos');
    this.portal = new PortalProcesses(
      {
        DATABASE_URL: this.postgres.portalUrl,
        REDIS_URL: this.#redis.url,
        PUBLIC_URL: this.url,
        BACKUP_KEY,
        ...(proxied ? { TRUST_PROXY: 'true' } : {}),
      },
      this.tool.registration,
      { plugins: { '@ilearn/plugin-rosters': {} }, http: { rosters: { hosts: [this.#roster.url] } } },
    );
    for (const port of ports) await this.portal.add('web', port);
    for (let count = 0; count < workers; count += 1) await this.portal.add('worker');
    // A job fills the demonstration.
    await vi.waitFor(
      async () => expect(await this.postgres.query(`select from login.accounts where username = 'lien.peeters'`)).toHaveLength(1),
      { timeout: 120_000, interval: 500 },
    );
    await settled(this.postgres);
    this.seeded = await seed(this.postgres, pupils);
  }

  async stop(): Promise<void> {
    await this.portal?.stop();
    await this.#nginx?.stop();
    await this.tool?.stop();
    this.#roster?.child.kill();
    await this.#redis.remove();
    await this.postgres.remove();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Megabytes that each process of the portal holds, by its role. */
  memory(): { role: string; megabytes: number }[] {
    return this.portal.processes.map((each) => ({ role: each.role, megabytes: residentMegabytes(each) }));
  }

  /** Makes an archive. */
  backUp(): Promise<{ megabytes: number; seconds: number }> {
    const began = performance.now();
    const file = join(this.#folder, `morning-${Math.round(began)}.backup`);
    const { PATH = '', HOME = '' } = process.env;
    const child = spawn(process.execPath, [join(core, 'bin/ilearn.js'), 'backup', '--to', file], {
      cwd: this.portal.folder,
      env: {
        PATH,
        HOME,
        BACKUP_KEY,
        DATABASE_URL: this.postgres.portalUrl,
        BACKUP_DATABASE_URL: this.postgres.portalUrl.replace('portal:portal@', 'postgres:postgres@'),
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let complaint = '';
    child.stderr.on('data', (bytes) => {
      complaint += bytes;
    });
    return new Promise((resolve, reject) => {
      child.once('exit', (code) =>
        code === 0
          ? resolve({ megabytes: statSync(file).size / 1e6, seconds: (performance.now() - began) / 1_000 })
          : reject(new Error(`ilearn backup ended with ${code}: ${complaint}`)),
      );
    });
  }

  /** Takes a school's roster over, as its ICT coordinator does. @returns how it ended, and seconds */
  async takeRosterOver(): Promise<{ state: string; objects: number; seconds: number }> {
    const client = new TestClient(this.addresses[0] as string, this.url);
    const told = async (asked: ReturnType<TestClient['get']>) => {
      const { status, body } = await asked;
      if (status >= 300) throw new Error(`roster: ${status} ${JSON.stringify(body)}`);
      return body;
    };
    await told(client.post('/api/login/session', { username: 'sofie.maes', password: demoPassword }));
    const of = `/api/rosters/schools/${ROSTER_SCHOOL.id}`;
    const { url } = this.#roster;
    await told(
      client.put(`${of}/connection`, {
        address: `${url}/${ROSTER_SCHOOL.number}`,
        path: 'v1p2',
        shape: '1.2',
        authentication: 'body',
        tokenAddress: `${url}/token`,
        clientId: 'load',
        secret: 'secret',
        nightly: false,
      }),
    );
    const began = performance.now();
    const { id } = await told(client.post(`${of}/runs`, { kind: 'manual' }));
    for (;;) {
      const run = await told(client.get(`/api/rosters/runs/${id}`));
      if (!['reading', 'applying'].includes(run.state))
        return { state: run.state, objects: run.objects, seconds: (performance.now() - began) / 1_000 };
      await pause(1_000);
    }
  }
}

const residentMegabytes = ({ child }: PortalProcess): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) / 1_024;

/** A OneRoster server with a school of 2,000 people, in a process of its own. */
function rosterSource(): Promise<{ child: ChildProcess; url: string }> {
  const child = fork(join(core, 'bench/servers/roster-source.mjs'), { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  return new Promise((resolve, reject) => {
    child.once('message', ({ url }: { url: string }) => resolve({ child, url }));
    child.once('exit', (code) => reject(new Error(`the OneRoster server ended with ${code}`)));
  });
}
