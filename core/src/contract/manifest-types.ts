import type { Given, Parsed } from './declared.js';
import type { Files } from './file-service.js';
import type { HttpCradle } from './http.js';
import type { KernelEvent } from './kernel-events.js';
import type { PrivilegedCradle } from './privileged.js';
import type { EventPayload, InjectedName, Offered, PluginRegistry } from './registry.js';
import type { Events, Jobs, KernelCradle, Live } from './services.js';
import type { Settings } from './settings.js';
import type { ShellSlot } from './shell-slots.js';
import type { EventHandler } from './work.js';

/** The ids that have no registry entry; any of their names compiles, and is checked when the portal starts. */
type Unknown<Ids extends string> = Exclude<Ids, keyof PluginRegistry>;

/** The permissions that a route, page or slot may use. */
export type AllowedPermission<Own extends string, Ids extends string> = [Unknown<Ids>] extends [never]
  ? 'public' | 'signed-in' | Own | (Ids extends keyof PluginRegistry ? Offered<Ids, 'permissions'> : never)
  : string;

/**
 * Slots in which an element may be placed: those of the shell and of every plugin in the registry; any name of a used plugin, or of the
 * plugin itself, without an entry in the registry.
 */
export type AllowedSlot<Ids extends string> =
  | ShellSlot
  | { [Id in keyof PluginRegistry & string]: Joined<Id, Offered<Id, 'slots'>> }[keyof PluginRegistry & string]
  | `${Unknown<Ids>}.${string}`;

/** The names in `Map`; none if the entry does not have this part, since `keyof never` would be any name. */
type NamesIn<Map> = [Map] extends [never] ? never : keyof Map & string;

type Joined<Id extends string, Map> = `${Id}.${NamesIn<Map>}`;

/** `<plugin>.<event>` of one of these plugins, or of the plugin itself. */
type EventName<Ids extends string, Id extends string, Own> =
  | KernelEvent
  | Joined<Id, Own>
  | (Ids extends keyof PluginRegistry ? Joined<Ids, Offered<Ids, 'events'>> : `${Ids}.${string}`);

/** `<plugin>.<point>` of one of these plugins. */
type PointName<Ids extends string> = Ids extends keyof PluginRegistry ? Joined<Ids, Offered<Ids, 'points'>> : `${Ids}.${string}`;

type PayloadFor<Name, Id extends string, Own> = Name extends `${Id}.${infer Event}`
  ? Parsed<Own, Event>
  : Name extends string
    ? EventPayload<Name>
    : never;

type Contributed<Name> = Name extends `${infer Id}.${infer Point}`
  ? Id extends keyof PluginRegistry
    ? Given<Offered<Id, 'points'>, Point>
    : unknown
  : unknown;

/** Handlers by event. For an event that none of the plugins publishes, the type is an error text. */
export type Handlers<Heard extends string, Ids extends string, Id extends string, OwnEvents> = {
  [Name in Heard]: Name extends EventName<Ids, Id, OwnEvents>
    ? EventHandler<PayloadFor<Name, Id, OwnEvents>>
    : `no plugin in requires or optional publishes the event "${Name}"`;
};

/** Contributions by point. For a point that none of the plugins opens, the type is an error text. */
export type Contributions<Filled extends string, Ids extends string> = {
  [Name in Filled]: Name extends PointName<Ids>
    ? readonly Contributed<Name>[]
    : `no plugin in requires or optional opens the point "${Name}"`;
};

type CradleOf<S> = S extends new (cradle: infer C) => object ? C : never;
type IsAny<T> = 0 extends 1 & T ? true : false;
/** The names in `Map` that are not in `Declared`. */
type Missing<Map, Declared> = string extends keyof Map ? never : Exclude<keyof Map & string, keyof Declared & string>;

/** The parts of a manifest that say which names its services may use. */
interface ServiceScope {
  services: unknown;
  /** Ids of required plugins. */
  requires: string;
  /** Ids of optional plugins. */
  optional: string;
  /** Names of services that privileges and `http` add. */
  granted: string;
  events: unknown;
  jobs: unknown;
  live: unknown;
  files: unknown;
  models: unknown;
  settings: unknown;
}

