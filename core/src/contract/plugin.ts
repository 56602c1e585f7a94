import type { z } from 'zod';
import type { FileDeclaration } from './files.js';
import type { HttpDeclaration, HttpOf } from './http.js';
import type { LiveTopic } from './live.js';
import type { MachineCall, MachineClient } from './machines.js';
import type { ModelClasses } from './models.js';
import type { Privilege } from './privileged.js';
import type { Problem } from './problem.js';
import type { Purpose, PurposeAddition } from './purpose.js';
import type { Route } from './route.js';
import type { KernelCradle } from './services.js';
import type { SettingsDeclaration } from './settings.js';
import type { Migration, TableDeclaration } from './table.js';
import type { Command, EventHandler, Job } from './work.js';

/** Parts of the navigation: what concerns a school, the portal as a whole, or the helpdesk. */
export type NavSection = 'school' | 'portal' | 'helpdesk';

/** A page: a Lit element that fills the main area of the shell at a path. */
export interface Page {
  /** Path in the browser, with `:name` parameters: `/paden/:id`. Unique in the portal. */
  path: string;
  /** Name of the custom element, starting with `<plugin id>-`. */
  tag: string;
  /** Key of the title in the plugin's messages. */
  title: string;
  /** Who may open it: see {@link RoutePermission}. */
  permission: string;
  /**
   * Lists it in the navigation, or with `menu: 'person'` in the menu of the signed-in person. `icon`: name of an icon; `order`: lower numbers
   * come first; `label`: message key, default `title`; `section`: the part of the navigation under which it is folded for somebody with many
   * entries.
   */
  nav?: { icon: string; order: number; label?: string; menu?: 'person'; section?: NavSection };
  /** Topic of the helpdesk's articles that are about it, such as `paths`: where the link to help leads, besides the page's title. */
  help?: string;
  /** Layout: `kid` is large and calm, without side navigation; default `standard`. */
  density?: 'kid' | 'standard' | 'compact';
  /**
   * Paths of GET routes of the plugin that the page asks for at once, without a query and with the page's parameters only:
   * `/assignments/:id/progress`. The browser requests them along with the page's code.
   */
  loads?: readonly string[];
}

/** A custom element that the shell, or a page of another plugin, shows in a named place (`<il-slot>`). */
export interface Slot {
  /** Name of the place: `<plugin>.<place>` or `shell.<place>`. */
  slot: string;
  /** Name of the custom element, starting with `<plugin id>-`. */
  tag: string;
  /** Who may see it: see {@link RoutePermission}. */
  permission: string;
  /** Elements in one slot are shown in ascending order; default 100. */
  order?: number;
  /** Only in `shell.start`: the width that a part of the start page takes, if there is room for two; default `half`. */
  size?: 'half' | 'full';
  /** Only in `shell.start`: paths of GET routes of the plugin that the part asks for at once, as in {@link Page.loads}. */
  loads?: readonly string[];
}

/** A page that the server renders: HTML without the shell, which needs no script. Whoever follows a link to it loads the document. */
export interface PageDocument {
  /** Path in the browser, with `:name` parameters: `/hulp/:slug`. Unique in the portal. */
  path: string;
  /** Path of one of the plugin's public GET routes, with the same parameters, that answers HTML: `/reader/:slug`. */
  route: string;
}

/** The part of a plugin that runs in browsers: one module, its messages, its pages and its slots. */
export interface PluginUi {
  /** The ES module, built by `ilearn-ui build`, that defines the elements: `new URL('./ui/index.js', import.meta.url)`. */
  entry: URL;
  /** Folder with `nl.json`, `en.json`, `fr.json`. */
  messages: URL;
  pages?: Page[];
  slots?: Slot[];
  documents?: PageDocument[];
}

/** The class of a service. Its constructor gets the cradle: an object with every service that the plugin may use, by name. */
// biome-ignore lint/suspicious/noExplicitAny: awilix constructs with whatever cradle the class asks for
export type ServiceClass = new (cradle: any) => object;

/** Input of a plugin's `start`. */
export interface LifecycleInput<Cradle> {
  /** Runs `fn` in a unit of work as the system, with rights in all tenants: commits when it returns, rolls back when it throws. */
  work<T>(fn: (services: Cradle) => Promise<T>): Promise<T>;
  /** The plugin's configuration, as its schema parsed it. */
  config: unknown;
  log: KernelCradle['log'];
  portal: KernelCradle['portal'];
  /** Calls other services, while no unit of work is open. */
  http: HttpOf<Cradle>;
  /** Prints a line to the operator once the portal is ready; a promised line is printed when the promise resolves. */
  announce(line: string | Promise<string>): void;
}

