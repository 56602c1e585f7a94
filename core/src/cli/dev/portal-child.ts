import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { FromPortal, ToPortal } from './messages.js';

const entry = fileURLToPath(new URL('./portal-process.js', import.meta.url));

export type Started = Extract<FromPortal, { kind: 'ready' } | { kind: 'failed' }>;

/** A process that runs the portal once; it begins to import the kernel when it is made. */
export class PortalChild {
  readonly #child: ChildProcess;
  readonly ended: Promise<unknown>;
  #signingIn: Promise<unknown> = Promise.resolve();

  constructor(environment: NodeJS.ProcessEnv) {
    // It is restarted at the next change: compiling the embedded database twice, for a long life, would delay each start by a second.
    const execArgv = ['--liftoff-only'];
    this.#child = fork(entry, { env: environment, stdio: ['ignore', 'inherit', 'inherit', 'ipc'], execArgv });
    this.ended = once(this.#child, 'exit');
  }

  /** @param root the portal's folder */
  async start(root: string): Promise<Started> {
    this.#send({ kind: 'start', root });
    return (await this.#hear(['ready', 'failed'])) as Started;
  }

  /** Returns the cookie of a new session; null if there is none. One at a time, since answers do not say which request they are for. */
  signIn(role: string): Promise<string | null> {
    const next = this.#signingIn.then(async () => {
      this.#send({ kind: 'sign-in', role });
      const answer = await this.#hear(['signed-in', 'failed']);
      return answer.kind === 'signed-in' ? answer.cookie : null;
    });
    this.#signingIn = next;
    return next;
  }

  async stop(): Promise<void> {
    this.#send({ kind: 'stop' });
    const late = setTimeout(() => this.#child.kill('SIGKILL'), STOP_MS);
    await this.ended;
    clearTimeout(late);
  }

  #send(message: ToPortal): void {
    // A process that ended meanwhile, as Ctrl-C ends one that still imports, is noticed by its exit.
    if (this.#child.connected) this.#child.send(message, () => {});
  }

  /** The next message of one of these kinds; `failed` if the process ends first. */
  #hear(kinds: readonly FromPortal['kind'][]): Promise<FromPortal> {
    return new Promise((resolve) => {
      const hear = (message: FromPortal) => {
        if (!kinds.includes(message.kind)) return;
        this.#child.off('message', hear);
        resolve(message);
      };
      this.#child.on('message', hear);
      void this.ended.then(() => resolve({ kind: 'failed', message: 'The process of the portal ended; see the terminal.' }));
    });
  }
}

const STOP_MS = 8_000;