/** Refuses services that use names which nothing provides, or that enqueue jobs and publish events which the manifest does not have. */
export type CheckServices<Scope extends ServiceScope> = {
  [Name in keyof Scope['services']]: CheckService<Scope['services'][Name], CradleOf<Scope['services'][Name]>, Scope>;
};

type CheckService<Service, Cradle, Scope extends ServiceScope> =
  IsAny<Cradle> extends true
    ? Service
    : [UnknownNames<Cradle, Scope>] extends [never]
      ? [Undeclared<Cradle, Scope>] extends [never]
        ? [Certain<Cradle, InjectedName<Scope['optional']>>] extends [never]
          ? Service
          : `its cradle must allow undefined for the optional plugin: ${Certain<Cradle, InjectedName<Scope['optional']>>}`
        : `its cradle declares what the manifest does not have: ${Undeclared<Cradle, Scope>}`
      : `its cradle has a name that services, models, requires, optional, privileges and http do not give: ${UnknownNames<Cradle, Scope>}`;

/** The names in a cradle that nothing provides. */
type UnknownNames<Cradle, Scope extends ServiceScope> = Exclude<
  keyof Cradle & string,
  | keyof KernelCradle
  | keyof Scope['services']
  | keyof Scope['models']
  | InjectedName<Scope['requires'] | Scope['optional']>
  | (Scope['granted'] & keyof (PrivilegedCradle & HttpCradle))
>;

/** What the types of a cradle's services name and the manifest does not have. */
type Undeclared<Cradle, Scope extends ServiceScope> =
  | (Cradle extends { events: Events<infer E> } ? `event ${Missing<E, Scope['events']>}` : never)
  | (Cradle extends { jobs: Jobs<infer J> } ? `job ${Missing<J, Scope['jobs']>}` : never)
  | (Cradle extends { live: Live<infer L> } ? `live topic ${Missing<L, Scope['live']>}` : never)
  | (Cradle extends { files: Files<infer F> } ? `kind of file ${Missing<F, Scope['files']>}` : never)
  | (Cradle extends { settings: Settings<infer T> } ? `settings of the ${Missing<T, Scope['settings']>}` : never);

/** The names of optional plugins that are declared as if they were always present. */
type Certain<C, Names> = { [N in keyof C & Names & string]: undefined extends C[N] ? never : N }[keyof C & Names & string];

/** The reason why a value is refused. An object, because the intersection of two texts would be `never`, which explains nothing. */
export interface Refused<Why extends string> {
  readonly refused: Why;
}

/** Parts of the plugin's registry entry that its manifest does not have. */
type BrokenOffer<Id, OwnEvents, Points, Permission, Services, Exported> =
  | Broken<'event', NamesIn<Offered<Id, 'events'>>, keyof OwnEvents>
  | Broken<'point', NamesIn<Offered<Id, 'points'>>, keyof Points>
  | Broken<'permission', Offered<Id, 'permissions'>, Permission>
  | Broken<'exported service', NamesIn<Offered<Id, 'exports'>>, Exported>
  | Misfit<Offered<Id, 'exports'>, Services>;

type Broken<Kind extends string, Offer, Manifest> = Offer extends Manifest ? never : `the ${Kind} "${Offer & string}"`;

/** Exported services whose class does not match the registry entry. */
type Misfit<Exports, Services> = {
  [Name in NamesIn<Exports> & NamesIn<Services>]: Services[Name] extends new (
    cradle: never,
  ) => Exports[Name & keyof Exports]
    ? never
    : `the exported service "${Name}" with these methods`;
}[NamesIn<Exports> & NamesIn<Services>];

/** Refuses an id whose registry entry promises something that the manifest does not have. */
export type CheckOffer<Id, OwnEvents, Points, Permission, Services, Exported> = Id extends keyof PluginRegistry
  ? [BrokenOffer<Id, OwnEvents, Points, Permission, Services, Exported>] extends [never]
    ? unknown
    : Refused<`PluginRegistry promises what the manifest does not have: ${BrokenOffer<Id, OwnEvents, Points, Permission, Services, Exported>}`>
  : unknown;
