import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { PGlite } from '@electric-sql/pglite';
import { freePort } from '../../../../core/scripts/system.mjs';
import { startTestTool, type TestTool } from '../../../lti/test/support/tool.js';
import { Load } from './load.js';
import { type PortalProcess, PortalProcesses } from './portal.js';
import { settled, type Tally, tally } from './tally.js';

/** Low, because the embedded database has only one connection. */
const PER_SECOND = 12;
const TOKEN = 'token-of-the-chaos-test';
/** States of messages that the portal still processes by itself. */
const open = /^ilearn_messages\{state="(?:waiting|delayed|retrying|running)"\} (\d+)/gm;

/** A portal with one process and the embedded database, under a load of people and a tool. */
export class EmbeddedWorld {
  readonly dataDir = mkdtempSync(join(tmpdir(), 'ilearn-chaos-data-'));
  portal!: PortalProcesses;
  process!: PortalProcess;
  #tool!: TestTool;
  #load!: Load;
  #mounted = false;

  /** @param megabytes size of a separate disk; without it, the machine's disk is used */
  async start(megabytes?: number): Promise<void> {
    if (megabytes !== undefined) {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', this.dataDir], { stdio: 'pipe' });
      this.#mounted = true;
    }
    const port = await freePort();
    const url = `http://localhost:${port}`;
    this.#tool = await startTestTool(url, 'chaos');
    this.portal = new PortalProcesses({ DATA_DIR: this.dataDir, PUBLIC_URL: url, METRICS_TOKEN: TOKEN }, this.#tool.registration);
    this.process = await this.portal.add('all', port);
    this.#load = new Load(url, [url], this.#tool, PER_SECOND);
    await this.#load.prepare();
  }

  async under(fn: () => Promise<void>): Promise<void> {
    this.#load.start();
    try {
      await fn();
    } finally {
      await this.#load.stop();
    }
  }

  /** Kills the portal and starts it again. */
  async kill(): Promise<void> {
    await this.portal.end(this.process);
    await this.portal.start(this.process);
  }

  /**
   * Starts a second portal on the same folder; returns its exit code and its log. `elsewhere`: in a PID namespace that hides the first
   * portal's process.
   */
  async second(elsewhere: boolean): Promise<{ code: number | string | null; log: string }> {
    const other: PortalProcess = { role: 'all', port: await freePort(), child: null as never, log: '', code: null };
    this.portal.begin(other, {}, elsewhere ? ['unshare', '--pid', '--fork', '--mount-proc'] : []);
    for (const deadline = Date.now() + 60_000; other.code === null && Date.now() < deadline; ) await pause(100);
    await this.portal.end(other);
    return other;
  }

  fillDisk(): void {
    const file = join(this.dataDir, 'filler');
    for (let size = 64; size >= 1; size /= 4) {
      for (let part = 0; ; part++) {
        try {
          writeFileSync(`${file}-${size}-${part}`, Buffer.alloc(size * 1024));
        } catch {
          break;
        }
        if (part > 40_000) break;
      }
    }
  }

  emptyDisk(): void {
    execFileSync('sh', ['-c', `rm -f '${this.dataDir}'/filler-*`]);
  }

  /** Waits until the portal has processed everything that it accepted. Call it without load. */
  async #workedOff(): Promise<void> {
    for (const deadline = Date.now() + 120_000; ; await pause(500)) {
      const answer = await fetch(`http://localhost:${this.process.port}/metrics`, {
        headers: { authorization: `Bearer ${TOKEN}` },
      });
      const counts = [...(await answer.text()).matchAll(open)].map(([, count]) => Number(count));
      if (counts.length > 0 && counts.every((count) => count === 0)) return;
      if (Date.now() > deadline) throw new Error(`the portal still had ${counts.join(' + ')} messages to do`);
    }
  }

  /** Stops the portal, and compares its database with the responses that senders received. */
  async tally(): Promise<Tally> {
    await this.#workedOff();
    await this.portal.end(this.process, 'SIGTERM');
    const pglite = await PGlite.create(join(this.dataDir, 'postgres'));
    const reader = {
      query: async <Row>(sql: string, values: unknown[] = []) => (await pglite.query<Row>(sql, values)).rows,
    };
    try {
      await settled(reader, 1);
      return await tally(reader, this.#load.sent);
    } finally {
      await pglite.close();
    }
  }

  async stop(): Promise<void> {
    await this.portal?.stop();
    await this.#tool?.stop();
    if (this.#mounted) execFileSync('umount', [this.dataDir]);
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}

/** Whether this machine may start a process in its own PID namespace. */
export const mayUnshare = (): boolean => runs('unshare', '--pid', '--fork', '--mount-proc', 'true');

export function mayMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'ilearn-chaos-mount-'));
  const may = runs('mount', '-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder);
  if (may) runs('umount', folder);
  rmSync(folder, { recursive: true, force: true });
  return may;
}

function runs(command: string, ...args: string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'pipe' });
    return true;
  } catch {
    return false;
  }
}