/** A request to a plugin that was answered with a problem before the handler of a route was called. */
export interface RefusedRequest {
  /** The code of the request, as the problem and the log have it. */
  requestId: string;
  /** Of the route with this path, as declared: `/notes/:id`. */
  path: string;
  problem: Problem;
}

/** What a plugin adds to the export of a person's data (GDPR art. 15 and 20), in addition to the rows of its tables. */
export interface PersonFiles {
  /** Stored in `export.json` next to the plugin's tables. Must be serialisable as JSON. */
  data?: unknown;
  /**
   * Path in the plugin's folder of the archive (`photo.jpg`, `work/essay.pdf`) → content. Pass a large file as an iterable of parts; it is
   * read after the hook's unit of work has ended.
   */
  files?: Record<string, Uint8Array | AsyncIterable<Uint8Array>>;
}

/**
 * Handles a person's data that the plugin's tables do not hold, such as files. Each hook runs in a unit of work of the plugin, as the
 * system. An error that it throws is reported with the plugin's id.
 */
export interface PrivacyHooks<Cradle> {
  /** Folder with `nl.json`, `en.json` and `fr.json`: names of tables and columns for people. Only for a plugin without pages. */
  messages?: URL;
  /** Returns the contents of this person's export in addition to rows of tables. */
  export?(input: { personId: string; services: Cradle }): Promise<PersonFiles>;
  /**
   * Erases data outside the tables. Runs before the rows are erased, so it can still read them; may run again after a crash or an error.
   */
  erase?(input: { personId: string; services: Cradle }): Promise<void>;
}

