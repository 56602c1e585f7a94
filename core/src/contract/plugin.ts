import type { z } from 'zod';
import type { Privilege } from './privileged.js';
import type { Route } from './route.js';
import type { KernelCradle } from './services.js';
import type { Migration, TableDeclaration } from './table.js';
import type { Command, EventHandler, Job } from './work.js';

/** A Lit element that fills the shell's main area at a path. */
export interface Page {
  /** Client path with `:name` parameters: `/paden/:id`. */
  path: string;
  /** Element name; starts with `<plugin id>-`. */
  tag: string;
  /** Message key of the title. */
  title: string;
  /** Who may see it; as for routes. */
  permission: string;
  /** Shown in the navigation when given, or in the person's menu; lower `order` comes first. */
  nav?: { icon: string; order: number; label?: string; menu?: 'person' };
  /** `kid`: the calm, large layout without side navigation; default `standard`. */
  density?: 'kid' | 'standard' | 'compact';
}

/** An element that another plugin's page (or the shell) shows in a named place. */
export interface Slot {
  /** `<plugin>.<place>`, or `shell.<place>`. */
  slot: string;
  tag: string;
  permission: string;
  order?: number;
}

export interface PluginUi {
  /** The built ES module that defines the elements: `new URL('./ui/index.js', import.meta.url)`. */
  entry: URL;
  /** Folder with `nl.json`, `en.json`, `fr.json`. */
  messages: URL;
  pages?: Page[];
  slots?: Slot[];
}

// biome-ignore lint/suspicious/noExplicitAny: awilix constructs with whatever cradle the class asks for
export type ServiceClass = new (cradle: any) => object;

export interface LifecycleInput<Cradle> {
  /** As in commands: one unit of work as the system. */
  work<T>(fn: (services: Cradle) => Promise<T>): Promise<T>;
  config: unknown;
  log: KernelCradle['log'];
  portal: KernelCradle['portal'];
  /** Adds a line to what the operator reads once the portal is ready; one that is promised follows when it is there. */
  announce(line: string | Promise<string>): void;
}

/** What a plugin adds to a person's export. */
export interface PersonFiles {
  /** Shown beside the plugin's tables; must be JSON. */
  data?: unknown;
  /**
   * By path below the plugin's folder in the archive: `photo.jpg`, `work/essay.pdf`. What is large is given as its parts, which are
   * read after the hook's unit of work has ended.
   */
  files?: Record<string, Uint8Array | AsyncIterable<Uint8Array>>;
}

/**
 * What a plugin does itself where its tables do not hold everything, such as files. Each runs in a unit of work of the plugin's, as the
 * system; a failure is reported under the plugin's name.
 */
export interface PrivacyHooks<Cradle> {
  /** Folder with `nl.json`, `en.json`, `fr.json` where a plugin without pages calls its tables and columns by names for people. */
  messages?: URL;
  export?(input: { personId: string; services: Cradle }): Promise<PersonFiles>;
  /** Runs before the plugin's tables are erased, so that they still tell what to erase. May run again after a crash or a failure. */
  erase?(input: { personId: string; services: Cradle }): Promise<void>;
}

/**
 * A plugin, nearly all of it data. Ids are lower-case words joined by hyphens; the Postgres schema has the same name with
 * underscores, routes live below `/api/<id>`, elements start with `<id>-`.
 */
export interface PluginDefinition {
  id: string;
  /** Semver version of what the plugin exports; the package's own version. */
  version: string;
  /** Plugins without which it is out of service, with semver ranges. */
  requires?: Record<string, string>;
  /**
   * Plugins that it uses where the portal has them, with semver ranges. While one is absent or out of service its exports are `undefined`,
   * and what this plugin contributes to it, listens to of it and lets its permissions see is left out.
   */
  optional?: Record<string, string>;
  /** Kernel services beyond the ordinary; shown to the operator. */
  privileges?: Privilege[];
  config?: z.ZodType;
  /** Permission → roles that hold it by default. */
  permissions?: Record<string, string[]>;
  /**
   * Role → roles that whoever holds it in a school may give to people there, and take from them; whoever holds it in the whole portal, in
   * any school. Nobody else gives or takes roles, whatever they ask for. Only with the privilege `access`.
   */
  mayGrant?: Record<string, string[]>;
  tables?: Record<string, TableDeclaration>;
  migrations?: Migration[];
  // biome-ignore lint/suspicious/noExplicitAny: the author names the cradle
  privacy?: PrivacyHooks<any>;
  /** Awilix registrations; one instance a request scope. */
  services?: Record<string, ServiceClass>;
  /** What plugins that require this one may use: services by name, SQL views. */
  exports?: { services?: string[]; views?: string[] };
  /** Places for other plugins to fill, each with the schema of a contribution. */
  points?: Record<string, z.ZodType>;
  /** `<plugin>.<point>` → contributions; a function where they depend on the plugin's own (checked) configuration. */
  // biome-ignore lint/suspicious/noExplicitAny: the author names the configuration
  contributes?: Record<string, unknown[]> | ((config: any) => Record<string, unknown[]>);
  routes?: Route[];
  jobs?: Record<string, Job>;
  /** Events that it publishes, with the schema of their payload. */
  events?: Record<string, z.ZodType>;
  /** `<plugin>.<event>` → handler. */
  on?: Record<string, EventHandler>;
  commands?: Command[];
  ui?: PluginUi;
  /** After migration, before the first request. What it returns is called at shutdown. */
  // biome-ignore lint/suspicious/noExplicitAny: the author names the cradle
  start?(input: LifecycleInput<any>): Promise<void | (() => Promise<void>)>;
}
