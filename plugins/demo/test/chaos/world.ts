import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../../../../core/scripts/system.mjs';
import { hasNginx, startNginx } from '../../../../core/test/support/nginx.js';
import { startTestTool, type TestTool } from '../../../lti/test/support/tool.js';
import { mayMount } from './embedded.js';
import { type Fault, watchReadiness } from './faults.js';
import { Load } from './load.js';
import { PortalProcesses } from './portal.js';
import { PostgresServer, RedisServer } from './servers.js';
import { settled, type Tally, tally } from './tally.js';

const full = process.env['ILEARN_CHAOS'] === 'full';
/** With the binaries, if the server's user cannot run those of the repository. */
const POSTGRES_MEGABYTES = 1_200;

export interface Outcome extends Tally {
  name: string;
  /** The slowest readiness answer in milliseconds, and the number that took more than five seconds. */
  readiness: { slowest: number; unanswered: number };
  /** Seconds until everything accepted was processed. */
  settledAfter: number;
}

/** A portal as in production: PostgreSQL, Redis, two web processes (behind nginx if the machine has it), two workers. */
export class ChaosWorld {
  /** @param perSecond requests of the load */
  constructor(private readonly perSecond: number) {}

  readonly postgres = new PostgresServer();
  readonly redis = new RedisServer();
  portal!: PortalProcesses;
  behindProxy = false;
  #tool!: TestTool;
  #nginx: Awaited<ReturnType<typeof startNginx>> | null = null;
  #load!: Load;

  async start(): Promise<void> {
    await Promise.all([this.postgres.create(full && mayMount() ? POSTGRES_MEGABYTES : undefined), this.redis.start()]);
    const front = await freePort();
    const ports = [await freePort(), await freePort()];
    if (hasNginx) this.#nginx = await startNginx(ports, { port: front, tls: false });
    this.behindProxy = hasNginx;
    // Without a proxy, requests go to both web processes; the first one's address is the portal's public address.
    const url = `http://localhost:${this.behindProxy ? front : ports[0]}`;
    this.#tool = await startTestTool(url, 'chaos');
    this.portal = new PortalProcesses(
      {
        DATABASE_URL: this.postgres.portalUrl,
        REDIS_URL: this.redis.url,
        PUBLIC_URL: url,
        ...(this.behindProxy ? { TRUST_PROXY: 'true' } : {}),
      },
      this.#tool.registration,
    );
    for (const port of ports) await this.portal.add('web', port);
    await Promise.all([this.portal.add('worker'), this.portal.add('worker')]);
    this.#load = new Load(
      url,
      this.behindProxy ? [url] : ports.map((port) => `http://localhost:${port}`),
      this.#tool,
      this.perSecond,
    );
    await this.#load.prepare();
  }

  /** Causes a fault under load, and compares the outcome with the responses. */
  async suffer(fault: Fault, pace: number): Promise<Outcome> {
    const wait = (seconds: number) => pause(Math.max(1, seconds * pace) * 1_000);
    const from = this.#load.sent.length;
    const readiness = watchReadiness(this.portal);
    this.#load.start();
    await wait(2);
    try {
      await fault.run({ postgres: this.postgres, redis: this.redis, portal: this.portal, wait });
      await wait(3);
    } finally {
      await this.#load.stop();
    }
    const ended = performance.now();
    await settled(this.postgres);
    return {
      name: fault.name,
      ...(await tally(this.postgres, this.#load.sent.slice(from))),
      readiness: await readiness.stop(),
      settledAfter: (performance.now() - ended) / 1_000,
    };
  }

  /** The end of each process's log, for messages of failed assertions. */
  get logs(): string {
    const proxy = this.#nginx === null ? [] : [`nginx: ${this.#nginx.errors().slice(-2_000)}`];
    return [...proxy, ...this.portal.processes.map(({ role, log }) => `${role}: ${log.slice(-2_000)}`)].join('\n');
  }

  async stop(): Promise<void> {
    await this.portal?.stop();
    await this.#nginx?.stop();
    await this.#tool?.stop();
    await this.redis.remove();
    await this.postgres.remove();
  }
}
