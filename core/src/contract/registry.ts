import type { Declarations, Parsed } from './declared.js';

/** What other plugins may use of a plugin, for the compiler. */
export interface PluginOffer extends Declarations {
  /** Names of its permissions: `keyof typeof permissions`. */
  permissions?: string;
  /** Its exported services by name. */
  exports?: object;
}

/**
 * The plugins that the compiler knows by their id. A plugin adds itself beside its manifest; whoever requires it and imports a type of
 * its package is then told of wrong names and payloads:
 *
 * ```ts
 * declare module '@ilearn/core' {
 *   interface PluginRegistry {
 *     notices: { events: typeof events; permissions: keyof typeof permissions; exports: NoticesExports };
 *   }
 * }
 * ```
 *
 * Each entry is a {@link PluginOffer}, made of parts of the manifest: not of `typeof plugin`, which is checked against it.
 */
// biome-ignore lint/suspicious/noEmptyInterface: plugins add themselves to it
export interface PluginRegistry {}

/** One part of what a plugin offers; `never` where it offers none. */
export type Offered<Id, Part extends keyof PluginOffer> = Id extends keyof PluginRegistry
  ? PluginRegistry[Id] extends { readonly [K in Part]: infer O }
    ? O
    : never
  : never;

/** `data-space` → `dataSpace`: the name under which the exports of another plugin are injected. */
export type InjectedName<Id extends string> = Id extends `${infer Head}-${infer Tail}`
  ? `${Head}${Capitalize<InjectedName<Tail>>}`
  : Id;

/** The exports of plugins that are required, for the cradle: `interface Cradle extends KernelCradle<Config>, Uses<'directory'> {}`. */
export type Uses<Id extends keyof PluginRegistry & string> = { [I in Id as InjectedName<I>]: Offered<I, 'exports'> };

/** The exports of plugins that are optional. */
export type MayUse<Id extends keyof PluginRegistry & string> = {
  [I in Id as InjectedName<I>]: Offered<I, 'exports'> | undefined;
};

/** What a handler of this event gets. An event of a plugin that the compiler does not know gives `any`. */
export type EventPayload<Name extends string> = Name extends `${infer Id}.${infer Event}`
  ? Id extends keyof PluginRegistry
    ? Parsed<Offered<Id, 'events'>, Event>
    : // biome-ignore lint/suspicious/noExplicitAny: checked at run time
      any
  : never;
