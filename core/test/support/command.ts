import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format } from 'node:util';
import { openTestHome } from '@ilearn/core/testing';
import { main } from '../../dist/cli/main.js';
import type { TestHome } from './portal.js';

const core = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** The headers with which a monitor reads /metrics, and /health/ready in full. */
export const monitor = { authorization: 'Bearer a-token-for-tests-alone' };

/** A portal's folder of its own, with packages written into its node_modules. */
export class PortalFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'ilearn-command-'));
  #composed: string[] = [];
  #required: string[] = [];
  #http: object = {};
  readonly #running = new Set<ChildProcess>();
  environment: Record<string, string> = { PORT: '0', LOG_LEVEL: 'warn', METRICS_TOKEN: monitor.authorization.slice(7) };
  /** Null: its portal makes an embedded database in the folder. */
  database: TestHome | null = null;

  constructor() {
    mkdirSync(join(this.path, 'node_modules', '@ilearn'), { recursive: true });
    symlinkSync(core, join(this.path, 'node_modules', '@ilearn', 'core'), 'dir');
    symlinkSync(join(core, '..', 'node_modules', 'zod'), join(this.path, 'node_modules', 'zod'), 'dir');
  }

  pack(name: string, source: string): this {
    const folder = join(this.path, 'node_modules', name);
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      join(folder, 'package.json'),
      JSON.stringify({ name, version: '1.0.0', type: 'module', exports: './index.js' }),
    );
    writeFileSync(join(folder, 'index.js'), source);
    return this;
  }

  /** A further file of a package. */
  write(name: string, file: string, text: string): this {
    const path = join(this.path, 'node_modules', name, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return this;
  }

  /** Packages without which it does not start. */
  require(...names: string[]): this {
    this.#required = names;
    return this.compose(...this.#composed);
  }

  /** Plugin id → hosts that it may call. */
  allow(http: Record<string, { hosts: string[] }>): this {
    this.#http = http;
    return this.compose(...this.#composed);
  }

  compose(...names: string[]): this {
    this.#composed = names;
    const config = { plugins: Object.fromEntries(names.map((name) => [name, {}])), required: this.#required, http: this.#http };
    writeFileSync(
      join(this.path, 'ilearn.config.ts'),
      `import { defineConfig } from '@ilearn/core';\nexport default defineConfig(${JSON.stringify(config)});\n`,
    );
    return this;
  }

  /** Its portal has a database on the suite's server, where there is one. */
  async useServer(): Promise<void> {
    if (!process.env['ILEARN_TEST_POSTGRES']) return;
    this.database = await openTestHome();
    this.environment = { ...this.environment, DATABASE_URL: `${this.database.url}` };
  }

  /** Begins `ilearn <args>`; what it prints is at hand while it runs. */
  begin(...args: string[]) {
    const { PATH = '', HOME = '', TMPDIR } = process.env;
    // Compiling PGlite and the SQL parser for a long life takes longer than most of these processes live.
    const child = spawn(process.execPath, ['--liftoff-only', join(core, 'bin', 'ilearn.js'), ...args], {
      cwd: this.path,
      env: { PATH, HOME, TMPDIR, ...this.environment },
    });
    this.#running.add(child);
    child.once('close', () => this.#running.delete(child));
    const run = { child, out: '', err: '', code: null as number | null };
    child.stdout.on('data', (bytes) => {
      run.out += bytes;
    });
    child.stderr.on('data', (bytes) => {
      run.err += bytes;
    });
    const ended = new Promise<typeof run>((resolve) => {
      child.on('close', (code) => {
        run.code = code;
        resolve(run);
      });
    });
    const printed = (pattern: RegExp) =>
      new Promise<string>((resolve, reject) => {
        const look = () => {
          const found = pattern.exec(run.out);
          if (found !== null) resolve(found[1] ?? found[0]);
        };
        look();
        child.stdout.on('data', look);
        child.on('close', () => reject(new Error(`it ended with ${run.code} and printed:\n${run.out}\n${run.err}`)));
      });
    return Object.assign(run, { ended, printed });
  }

  run(...args: string[]) {
    return this.begin(...args).ended;
  }

  /**
   * Runs `ilearn <args>` within this process, which takes a tenth of the time of a new one. `out` and `err` lack what the log says, packages
   * are read once, and the working directory is not the folder.
   */
  async call(...args: string[]): Promise<{ code: number; out: string; err: string }> {
    const { PATH = '', HOME = '' } = process.env;
    const before = { env: process.env, log: console.log, error: console.error };
    const said = { out: '', err: '' };
    process.env = { PATH, HOME, ...this.environment };
    console.log = (...line) => {
      said.out += `${format(...line)}\n`;
    };
    console.error = (...line) => {
      said.err += `${format(...line)}\n`;
    };
    try {
      const code = await main(args, this.path);
      return { code, ...said };
    } finally {
      process.env = before.env;
      console.log = before.log;
      console.error = before.error;
    }
  }

  /** Also ends what still runs, as after a test that failed. */
  async remove(): Promise<void> {
    for (const child of this.#running) child.kill('SIGKILL');
    await this.database?.close();
    rmSync(this.path, { recursive: true, force: true });
  }
}
