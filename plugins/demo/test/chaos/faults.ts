import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { mayMount } from './embedded.js';
import type { PortalProcess, PortalProcesses } from './portal.js';
import type { PostgresServer, RedisServer } from './servers.js';

export interface Surroundings {
  postgres: PostgresServer;
  redis: RedisServer;
  portal: PortalProcesses;
  /** Waits `seconds` in the full run; shorter in the short form. */
  wait(seconds: number): Promise<void>;
}

export interface Fault {
  name: string;
  /** Also part of the short form, which the test suite runs. */
  short?: true;
  /** Why this machine cannot run the fault; null if it can. */
  missing?(postgres: PostgresServer): string | null;
  /** Statuses besides 2xx that a sender may get during the fault. 0: the connection was refused or cut. */
  answers: readonly number[];
  run(surroundings: Surroundings): Promise<void>;
}

const faketime = [
  '/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1',
  '/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1',
].find((file) => existsSync(file));
const needsFaketime = () => (faketime === undefined ? 'needs libfaketime' : null);

/** Environment of a process with a shifted wall clock. Its monotonic clock is not shifted. */
const clock = (offset: string): Record<string, string> => ({
  LD_PRELOAD: `${faketime}`,
  FAKETIME: offset,
  FAKETIME_DONT_FAKE_MONOTONIC: '1',
  DONT_FAKE_MONOTONIC: '1',
});

const signalled = async ({ portal }: Surroundings, each: PortalProcess, signal: NodeJS.Signals, down: () => Promise<void>) => {
  await portal.end(each, signal);
  await down();
  await portal.start(each);
};

const web = ({ portal }: Surroundings, index: number) => portal.webs[index] as PortalProcess;
const worker = ({ portal }: Surroundings, index: number) => portal.workers[index] as PortalProcess;

/** Runs a process with another clock for some time, then with the right clock again. */
async function withClock(around: Surroundings, each: PortalProcess, offset: string): Promise<void> {
  await around.portal.end(each, 'SIGTERM');
  await around.portal.start(each, clock(offset));
  await around.wait(70);
  await signalled(around, each, 'SIGTERM', async () => {});
}

