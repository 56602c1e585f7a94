import { type AwilixContainer, asClass, asFunction, asValue, createContainer } from 'awilix';
import { currentFrame, type Frame } from '../context/frame.js';
import { type KernelCradle, type Logger, type PrivilegedCradle, privileges } from '../contract/services.js';
import { deepFreeze } from '../foundation/freeze.js';
import { type CheckedPlugin, injectedName } from '../foundation/plugin.js';

type KernelServices = Omit<KernelCradle, 'principal' | 'log'>;

/**
 * One awilix root a plugin: its own services, the kernel's, and a bridge to the exports of those it requires. Nothing else
 * resolves. A request scope is made when the plugin is first needed in a unit of work.
 */
export class PluginContainer {
  readonly #root: AwilixContainer;
  /** The same in every unit of work: no scope is made for them. */
  readonly #constant: ReadonlyMap<string, unknown>;
  readonly #exported: ReadonlySet<string>;

  constructor(
    readonly plugin: CheckedPlugin,
    kernel: KernelServices,
    privileged: Partial<PrivilegedCradle>,
    required: ReadonlyMap<string, PluginContainer>,
  ) {
    this.#root = createContainer({ strict: false });
    this.#constant = new Map(Object.entries({ ...kernel, ...privileged }).map(([name, value]) => [name, handedOut(value)]));
    for (const [name, value] of this.#constant) this.#root.register(name, asValue(value));
    this.#root.register('principal', asFunction(() => currentFrame(plugin.id).principal).scoped());
    this.#root.register('log', asFunction(() => loggerOf(currentFrame(plugin.id).log)).scoped());
    for (const [name, service] of Object.entries(plugin.definition.services ?? {})) {
      this.#root.register(name, asClass(service).scoped());
    }
    for (const [id, container] of required) {
      this.#root.register(injectedName(id), asFunction(() => container.exportsIn(currentFrame(plugin.id))).scoped());
    }
    this.#exported = new Set(plugin.definition.exports?.services);
  }

  /** The plugin's services in a unit of work. */
  cradleIn(frame: Frame): Record<string, unknown> {
    return new Proxy({} as Record<string, unknown>, {
      get: (_, name) => (typeof name === 'string' && name !== 'then' ? this.#resolve(frame, name) : undefined),
    });
  }

  /** What other plugins see of it: methods of the exported services, and nothing of the instances behind them. */
  exportsIn(frame: Frame): Record<string, unknown> {
    const facades = new Map<string, object>();
    return new Proxy({} as Record<string, unknown>, {
      get: (_, name) => {
        if (typeof name !== 'string' || name === 'then') return undefined;
        if (!this.#exported.has(name)) {
          const known = [...this.#exported].join(', ') || 'nothing';
          throw new Error(`${this.plugin.id} does not export "${name}"; it exports ${known}.`);
        }
        let facade = facades.get(name);
        if (facade === undefined) {
          facade = methodsOf(this.#resolve(frame, name) as object);
          facades.set(name, facade);
        }
        return facade;
      },
    });
  }

  /** Builds every service once, so that a name that nobody provides shows at start and not at the first request. */
  resolveAll(frame: Frame): void {
    for (const name of Object.keys(this.plugin.definition.services ?? {})) this.#resolve(frame, name);
  }

  #resolve(frame: Frame, name: string): unknown {
    if (this.#constant.has(name)) return this.#constant.get(name);
    let scope = frame.scopes.get(this.plugin.id);
    if (scope === undefined) {
      scope = this.#root.createScope();
      frame.scopes.set(this.plugin.id, scope);
    }
    try {
      return scope.resolve(name);
    } catch (error) {
      throw explain(this.plugin, error);
    }
  }
}

/** What all requests share of a service of the kernel: its methods, so that nobody changes it or reaches what it holds. */
function handedOut(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const isPlain = Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
  return isPlain ? deepFreeze(value) : methodsOf(value);
}

/** A log to write to, without its stream and level. */
export const loggerOf = (log: Logger): Logger =>
  Object.freeze({
    debug: (fields: object, message: string) => log.debug(fields, message),
    info: (fields: object, message: string) => log.info(fields, message),
    warn: (fields: object, message: string) => log.warn(fields, message),
    error: (fields: object, message: string) => log.error(fields, message),
  });

function methodsOf(service: object): object {
  const facade: Record<string, unknown> = Object.create(null);
  for (
    let type = Object.getPrototypeOf(service);
    type !== null && type !== Object.prototype;
    type = Object.getPrototypeOf(type)
  ) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(type))) {
      if (name === 'constructor' || name in facade || typeof value !== 'function') continue;
      facade[name] = (...args: unknown[]) => {
        const result: unknown = Reflect.apply(value, service, args);
        // A query builder would go on running as the exporter whatever its receiver adds: only what it comes to passes.
        return isThenable(result) ? Promise.resolve(result) : result;
      };
    }
  }
  return Object.freeze(facade);
}

const isThenable = (value: unknown): boolean => typeof (value as { then?: unknown } | null | undefined)?.then === 'function';

/** Turns awilix's "could not resolve" into what the author must write. */
function explain(plugin: CheckedPlugin, error: unknown): unknown {
  const message = error instanceof Error ? error.message : '';
  const missing = /^Could not resolve '([^']+)'/.exec(message)?.[1];
  if (missing === undefined) return error;
  const path = /Resolution path: ([^\n]+)/.exec(message)?.[1];
  const privileged = (privileges as readonly string[]).includes(missing);
  const mend = privileged
    ? `Add '${missing}' to privileges in the manifest of ${plugin.id}.`
    : `If "${missing}" is another plugin, add it to requires in the manifest of ${plugin.id}; if it is its own, add it to services.`;
  return new Error(`${plugin.id}: nothing provides "${missing}"${path === undefined ? '' : ` (asked for by ${path})`}. ${mend}`);
}

export type { KernelServices };
