import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Clock, Logger } from '@ilearn/core';

const program = fileURLToPath(new URL('./tool/main.js', import.meta.url));
const portTaken = 3;
const firstPauseMs = 1000;
const longestPauseMs = 60_000;
/** If the tool ran at least this long, the next pause is `firstPauseMs` again. */
const steadyMs = 60_000;
/** Interval at which the tool is launched again while its port is in use, such as by the tool of another process of the portal. */
const usualWaitMs = 10_000;
/** How long the portal's start waits for the tool. */
const patienceMs = 30_000;

export interface ToolProcessOptions {
  toolUrl: string;
  platformUrl: string;
  log: Logger;
  /** Undefined: the tool uses the clock of this machine. */
  clock?: Clock;
  /** Default: 10 seconds. */
  waitMs?: number;
}

/**
 * Keeps the practice tool running beside the portal: restarts it after growing pauses, and stops it with the portal. If another process of
 * the portal runs one, this takes over when that ends.
 */
export class ToolProcess {
  #toldOfPort = false;
  #child: ChildProcess | null = null;
  #timer: NodeJS.Timeout | null = null;
  #pauseMs = firstPauseMs;
  #stopping = false;

  constructor(private readonly options: ToolProcessOptions) {}

  /** Process id of the running tool. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Starts the tool; resolves to one line that describes the result. */
  start(): Promise<string> {
    const { toolUrl } = this.options;
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(`The practice tool is still starting on ${toolUrl}.`), patienceMs);
      timer.unref();
      this.#launch((line) => {
        clearTimeout(timer);
        resolve(line);
      });
    });
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    const child = this.#child;
    if (child === null) return;
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
    await ended;
    clearTimeout(timer);
  }

  #launch(tell: (line: string) => void = () => {}): void {
    const { toolUrl, platformUrl, log, clock } = this.options;
    const started = performance.now();
    const time = clock === undefined ? [] : ['--time', clock.now().toISOString()];
    const child = fork(program, ['--url', toolUrl, '--platform', platformUrl, ...time], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      execArgv: [],
    });
    this.#child = child;
    child.stdout?.on('data', (text) => log.info({ tool: 'practice' }, String(text).trim()));
    child.stderr?.on('data', (text) => log.warn({ tool: 'practice' }, String(text).trim()));
    child.once('message', () => tell(`Practice tool: ${toolUrl}`));
    child.once('exit', (code, signal) => {
      this.#child = null;
      if (this.#stopping) return;
      if (code === portTaken) {
        const line = `The practice tool waits: another program uses the port of ${toolUrl}. If that is no process of this portal, its exercises would open that program: stop it, or set toolUrl of connector-practice to a free port.`;
        if (!this.#toldOfPort) log.warn({ tool: 'practice' }, line);
        this.#toldOfPort = true;
        tell(line);
        this.#timer = setTimeout(() => this.#launch(), this.options.waitMs ?? usualWaitMs);
        return;
      }
      if (performance.now() - started > steadyMs) this.#pauseMs = firstPauseMs;
      log.error(
        { tool: 'practice', code, signal, pauseMs: this.#pauseMs },
        'the practice tool ended; it will be restarted after a pause',
      );
      tell(`The practice tool ended immediately (code ${code ?? signal}) and will be restarted. See the log.`);
      this.#timer = setTimeout(() => this.#launch(), this.#pauseMs);
      this.#pauseMs = Math.min(this.#pauseMs * 2, longestPauseMs);
    });
  }
}
