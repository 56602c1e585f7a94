import type { z } from 'zod';
import type { Declarations, Parsed } from './declared.js';
import type { KernelEvent, kernelEvents } from './kernel-events.js';

/** What a plugin offers to other plugins: the shape of an entry in the {@link PluginRegistry}. */
export interface PluginOffer extends Declarations {
  /** Names of its permissions: `keyof typeof permissions`. */
  permissions?: string;
  /** An object type: name of an exported service → its methods. */
  exports?: object;
  /** An object type: name of a slot in its pages → the context passed to elements in it. */
  slots?: object;
}

/**
 * The plugins known to the compiler, by id. A plugin adds its entry next to its manifest. In a plugin that requires it and imports a type
 * of its package, the compiler then refuses wrong names and payloads:
 *
 * ```ts
 * declare module '@ilearn/core' {
 *   interface PluginRegistry {
 *     notices: { events: typeof events; permissions: keyof typeof permissions; exports: NoticesExports };
 *   }
 * }
 * ```
 *
 * Each entry is a {@link PluginOffer}. Build it from parts of the manifest, not from `typeof plugin`, which is itself checked against the
 * entry.
 */
// biome-ignore lint/suspicious/noEmptyInterface: plugins add themselves to it
export interface PluginRegistry {}

/** One part of a plugin's registry entry; `never` if the entry does not have it. */
export type Offered<Id, Part extends keyof PluginOffer> = Id extends keyof PluginRegistry
  ? PluginRegistry[Id] extends { readonly [K in Part]: infer O }
    ? O
    : never
  : never;

/**
 * The `context` of an element in the slot `<plugin>.<place>`; `unknown` for a slot without an entry in the {@link PluginRegistry}:
 *
 * ```ts
 * @property({ attribute: false }) context: SlotContext<'directory.class'> | undefined;
 * ```
 */
export type SlotContext<Name extends string> = Name extends `${infer Id}.${infer Place}`
  ? Offered<Id, 'slots'> extends { readonly [K in Place]: infer Context }
    ? Context
    : unknown
  : unknown;

/** The name of another plugin's exports in the cradle: `data-space` → `dataSpace`. */
export type InjectedName<Id extends string> = Id extends `${infer Head}-${infer Tail}`
  ? `${Head}${Capitalize<InjectedName<Tail>>}`
  : Id;

/** The exports of required plugins, for the cradle: `interface Cradle extends KernelCradle<Config>, Uses<'directory'> {}`. */
export type Uses<Id extends keyof PluginRegistry & string> = { [I in Id as InjectedName<I>]: Offered<I, 'exports'> };

/** The exports of optional plugins, for the cradle; `undefined` while a plugin is absent or out of service. */
export type MayUse<Id extends keyof PluginRegistry & string> = {
  [I in Id as InjectedName<I>]: Offered<I, 'exports'> | undefined;
};

/**
 * The payload that a handler of the event `<plugin>.<event>` receives; `any` for a plugin without an entry in the {@link PluginRegistry}.
 */
export type EventPayload<Name extends string> = Name extends KernelEvent
  ? z.output<(typeof kernelEvents)[Name]>
  : Name extends `${infer Id}.${infer Event}`
    ? Id extends keyof PluginRegistry
      ? Parsed<Offered<Id, 'events'>, Event>
      : // biome-ignore lint/suspicious/noExplicitAny: checked at run time
        any
    : never;
