import { type Database, readMasterKey } from '../access/master-key.js';
import { addContainer, type ContainerParts, type Containers } from '../container/create-containers.js';
import { loggerOf } from '../container/plugin-container.js';
import type { LifecycleInput } from '../contract/plugin.js';
import type { KernelLogger } from '../foundation/log.js';
import type { CheckedPlugin } from '../foundation/plugin.js';
import { withTimeout } from '../foundation/timeout.js';
import { type Stop, startPlugin } from './start-plugin.js';

export interface RuntimeParts extends Omit<ContainerParts, 'master'> {
  containers: Containers;
  log: KernelLogger;
  /** The master key that the operator configured; undefined if there is none. */
  configuredKey: Uint8Array | undefined;
  /** Time limit of a plugin's `start`, and of the stop function that it returns. */
  startSeconds: number;
  announce(line: string | Promise<string>): void;
}

/** What each plugin in service has in this process: its services, and whatever its `start` began. */
export class PluginRuntime {
  readonly #stops = new Map<string, Stop>();
  #master: Uint8Array | null = null;

  constructor(private readonly parts: RuntimeParts) {}

  /** @throws Error before a plugin was built */
  get master(): Uint8Array {
    if (this.#master === null) throw new Error('no plugin has been built yet');
    return this.#master;
  }

  /** Creates each of the plugin's services once. */
  async build(plugin: CheckedPlugin): Promise<void> {
    const { runner, containers, permissions, configuredKey } = this.parts;
    this.#master ??= await runner.run({}, ({ unit }) =>
      readMasterKey({ query: (text: string, values?: unknown[]) => unit.kernel(text, values) } as Database, configuredKey),
    );
    permissions.add(plugin.definition);
    addContainer(plugin, containers, { ...this.parts, master: () => this.master });
    await runner.run({}, async (frame) => containers.get(plugin.id)?.resolveAll(frame));
  }

  async start(plugin: CheckedPlugin): Promise<void> {
    const { definition } = plugin;
    const stop = await startPlugin(plugin, this.parts.startSeconds, async (signal) => {
      const input = this.#inputFor(plugin, signal);
      await definition.takeContributions?.(input);
      return definition.start?.(input);
    });
    if (stop !== null) this.#stops.set(plugin.id, stop);
  }

  /** Passes new contributions to the plugin in service that owns their points; under the time limit of `start`. */
  async takeContributions(plugin: CheckedPlugin): Promise<void> {
    await startPlugin(plugin, this.parts.startSeconds, (signal) =>
      // An async function, because the call may throw synchronously.
      (async () => plugin.definition.takeContributions?.(this.#inputFor(plugin, signal)))(),
    );
  }

  // biome-ignore lint/suspicious/noExplicitAny: the author names the cradle
  #inputFor({ id, config }: CheckedPlugin, signal: AbortSignal): LifecycleInput<any> {
    const { log, portal, runner, announce } = this.parts;
    return {
      work: (fn) => runner.run({ about: { plugin: id }, signal }, (frame) => fn(runner.cradleOf(id, frame))),
      config,
      http: runner.httpOf(id),
      log: loggerOf(log.child({ plugin: id })),
      portal,
      announce,
    };
  }

  /** Stops what the plugin's `start` began and removes its services. */
  async remove(id: string): Promise<void> {
    const { containers, permissions } = this.parts;
    await this.#stop(id);
    const plugin = containers.get(id)?.plugin;
    if (plugin !== undefined) permissions.remove(plugin.definition);
    containers.delete(id);
  }

  /** Stops all plugins in reverse order of their start. */
  async stopAll(): Promise<void> {
    for (const id of [...this.#stops.keys()].reverse()) await this.#stop(id);
  }

  async #stop(id: string): Promise<void> {
    const stop = this.#stops.get(id);
    this.#stops.delete(id);
    const { log, startSeconds } = this.parts;
    // An async function, because a hook may throw synchronously or return no promise.
    const stopped = (async () => stop?.())();
    const late = () => new Error(`what start() returned did not end within ${startSeconds} seconds`);
    await withTimeout(startSeconds, stopped, late).catch((error: Error) => log.warn({ plugin: id, err: error.message }, 'stop'));
  }
}
