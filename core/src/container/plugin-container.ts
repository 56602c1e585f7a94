import { type AwilixContainer, asClass, asFunction, asValue, createContainer } from 'awilix';
import { currentFrame, type Frame } from '../context/frame.js';
import type { Http } from '../contract/http.js';
import { type PrivilegedCradle, privileges } from '../contract/privileged.js';
import type { KernelCradle, Logger } from '../contract/services.js';
import { deepFreeze } from '../foundation/freeze.js';
import { type CheckedPlugin, injectedName } from '../foundation/plugin.js';

type KernelServices = Omit<KernelCradle, 'principal' | 'log'> & { http?: Http };

/**
 * One awilix container for each plugin: its own services, the kernel's, and the exports of the plugins that it requires. Nothing else
 * resolves. A scope is created when the plugin is first used in a unit of work.
 */
export class PluginContainer {
  readonly #root: AwilixContainer;
  /** Services that are the same in every unit of work and need no scope. */
  readonly #constant: ReadonlyMap<string, unknown>;
  readonly #exported: ReadonlySet<string>;

  constructor(
    readonly plugin: CheckedPlugin,
    kernel: KernelServices,
    privileged: Partial<PrivilegedCradle>,
    /** The plugins that it may use; undefined while an optional one is out of service. */
    others: ReadonlyMap<string, () => PluginContainer | undefined>,
  ) {
    this.#root = createContainer({ strict: false });
    this.#constant = new Map(Object.entries({ ...kernel, ...privileged }).map(([name, value]) => [name, sharedFacade(value)]));
    for (const [name, value] of this.#constant) this.#root.register(name, asValue(value));
    this.#root.register('principal', asFunction(() => currentFrame(plugin.id).principal).scoped());
    this.#root.register('log', asFunction(() => loggerOf(currentFrame(plugin.id).log)).scoped());
    for (const [name, service] of Object.entries(plugin.definition.services ?? {})) {
      this.#root.register(name, asClass(service).scoped());
    }
    for (const [id, container] of others) {
      this.#root.register(injectedName(id), asFunction(() => container()?.exportsIn(currentFrame(plugin.id))).scoped());
    }
    this.#exported = new Set(plugin.definition.exports?.services);
  }

  /** Undefined if the manifest does not declare it. */
  get http(): Http | undefined {
    return this.#constant.get('http') as Http | undefined;
  }

  /** The plugin's services in a unit of work. */
  cradleIn(frame: Frame): Record<string, unknown> {
    return new Proxy({} as Record<string, unknown>, {
      get: (_, name) => (typeof name === 'string' && name !== 'then' ? this.#resolve(frame, name) : undefined),
    });
  }

  /** The view of other plugins: the methods of the exported services, never the instances. */
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

  /** Creates every service once, so that a missing name is found at start and not by the first request. */
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

/**
 * Shared services of the kernel are passed to plugins as frozen objects with methods only, so that no plugin can change them or reach their
 * internals.
 */
function sharedFacade(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const isPlain = Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
  return isPlain ? deepFreeze(value) : methodsOf(value);
}

/** A logger without stream and level, which plugins must not change. */
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
        // Resolved here: an unresolved query builder would run as the exporting plugin, including whatever the receiver adds to it.
        return isThenable(result) ? Promise.resolve(result) : result;
      };
    }
  }
  return Object.freeze(facade);
}

const isThenable = (value: unknown): boolean => typeof (value as { then?: unknown } | null | undefined)?.then === 'function';

/** Converts awilix's "could not resolve" into an instruction for the author. */
function explain(plugin: CheckedPlugin, error: unknown): unknown {
  const message = error instanceof Error ? error.message : '';
  const missing = /^Could not resolve '([^']+)'/.exec(message)?.[1];
  if (missing === undefined) return error;
  const path = /Resolution path: ([^\n]+)/.exec(message)?.[1];
  const privileged = (privileges as readonly string[]).includes(missing);
  const remedy = privileged
    ? `Add '${missing}' to privileges in the manifest of ${plugin.id}.`
    : missing === 'http'
      ? `Declare in the manifest of ${plugin.id} the hosts that it calls: http: { hosts: ['api.example.org'], purpose: '…', sends: '…' }.`
      : `If "${missing}" is another plugin, add it to requires in the manifest of ${plugin.id}; if it is its own, add it to services or models.`;
  return new Error(`${plugin.id}: nothing provides "${missing}"${path === undefined ? '' : ` (needed by ${path})`}. ${remedy}`);
}

export type { KernelServices };
