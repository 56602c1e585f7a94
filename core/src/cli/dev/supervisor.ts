import { relative } from 'node:path';
import { CONFIG_FILE } from '../../config/portal-config.js';
import { PluginBuilder } from './build-plugin.js';
import { type DevFolder, developedPlugins } from './dev-folder.js';
import { portalEnvironment } from './environment.js';
import { Front } from './front.js';
import type { Problem } from './messages.js';
import { PortalChild, type Started } from './portal-child.js';
import { FileWatch } from './watch-files.js';

type Ready = Extract<Started, { kind: 'ready' }>;

/**
 * Runs a portal and the plugins that are developed in it: builds after each change, and restarts the portal if the build succeeds. A process
 * that has imported the kernel already waits for the next start.
 */
export class Supervisor {
  readonly #front: Front;
  readonly #watch: FileWatch;
  #url = '';
  #builders: PluginBuilder[] = [];
  #running: PortalChild | null = null;
  #waiting: PortalChild | null = null;
  #ready: Ready | null = null;
  #edition = 0;
  /** Resolves when no start is under way. */
  #settled: Promise<unknown> = Promise.resolve();
  #work: Promise<unknown> = Promise.resolve();
  #stopped = false;

  constructor(private readonly folder: DevFolder) {
    this.#front = new Front({
      port: async () => {
        await this.#settled;
        return this.#ready?.port ?? null;
      },
      signIn: async (role) => (this.folder.config === null ? ((await this.#running?.signIn(role)) ?? null) : null),
      about: () => ({ roles: this.folder.config === null ? (this.#ready?.roles ?? []) : [], page: this.#ready?.page ?? '/' }),
    });
    this.#watch = new FileWatch((since, names) => {
      this.#work = this.#work.then(() => this.#renew(since, names));
    });
  }

  async start(port: number): Promise<void> {
    const began = performance.now();
    this.#url = await this.#front.listen(port);
    this.#waiting = new PortalChild(this.#environment());
    const developed = await developedPlugins(this.folder.root);
    this.#builders = developed.map(({ folder }) => new PluginBuilder(folder));
    for (const { folder, watched } of developed) this.#watch.add(folder, watched, ['package.json', 'tsconfig.json']);
    if (this.folder.config !== null) this.#watch.add(this.folder.config, [], [CONFIG_FILE]);
    this.#work = this.#renew(began, []);
    await this.#work;
    if (this.folder.config === null) console.log(`Sign in at ${this.#url}/@dev/`);
    console.log(`\nOpen ${this.#url}; it follows what you change. (Ctrl-C stops it)\n`);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#watch.close();
    for (const builder of this.#builders) builder.stop();
    this.#front.close();
    await this.#work;
    await Promise.all([this.#running?.stop(), this.#waiting?.stop()]);
  }

  /** Builds, and restarts the portal if nothing is wrong. */
  async #renew(since: number, names: string[]): Promise<void> {
    if (this.#stopped) return;
    const changed = names.length === 0 ? '' : `${names.slice(0, 3).join(', ')}${names.length > 3 ? ' …' : ''}: `;
    // Messages and the configuration are read as they are.
    const isSource = names.length === 0 || names.some((name) => !/^messages\b|\.config\.ts$/.test(name));
    const problems = isSource ? (await Promise.all(this.#builders.map((builder) => this.#build(builder)))).flat() : [];
    if (this.#stopped) return;
    if (problems.length > 0) {
      this.#tell(changed, problems);
      return;
    }
    const built = performance.now();
    const starting = this.#restart();
    this.#settled = starting.catch(() => {});
    const started = await starting;
    if (this.#stopped) return;
    this.#edition++;
    if (started.kind === 'failed') {
      this.#tell(changed, [{ where: 'The portal does not start', message: started.message }]);
      return;
    }
    const now = performance.now();
    this.#tell(changed, started.faults);
    console.log(`${changed}ready in ${ms(now - since)} (build ${ms(built - since)}, restart ${ms(now - built)})`);
  }

  async #build(builder: PluginBuilder): Promise<Problem[]> {
    const problems = await builder.build();
    const place = relative(process.cwd(), builder.folder);
    return place === '' ? problems : problems.map((each) => ({ ...each, where: `${place}/${each.where}` }));
  }

  async #restart(): Promise<Started> {
    await this.#running?.stop();
    this.#ready = null;
    const next = this.#waiting ?? new PortalChild(this.#environment());
    this.#waiting = null;
    this.#running = next;
    const started = await next.start(this.folder.root);
    if (started.kind === 'ready') this.#ready = started;
    if (!this.#stopped) this.#waiting = new PortalChild(this.#environment());
    return started;
  }

  #tell(changed: string, problems: Problem[]): void {
    for (const { where, message, remedy } of problems)
      console.error(
        `${changed}✗ ${where}\n  ${message.replaceAll('\n', '\n  ')}${remedy === undefined ? '' : `\n  → ${remedy}`}`,
      );
    this.#front.tell({ edition: this.#edition, problems });
  }

  #environment(): NodeJS.ProcessEnv {
    return portalEnvironment(process.env, { dataDir: this.folder.dataDir, url: this.#url });
  }
}

const ms = (milliseconds: number): string => `${Math.round(milliseconds)} ms`;