/** The manifest of a plugin. It is mostly data, which the kernel checks as a whole before it runs any code of the plugin. */
export interface PluginDefinition {
  /**
   * Lower-case words joined by hyphens, at most 40 characters, unique in the portal. The PostgreSQL schema has the same name with underscores,
   * routes are below `/api/<id>`, names of elements start with `<id>-`.
   */
  id: string;
  /** Version of the plugin's exports to other plugins (Semantic Versioning); the same as in its package.json. */
  version: string;
  /** Id of a plugin without which it cannot run → semver range. While that plugin is absent or out of service, this one is too. */
  requires?: Record<string, string>;
  /**
   * Id of a plugin that it uses if the portal has it → semver range. While that plugin is absent or out of service, its exports are
   * `undefined`, contributions to its points and handlers of its events are ignored, and no one has its permissions.
   */
  optional?: Record<string, string>;
  /** Privileged services that it may use ({@link PrivilegedCradle}); `ilearn plan` shows them to the operator. */
  privileges?: Privilege[];
  /** Schema of its configuration in `ilearn.config.ts`; without one it accepts none. */
  config?: z.ZodType;
  /** Settings that people change on the settings page, for the portal and for each tenant. Needs messages. */
  settings?: SettingsDeclaration;
  /** Name of a permission (`note:read`) → roles that have it. */
  permissions?: Record<string, string[]>;
  /** Name of a scope for machines (`notes:read`) → key of its title in the plugin's messages. Routes name it under `machines`. */
  scopes?: Record<string, string>;
  /**
   * Turns a bearer token into the client that holds it; null for a token that is unknown, expired or revoked. Runs once a request, in a
   * separate read-only unit of work as the system. Only with the privilege `machines`, and in one plugin of a portal.
   */
  // biome-ignore lint/suspicious/noExplicitAny: the author names the cradle
  identifyMachine?(input: { token: string; services: any }): Promise<MachineClient | null>;
  /**
   * Role → roles that its holder may give to people, and take from them, in the tenant of that role; in any tenant if the role is held in
   * the whole portal. The kernel refuses every other change of roles requested by a person. Needs the privilege `access`.
   */
  mayGrant?: Record<string, string[]>;
  /**
   * Role → kind, or kinds, of tenant in which it may be held: `{ trainer: 'training-provider' }`. If several plugins name a role, their
   * kinds are combined. A role that no plugin names may be held in any tenant. Roles in the whole portal have no kind.
   */
  roles?: Record<string, string | string[]>;
  /** Kinds of tenant that it registers: `['school']`. Only with the privilege `tenants`; each kind belongs to one plugin. */
  tenantKinds?: string[];
  /** Id → a purpose for which its tables and files, and those of plugins that require it, may process data. Unique in the portal. */
  purposes?: Record<string, Purpose>;
  /** Id of a purpose of the kernel or of a plugin that it requires → recipients and transfers that this plugin adds to it. */
  purposeAdditions?: Record<string, PurposeAddition>;
  /** Name of a table → declaration of its rows. Every table that the migrations create must be declared. */
  tables?: Record<string, TableDeclaration>;
  /** Name of a kind of file → its declaration. The kernel creates a table of that name. */
  files?: Record<string, FileDeclaration>;
  /**
   * Objection models of its tables, which its services get by these names: `{ Shelf, Book }`. The models to which their relations lead must
   * be listed too.
   */
  models?: ModelClasses;
  /** In the order of their names. */
  migrations?: Migration[];
  // biome-ignore lint/suspicious/noExplicitAny: the author names the cradle
  privacy?: PrivacyHooks<any>;
  /** Name → class. Each request, job, event or command has its own instances, created on first use. */
  services?: Record<string, ServiceClass>;
  /** The services and SQL views that plugins with this one under `requires` or `optional` may use, by name. */
  exports?: { services?: string[]; views?: string[] };
  /** Extension points for other plugins: name → schema of one contribution. */
  points?: Record<string, z.ZodType>;
  /**
   * Name of a point → the member that identifies its contributions. A contribution with the same value as an earlier one is a fault of the
   * plugin that makes it.
   */
  pointKeys?: Record<string, string>;
  /** Contributions to the points of other plugins, by `<plugin>.<point>`; or a function of this plugin's configuration that returns them. */
  // biome-ignore lint/suspicious/noExplicitAny: the author names the configuration
  contributes?: Record<string, unknown[]> | ((config: any) => Record<string, unknown[]>);
  /** Created with `routeFor`. */
  routes?: Route[];
  /** Name → job, created with `jobFor`. */
  jobs?: Record<string, Job>;
  /** Name of an event that it publishes → schema of the payload. */
  events?: Record<string, z.ZodType>;
  /** `<plugin>.<event>`, or `kernel.settings-changed` or `kernel.export-ready` → handler, created with `handlerFor`. */
  on?: Record<string, EventHandler>;
  /** Topics that pages may follow, on which it publishes with the service `live`. */
  live?: Record<string, LiveTopic>;
  /** The hosts that it calls. */
  http?: HttpDeclaration;
  /** Created with `commandFor`. */
  commands?: Command[];
  ui?: PluginUi;
  /**
   * Stores contributions to its points, if the plugin keeps them in tables. Runs before `start`, and again in each process whenever plugins
   * with such contributions come into service while this one runs. If it throws then, those plugins are taken out of service. Not called
   * when plugins leave: `contributions.of` omits them from then on.
   */
  // biome-ignore lint/suspicious/noExplicitAny: the author names the cradle
  takeContributions?(input: LifecycleInput<any>): Promise<void>;
  /**
   * Told of each request that was refused before the handler of its route was called: by the kernel (a wrong method, a body that is too
   * large or malformed, no session), or by `authorise` and `outside` of the route. Runs outside any unit of work, while the caller waits: it
   * must return at once. Not told of paths that no route has.
   */
  // biome-ignore lint/suspicious/noExplicitAny: the author names the cradle
  refused?(request: RefusedRequest, input: Pick<LifecycleInput<any>, 'http'>): void;
  /**
   * Told of each request of a machine, after it was answered, for the plugin with `identifyMachine`. Runs outside any unit of work: it must
   * return at once.
   */
  // biome-ignore lint/suspicious/noExplicitAny: the author names the cradle
  machineCalled?(call: MachineCall, input: Pick<LifecycleInput<any>, 'http'>): void;
  /**
   * Runs after the migrations and before the first request, with the time limit `PLUGIN_START_SECONDS` (default 30). The function that it
   * returns is called when the portal stops or the plugin is disabled.
   */
  // biome-ignore lint/suspicious/noExplicitAny: the author names the cradle
  start?(input: LifecycleInput<any>): Promise<void | (() => Promise<void>)>;
}
