// A PostgreSQL server for tests: the one of TEST_DATABASE_URL, else a temporary one from npm.
import { spawn, spawnSync } from 'node:child_process';
import { chownSync, cpSync, lchownSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { preparePostgres } from './postgres-binaries.mjs';
import { freePort } from './system.mjs';

/** @returns {Promise<{ url: string, stop(): Promise<void> }>} the user may create databases and roles */
export async function startPostgres() {
  const given = process.env.TEST_DATABASE_URL;
  if (given) return { url: given, stop: async () => {} };
  try {
    // Tests want speed, not survival.
    const server = await PostgresServer.create([
      'fsync=off',
      'synchronous_commit=off',
      'full_page_writes=off',
      'wal_level=minimal',
      'max_wal_senders=0',
      'max_connections=200',
    ]);
    await server.start();
    return { url: server.url, stop: () => server.remove() };
  } catch (error) {
    console.error(
      `PostgreSQL for the tests did not start: ${error.message}\nSet TEST_DATABASE_URL to a server whose user may create databases and roles.`,
    );
    process.exit(2);
  }
}

/** A temporary server on a free port of 127.0.0.1; its superuser and password are `postgres`. It is removed with this process. */
export class PostgresServer {
  #prepared;
  #flags;
  #child;
  #printed = '';
  #remove = () => {
    this.#child?.kill('SIGKILL');
    rmSync(this.#prepared.folder, { recursive: true, force: true, maxRetries: 3 });
  };

  constructor(prepared, port, flags) {
    this.#prepared = prepared;
    this.#flags = flags;
    this.port = port;
    process.once('exit', this.#remove);
    for (const signal of SIGNALS) process.on(signal, exitOn);
  }

  /** @param {string[]} settings `name=value`, as `postgres -c` takes them */
  static async create(settings = []) {
    const server = await PostgresServer.#prepare(settings);
    server.#initialise();
    return server;
  }

  static async #prepare(settings) {
    const prepared = await preparePostgres();
    const port = await freePort();
    const flags = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', `port=${port}`, ...settings].flatMap((each) => [
      '-c',
      each,
    ]);
    return new PostgresServer(prepared, port, flags);
  }

  /**
   * A base backup of this running server, as pg_basebackup makes one: another server, not started yet, whose data were copied between
   * pg_backup_start and pg_backup_stop.
   *
   * @param {'standby' | 'recovery'} signal `standby`: follows this server by streaming replication; `recovery`: replays the archived log
   *   to a target (recovery_target_…), then takes writes
   * @param {string[]} settings of the new server
   */
  async copy(signal, settings = []) {
    const follows = `primary_conninfo=host=127.0.0.1 port=${this.port} user=postgres password=postgres`;
    const server = await PostgresServer.#prepare([...(signal === 'standby' ? [follows] : []), ...settings]);
    const admin = new pg.Client({ connectionString: this.url });
    await admin.connect();
    try {
      await admin.query(`select pg_backup_start('copy', true)`);
      const left = ['postmaster.pid', 'pg_wal', 'pg_replslot'].map((name) => join(this.#data, name));
      cpSync(this.#data, server.#data, { recursive: true, filter: (path) => !left.includes(path) });
      for (const name of ['pg_wal', 'pg_replslot']) mkdirSync(join(server.#data, name), { mode: 0o700 });
      const { rows } = await admin.query('select labelfile, spcmapfile from pg_backup_stop()');
      writeFileSync(join(server.#data, 'backup_label'), rows[0].labelfile);
      writeFileSync(join(server.#data, `${signal}.signal`), '');
      server.#own();
    } finally {
      await admin.end();
    }
    return server;
  }

  /** A folder beside the data in which the server may write. */
  folder(name) {
    const { folder, owner } = this.#prepared;
    const path = join(folder, name);
    mkdirSync(path);
    if (owner.uid !== undefined) chownSync(path, owner.uid, owner.gid);
    return path;
  }

  /** Gives what root has copied to the server's user. */
  #own() {
    const { owner } = this.#prepared;
    if (owner.uid === undefined) return;
    lchownSync(this.#data, owner.uid, owner.gid);
    for (const name of readdirSync(this.#data, { recursive: true })) lchownSync(join(this.#data, name), owner.uid, owner.gid);
  }

  get url() {
    return `postgresql://postgres:postgres@127.0.0.1:${this.port}/postgres`;
  }

  /** Process id of the running server; undefined while there is none. */
  get pid() {
    return this.#child?.pid;
  }

  /**
   * @param {string[]} settings further ones, `name=value`
   * @throws Error with what the server printed, when it ends before it takes connections
   */
  async start(settings = []) {
    const { postgres, folder, owner } = this.#prepared;
    this.#printed = '';
    const child = spawn(postgres, ['-D', this.#data, ...this.#flags, ...settings.flatMap((each) => ['-c', each])], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
      ...owner,
    });
    await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', () => reject(new Error(`it ended at its start\n${this.#printed}`)));
      child.stderr.on('data', (bytes) => {
        if (child === this.#child) return;
        this.#printed += bytes;
        if (/ready to accept (read-only )?connections/.test(this.#printed)) resolve();
      });
    });
    this.#child = child;
  }

  /** Ends it with SIGINT (connections are closed, nothing is lost), or as `signal` does. */
  async stop(signal = 'SIGINT') {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await ended;
  }

  /** Stops it and deletes its data. */
  async remove() {
    await this.stop();
    process.off('exit', this.#remove);
    this.#remove();
  }

  get #data() {
    return join(this.#prepared.folder, 'data');
  }

  #initialise() {
    const { initdb, folder, owner } = this.#prepared;
    const password = join(folder, 'password');
    writeFileSync(password, 'postgres\n', { mode: 0o600 });
    if (owner.uid !== undefined) chownSync(password, owner.uid, owner.gid);
    const { status, error, stderr } = spawnSync(
      initdb,
      [
        `--pgdata=${this.#data}`,
        '--auth=password',
        '--username=postgres',
        `--pwfile=${password}`,
        '--encoding=UTF8',
        '--locale=C',
      ],
      { cwd: folder, encoding: 'utf8', ...owner },
    );
    rmSync(password);
    if (status !== 0) {
      this.#remove();
      throw new Error(`initdb failed: ${error?.message ?? stderr}`);
    }
  }
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];
/** Without a handler these end the process before its exit handlers run. */
const exitOn = (_, number) => process.exit(128 + number);
