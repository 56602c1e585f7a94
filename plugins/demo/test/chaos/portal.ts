import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RegistrationContribution } from '@ilearn/plugin-lti';
import { freePort } from '../../../../core/scripts/system.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', '..');

export const EXERCISES = 10;
const START_MS = 120_000;

/** A connector with a registration and its exercises, as a file in the portal's folder. */
const connector = (registration: RegistrationContribution) => `
import { definePlugin } from '@ilearn/core';
const registration = ${JSON.stringify(registration)};
const exercise = (number) => ({
  key: 'exercise-' + number, title: 'Oefening ' + number, description: '', language: 'nl', minutes: 5, ageFrom: 6, ageTo: 12, difficulty: 1,
  conceptUris: [], keywords: [],
  lti: { registration: registration.key, targetLinkUri: registration.redirectUris[0], custom: {}, scoreMaximum: 10 },
});
export default definePlugin({
  id: 'connector-chaos', version: '0.1.0', requires: { library: '^0.1.0', lti: '^0.1.0' },
  contributes: {
    'lti.registrations': [registration],
    'library.tools': [{ key: 'chaos', name: 'Chaos', provider: 'Chaos', activities: Array.from({ length: ${EXERCISES} }, (_, number) => exercise(number)) }],
  },
});
`;

export type Role = 'web' | 'worker' | 'all';

export interface PortalProcess {
  readonly role: Role;
  readonly port: number;
  child: ChildProcess;
  /** Its standard error: log lines. */
  log: string;
  /** Exit code or signal; null while it runs. */
  code: number | string | null;
}

/** A portal's folder and its processes. */
export class PortalProcesses {
  readonly folder = mkdtempSync(join(tmpdir(), 'ilearn-chaos-portal-'));
  readonly processes: PortalProcess[] = [];

  constructor(
    private readonly environment: Record<string, string>,
    registration: RegistrationContribution,
    /** More of the configuration. */
    { plugins: more = {}, ...rest }: { plugins?: Record<string, unknown>; http?: Record<string, unknown> } = {},
  ) {
    symlinkSync(join(root, 'node_modules'), join(this.folder, 'node_modules'), 'dir');
    writeFileSync(join(this.folder, 'connector-chaos.mjs'), connector(registration));
    const plugins = ['directory', 'login', 'library', 'lti', 'myway'].map((id) => `@ilearn/plugin-${id}`);
    const composed = {
      ...Object.fromEntries([...plugins, './connector-chaos.mjs'].map((name) => [name, {}])),
      '@ilearn/plugin-demo': { results: false },
      ...more,
    };
    writeFileSync(
      join(this.folder, 'ilearn.config.ts'),
      `import { defineConfig } from '@ilearn/core';\nexport default defineConfig(${JSON.stringify({ plugins: composed, ...rest })});\n`,
    );
  }

  get webs(): PortalProcess[] {
    return this.processes.filter(({ role }) => role !== 'worker');
  }

  get workers(): PortalProcess[] {
    return this.processes.filter(({ role }) => role === 'worker');
  }

  /** Starts another process and waits until it is ready. */
  async add(role: Role, port?: number, environment: Record<string, string> = {}): Promise<PortalProcess> {
    const each: PortalProcess = { role, port: port ?? (await freePort()), child: null as never, log: '', code: null };
    this.processes.push(each);
    await this.start(each, environment);
    return each;
  }

  /** Starts a process, or restarts one that has ended, and waits until it is ready. */
  async start(each: PortalProcess, environment: Record<string, string> = {}, within: readonly string[] = []): Promise<void> {
    this.begin(each, environment, within);
    const deadline = Date.now() + START_MS;
    while (!(await this.isReady(each))) {
      if (each.code !== null) throw new Error(`a ${each.role} ended with ${each.code}:\n${each.log.slice(-4000)}`);
      if (Date.now() > deadline)
        throw new Error(`a ${each.role} was not ready within ${START_MS / 1_000} s:\n${each.log.slice(-4000)}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** @param within command that runs the process: `unshare …` */
  begin(each: PortalProcess, environment: Record<string, string> = {}, within: readonly string[] = []): void {
    const { PATH = '', HOME = '' } = process.env;
    const only = each.role === 'all' ? [] : ['--only', each.role];
    const [command = '', ...args] = [...within, process.execPath, join(root, 'core', 'bin', 'ilearn.js'), 'start', ...only];
    const child = spawn(command, args, {
      cwd: this.folder,
      env: { PATH, HOME, HOST: '127.0.0.1', LOG_LEVEL: 'warn', ...this.environment, PORT: `${each.port}`, ...environment },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    Object.assign(each, { child, log: '', code: null });
    child.stderr.on('data', (bytes) => {
      each.log += bytes;
    });
    child.once('exit', (code, signal) => {
      if (each.child === child) each.code = code ?? signal;
    });
  }

  async isReady({ port }: PortalProcess): Promise<boolean> {
    const answer = await fetch(`http://127.0.0.1:${port}/health/ready`, { signal: AbortSignal.timeout(2_000) }).catch(() => null);
    return answer?.status === 200;
  }

  async end(each: PortalProcess, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    if (each.code !== null) return;
    const gone = new Promise((resolve) => each.child.once('exit', resolve));
    each.child.kill(signal);
    await gone;
  }

  async stop(): Promise<void> {
    await Promise.all(this.processes.map((each) => this.end(each)));
    rmSync(this.folder, { recursive: true, force: true });
  }
}
