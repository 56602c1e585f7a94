import type { TenantScope } from './principal.js';

/**
 * Which machines may call a route: clients that hold the scope, or none.
 *
 * - `scope`: one of the scopes in the plugin's manifest. `cost`: what a call takes from the client's budget; default 1.
 * - `none`: why no machine may call it, such as that it concerns the signed-in person.
 */
export type MachineAccess<Scope extends string = string> = { scope: Scope; cost?: number } | { none: string };

/** A machine that calls the API with a bearer token, such as a partner's service: what `identifyMachine` of a plugin returns. */
export interface MachineClient {
  /** Id of the client, a UUID. It is the `id` of the principal, and the audit log names it. */
  client: string;
  /** The scopes that the token grants, each as `<plugin>.<name>`: `myway.paths:read`. */
  scopes: readonly string[];
  /** The tenants whose rows the client may see. */
  tenants: TenantScope;
  /** Cost of the calls that it may make in a minute, for each tenant; default 600. */
  budget?: number;
}

/** A request of a machine that was answered, whatever the answer. */
export interface MachineCall {
  /** Id of the client. */
  readonly client: string;
  /** The tenants whose rows the client could see with its token. */
  readonly tenants: TenantScope;
  /** The plugin whose route it called, and the route: `GET /classes/:id`. */
  readonly plugin: string;
  readonly route: string;
  /** Status of the response. */
  readonly status: number;
}

/** A scope of a plugin in service. */
export interface MachineScope {
  /** `<plugin>.<name>`: `myway.paths:read`. */
  name: string;
  plugin: string;
  /** Key of its title in the messages of the plugin. */
  title: string;
}

/**
 * Privileged. What a plugin needs that registers machines. Its manifest has `identifyMachine`, which turns a bearer token into a client;
 * only one plugin of a portal may have it.
 */
export interface Machines {
  /** The scopes of all plugins in service. */
  scopes(): MachineScope[];
}

/** That a route will be removed. Its answers have the headers `Deprecation` (RFC 9745), `Sunset` (RFC 8594) and `Link`. */
export interface RouteDeprecation {
  /** Date since when it should not be used any more: `2027-01-31`. */
  since: string;
  /** Date from which it may no longer answer. */
  sunset?: string;
  /** Address of a page that says what to use instead. */
  link?: string;
}
