import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { PostgresServer as Server } from '../../../../core/scripts/postgres.mjs';
import { ensureRedis } from '../../../../core/scripts/redis.mjs';
import { freePort } from '../../../../core/scripts/system.mjs';

/** Ids of a process and all its descendants, from Linux's `/proc`. */
function familyOf(pid: number): number[] {
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        // The command name, in parentheses, may contain spaces; the parent's id is the second field after it.
        const [, parent] = readFileSync(`/proc/${name}/stat`, 'utf8')
          .replace(/^.*\) /, '')
          .split(' ');
        return [{ pid: Number(name), parent: Number(parent) }];
      } catch {
        return [];
      }
    });
  const family = [pid];
  for (const member of family) family.push(...parents.filter(({ parent }) => parent === member).map(({ pid }) => pid));
  return family;
}

const signalAll = (pid: number | undefined, signal: NodeJS.Signals) => {
  for (const each of pid === undefined ? [] : familyOf(pid)) {
    try {
      process.kill(each, signal);
    } catch {
      // The process has ended meanwhile.
    }
  }
};

function isAlive(pid: number | undefined): boolean {
  try {
    return pid !== undefined && process.kill(pid, 0);
  } catch {
    return false;
  }
}

const ended = (child: ChildProcess): Promise<unknown> =>
  child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve()
    : new Promise((resolve) => child.once('exit', resolve));

/** A PostgreSQL server that a test can stop, kill and freeze. The portal connects as an ordinary user with CREATEROLE. */
export class PostgresServer {
  #server: Server | null = null;
  #pool: pg.Pool | null = null;
  /** Folder of the disk of its own; null: it shares that of the machine. */
  #disk: string | null = null;
  port = 0;

  /** @param megabytes gives it a disk of its own (tmpfs), which a test can fill; needs the right to mount one */
  async create(megabytes?: number): Promise<void> {
    const usual = process.env['TMPDIR'];
    if (megabytes !== undefined) {
      this.#disk = mkdtempSync(join(tmpdir(), 'ilearn-chaos-disk-'));
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', this.#disk]);
      chmodSync(this.#disk, 0o755);
      process.env['TMPDIR'] = this.#disk;
    }
    this.#server = await Server.create(['fsync=off', 'max_connections=60', 'max_wal_size=128MB', 'wal_recycle=off']);
    if (usual === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = usual;
    this.port = this.#server.port;
    await this.#server.start();
    const admin = new pg.Client({ connectionString: this.#url('postgres', 'postgres') });
    await admin.connect();
    await admin.query(`create role portal login createrole password 'portal'`);
    await admin.query('create database portal owner portal');
    await admin.end();
    this.#pool = new pg.Pool({ connectionString: this.#url('postgres', 'portal'), max: 3 });
    this.#pool.on('error', () => {});
  }

  get portalUrl(): string {
    return this.#url('portal', 'portal', 'portal');
  }

  /** Queries as the superuser, who is exempt from row-level security. */
  async query<Row extends Record<string, unknown>>(sql: string, values: unknown[] = []): Promise<Row[]> {
    return ((await this.#pool?.query<Row>(sql, values)) as pg.QueryResult<Row>).rows;
  }

  /** Opens a separate connection, for example to hold a lock. */
  async connect(): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: this.#url('postgres', 'portal') });
    client.on('error', () => {});
    await client.connect();
    return client;
  }

  async start(): Promise<void> {
    const deadline = Date.now() + 20_000;
    for (;;) {
      try {
        await this.#server?.start();
        return;
      } catch (error) {
        // Backends of a killed server may still use its shared memory.
        if (Date.now() > deadline) throw error;
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    }
  }

  async stop(): Promise<void> {
    await this.#server?.stop();
  }

  async kill(): Promise<void> {
    await this.#server?.stop('SIGKILL');
  }

  get hasDisk(): boolean {
    return this.#disk !== null;
  }

  /** Writes to its disk until nothing fits any more. */
  fillDisk(): void {
    const file = openSync(join(this.#disk as string, 'filling'), 'w');
    for (let size = 1 << 20; size >= 4_096; ) {
      try {
        if (writeSync(file, Buffer.alloc(size)) < size) size = size >> 1;
      } catch {
        size = size >> 1;
      }
    }
    closeSync(file);
  }

  /** Frees the disk, and starts the server if it ended meanwhile, as a supervisor does. */
  async emptyDisk(): Promise<void> {
    rmSync(join(this.#disk as string, 'filling'));
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    if (!isAlive(this.#server?.pid)) await this.start();
  }

  freeze(): void {
    signalAll(this.#server?.pid, 'SIGSTOP');
  }

  thaw(): void {
    signalAll(this.#server?.pid, 'SIGCONT');
  }

  async remove(): Promise<void> {
    await this.#pool?.end().catch(() => {});
    await this.#server?.remove();
    if (this.#disk !== null) {
      execFileSync('umount', [this.#disk]);
      rmSync(this.#disk, { recursive: true });
    }
  }

  #url(user: string, database: string, password = 'postgres'): string {
    return `postgresql://${user}:${password}@127.0.0.1:${this.port}/${database}`;
  }
}

/** A Redis server that a test can stop, kill and freeze. */
export class RedisServer {
  readonly #folder = mkdtempSync(join(tmpdir(), 'ilearn-chaos-redis-'));
  #child: ChildProcess | null = null;
  port = 0;

  async start(): Promise<void> {
    if (this.port === 0) this.port = await freePort();
    const child = spawn(ensureRedis(), ['--port', `${this.port}`, '--bind', '127.0.0.1', '--save', ''], {
      cwd: this.#folder,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    this.#child = child;
    await new Promise<void>((resolve, reject) => {
      child.stdout.on('data', (bytes) => {
        if (/Ready to accept connections/.test(String(bytes))) resolve();
      });
      child.once('exit', (code) => reject(new Error(`redis-server ended with ${code}`)));
    });
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    this.#child?.kill(signal);
    if (this.#child !== null) await ended(this.#child);
  }

  freeze(): void {
    this.#child?.kill('SIGSTOP');
  }

  thaw(): void {
    this.#child?.kill('SIGCONT');
  }

  async remove(): Promise<void> {
    await this.stop('SIGKILL');
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