/** Faults as in production. Each is caused while people and a tool use the portal. */
export const faults: readonly Fault[] = [
  {
    name: 'a web is killed',
    answers: [0, 502],
    run: (around) => signalled(around, web(around, 0), 'SIGKILL', () => around.wait(5)),
  },
  {
    name: 'both workers are killed, and scores pile up meanwhile',
    answers: [],
    run: async (around) => {
      await Promise.all([0, 1].map((index) => around.portal.end(worker(around, index))));
      await around.wait(8);
      await Promise.all([0, 1].map((index) => around.portal.start(worker(around, index))));
    },
  },
  {
    name: 'workers are restarted one by one',
    answers: [],
    run: async (around) => {
      for (const index of [0, 1]) await signalled(around, worker(around, index), 'SIGTERM', async () => {});
    },
  },
  {
    name: 'rolling restart of both webs',
    answers: [],
    run: async (around) => {
      for (const index of [0, 1]) await signalled(around, web(around, index), 'SIGTERM', () => around.wait(2));
    },
  },
  {
    name: 'Redis is killed and comes back',
    answers: [],
    run: async ({ redis, wait }) => {
      await redis.stop('SIGKILL');
      await wait(3);
      await redis.start();
    },
  },
  {
    name: 'Redis forgets everything, five times',
    answers: [],
    run: async ({ redis, wait }) => {
      const client = new Redis(redis.url);
      for (let time = 0; time < 5; time++) {
        await client.flushall();
        await wait(2);
      }
      client.disconnect();
    },
  },
  {
    name: 'Redis is stopped for 60 s',
    answers: [],
    run: async ({ redis, wait }) => {
      await redis.stop();
      await wait(60);
      await redis.start();
    },
  },
  {
    name: 'Redis hangs for 20 s',
    answers: [],
    run: async ({ redis, wait }) => {
      redis.freeze();
      await wait(20);
      redis.thaw();
    },
  },
  {
    name: 'PostgreSQL is killed and comes back',
    short: true,
    answers: [503],
    run: async ({ postgres, wait }) => {
      await postgres.kill();
      await wait(3);
      await postgres.start();
    },
  },
  {
    name: 'PostgreSQL is stopped for 30 s',
    answers: [503],
    run: async ({ postgres, wait }) => {
      await postgres.stop();
      await wait(30);
      await postgres.start();
    },
  },
  {
    name: 'PostgreSQL hangs for 15 s',
    answers: [503],
    run: async ({ postgres, wait }) => {
      postgres.freeze();
      await wait(15);
      postgres.thaw();
    },
  },
  {
    name: 'PostgreSQL runs a fifth of the time, for 20 s',
    answers: [503],
    run: async ({ postgres, wait }) => {
      let over = false;
      const slowing = (async () => {
        while (!over) {
          postgres.freeze();
          await pause(200);
          postgres.thaw();
          await pause(50);
        }
      })();
      await wait(20);
      over = true;
      await slowing;
    },
  },
  {
    name: 'every connection to the database is ended, eight times',
    answers: [503],
    run: async ({ postgres, wait }) => {
      for (let time = 0; time < 8; time++) {
        await postgres.query(`select pg_terminate_backend(pid) from pg_stat_activity where usename = 'portal'`);
        await wait(2);
      }
    },
  },
  {
    name: 'a table is locked for 20 s',
    answers: [503],
    run: async ({ postgres, wait }) => {
      const client = await postgres.connect();
      await client.query('begin; lock table myway.paths in access exclusive mode');
      await wait(20);
      await client.query('commit');
      await client.end();
    },
  },
  {
    name: 'the disk of PostgreSQL is full for 12 s',
    missing: (postgres) => (postgres.hasDisk ? null : 'needs the right to mount a disk'),
    answers: [503],
    run: async ({ postgres, wait }) => {
      postgres.fillDisk();
      await wait(12);
      await postgres.emptyDisk();
    },
  },
  {
    name: 'a web cannot resolve the name of its database for 15 s',
    missing: () => (mayMount() ? null : 'needs the right to mount a file'),
    answers: [503],
    run: async (around) => {
      const { portal, postgres, wait } = around;
      const folder = mkdtempSync(join(tmpdir(), 'ilearn-chaos-names-'));
      const hosts = join(folder, 'hosts');
      const resolves = (names: string) => writeFileSync(hosts, `127.0.0.1 localhost ${names}\n`);
      resolves('database.test');
      const each = web(around, 0);
      await portal.end(each, 'SIGTERM');
      const within = ['unshare', '--mount', 'sh', '-c', `mount --bind ${hosts} /etc/hosts && exec "$@"`, 'sh'];
      await portal.start(each, { DATABASE_URL: postgres.portalUrl.replace('127.0.0.1', 'database.test') }, within);
      resolves('');
      await postgres.query(`select pg_terminate_backend(pid) from pg_stat_activity where usename = 'portal'`);
      await wait(15);
      resolves('database.test');
      await wait(5);
      await signalled(around, each, 'SIGTERM', async () => {});
      rmSync(folder, { recursive: true });
    },
  },
  {
    name: 'the server takes no more connections for 12 s',
    answers: [503],
    run: async ({ postgres, wait }) => {
      await postgres.query('alter role portal connection limit 2');
      await postgres.query(`select pg_terminate_backend(pid) from pg_stat_activity where usename = 'portal'`);
      await wait(12);
      await postgres.query('alter role portal connection limit -1');
    },
  },
  {
    name: 'a worker whose clock is 400 days ahead',
    missing: needsFaketime,
    answers: [],
    run: (around) => withClock(around, worker(around, 0), '+400d'),
  },
  {
    name: 'a web whose clock is two days behind',
    missing: needsFaketime,
    answers: [],
    run: (around) => withClock(around, web(around, 0), '-2d'),
  },
  {
    name: 'a web whose clock is two days ahead',
    missing: needsFaketime,
    answers: [],
    run: (around) => withClock(around, web(around, 1), '+2d'),
  },
  {
    name: 'processes in other time zones and languages',
    answers: [],
    run: async (around) => {
      const elsewhere = { TZ: 'Pacific/Kiritimati', LC_ALL: 'tr_TR.UTF-8', LANG: 'tr_TR.UTF-8' };
      for (const each of [web(around, 0), worker(around, 0)]) {
        await around.portal.end(each, 'SIGTERM');
        await around.portal.start(each, elsewhere);
      }
      await around.wait(5);
      for (const each of [web(around, 0), worker(around, 0)]) await signalled(around, each, 'SIGTERM', async () => {});
    },
  },
];

/**
 * Continuously asks every running process whether it is ready. Records the slowest answer, and the number of requests without an answer.
 */
export function watchReadiness(portal: PortalProcesses) {
  const seen = { slowest: 0, unanswered: 0 };
  let watching = true;
  const watch = async () => {
    for (; watching; await pause(200)) {
      await Promise.all(
        portal.processes.map(async (each) => {
          const { child } = each;
          const began = performance.now();
          const answer = await fetch(`http://127.0.0.1:${each.port}/health/ready`, { signal: AbortSignal.timeout(5_000) }).catch(
            (error: Error) => error,
          );
          // A process that is stopping or starting may refuse connections.
          const refused = answer instanceof Error && answer.name !== 'TimeoutError';
          if (refused || each.code !== null || each.child !== child) return;
          seen.slowest = Math.max(seen.slowest, performance.now() - began);
          if (answer instanceof Error) seen.unanswered += 1;
        }),
      );
    }
  };
  const running = watch();
  return {
    stop: async () => {
      watching = false;
      await running;
      return seen;
    },
  };
}
