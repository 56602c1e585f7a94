import type { AllSettings } from './all-settings.js';
import type { Machines } from './machines.js';
import type { Plugins, Queues } from './operations.js';
import type { Principal, RoleGrant } from './principal.js';
import type { Privacy } from './privacy.js';

/** Privileged. Runs `fn` as another principal in the same unit of work, with new instances of the services. */
export type ActAs = <T, Cradle = unknown>(principal: Principal, fn: (services: Cradle) => Promise<T>) => Promise<T>;

/** Ages of pupils that pages are made for: they differ in sizes and words. */
export const ageBands = ['6-9', '10-13', '14+'] as const;
/** Age of a person in years, as a band. Decides sizes and words of the pages. */
export type AgeBand = (typeof ageBands)[number];

/** The session of a signed-in person. */
export interface Session {
  personId: string;
  displayName: string;
  /** The language that the person chose; null if they chose none. */
  language: string | null;
  /** Null: not a pupil, or not known. */
  ageBand: AgeBand | null;
  /** When the session ends, even if it is used. */
  expiresAt: Date;
  /** When the person signed in. */
  startedAt: Date;
  /**
   * Whether that was at most five minutes ago, and the person proved then who they are: sensitive acts require it (`recentSignIn` of a route).
   * Never of a fixed session.
   */
  recent: boolean;
  /** See `Sessions.start`. */
  fixed: boolean;
  /** Id of the plugin that began the session; null: none did. */
  startedBy: string | null;
  /** Identifies the session. It cannot be used to authenticate. */
  handle: string;
  /** Id of the tenant in which the person acts during this session; null: in all in which they hold a role. */
  tenant: string | null;
}

/** Privileged. Signs people in and out. The kernel sets and reads the cookie. Only in a request. */
export interface Sessions {
  /**
   * Signs the current client in, with a new session id. Any previous session of the client ends. `expiresAt` may end the new one earlier
   * than usual. `tenant`: id of the only tenant in which the person acts during the session, besides their roles in the whole portal.
   * `fixed`: the session stays in that tenant, and is never recent enough for a sensitive act, because it was begun with less than an
   * account. `authenticatedAt`: when the person proved who they are, if that was not just now; null if an identity provider did not say, so that
   * the session is not recent. Returns the session's handle.
   */
  start(person: {
    id: string;
    displayName: string;
    language?: string | null;
    ageBand?: AgeBand | null;
    expiresAt?: Date;
    tenant?: string | null;
    fixed?: boolean;
    authenticatedAt?: Date | null;
  }): Promise<string>;
  /** Signs the current client out. */
  end(): Promise<void>;
  /**
   * Changes the tenant in which the person acts during the current session, and gives the session a new id. It keeps its handle, its start
   * and its end.
   *
   * @throws Problem 403 if the person holds no role in that tenant, or the session is fixed; 401 without a session
   */
  switchTenant(tenant: string): Promise<void>;
  /**
   * Ends the other sessions of the signed-in person, and gives this one a new id: after they changed how they sign in. It keeps its handle,
   * its start, its end and its tenant, so it proves no more than before.
   *
   * @throws Problem 401 without a session
   */
  renew(): Promise<void>;
  /** Ends the fixed sessions of these people in this tenant that the plugin itself began. */
  endFixed(personIds: readonly string[], tenant: string): Promise<void>;
  /**
   * Ends the sessions with these handles, whoever holds them: for a provider's message that the person signed out there. Only in a request
   * without a session, or as the session's own person.
   */
  endHandles(handles: readonly string[]): Promise<void>;
  /**
   * Ends every session of a person.
   *
   * @throws Problem 403 if the person has a role that the asking person may not give
   */
  endAll(personId: string): Promise<void>;
  /** The same for many people, in few statements. */
  endAllOfMany(personIds: readonly string[]): Promise<void>;
  /** The session of the current client; null without one. */
  current(): Session | null;
}

/**
 * Privileged. The roles of people, from which the kernel derives every permission. On behalf of a person, only roles that they may give
 * according to `mayGrant` of the manifests can be given or taken, even if the code acts as another principal; jobs and commands may give
 * any role.
 */
export interface Access {
  /**
   * Replaces the person's roles by these.
   *
   * @throws Problem 403 if the asking person may not give a role that is added, or take one that is removed; Problem 409 (`role-kind`) if a
   * role may not be held in tenants of that kind
   */
  setRoles(personId: string, roles: RoleGrant[]): Promise<void>;
  /** The same for many people, in few statements. */
  setRolesOfMany(entries: { personId: string; roles: RoleGrant[] }[]): Promise<void>;
  /** The roles of the person, in all tenants. */
  rolesOf(personId: string): Promise<RoleGrant[]>;
  /** The same for many people, in one statement: an entry for each, in the order given. */
  rolesOfMany(personIds: readonly string[]): Promise<{ personId: string; roles: RoleGrant[] }[]>;
  /** Ids of at most `limit` people who hold the role in this tenant; null: in the portal as a whole. */
  holdersOf(role: string, tenant: string | null, limit: number): Promise<string[]>;
  /**
   * Whether the person who asked for the current work may give and take this role. If the kind of the tenant is given, also whether the
   * role may be held in tenants of that kind.
   */
  mayGrant(grant: RoleGrant, kind?: string): boolean;
  /** The person as a principal, with the tenants in which a role grants the permission; null if there are none. */
  principalFor(personId: string, permission?: string): Promise<Principal | null>;
}

/** A tenant that a plugin registered. */
export interface Tenant {
  readonly id: string;
  /** One of the `tenantKinds` of the plugin that registered it: `school`. */
  readonly kind: string;
}

/**
 * Privileged. The tenants of the portal and their kinds. The plugin that creates a tenant (the directory: its schools) registers it in the
 * same unit of work. Roles that a manifest lists under `roles` can be held only in registered tenants of their kinds.
 */
export interface Tenants {
  /**
   * Registers the tenants that are not registered yet.
   *
   * @throws Problem 409 (`tenant-kind`) if one is registered with another kind; Error if a kind is not among the plugin's `tenantKinds`
   */
  register(tenants: readonly Tenant[]): Promise<void>;
  /**
   * Removes tenants of the plugin's own kinds; ignores others and unknown ids.
   *
   * @throws Problem 409 (`tenant-in-use`) while a role is held in one of them
   */
  remove(ids: readonly string[]): Promise<void>;
  /** The tenants of all plugins, or those of one kind, ordered by id. */
  list(kind?: string): Promise<Tenant[]>;
}

/**
 * Privileged. Keys for signing and encryption, which do not change during the portal's life unless its master key is replaced. Never log
 * them.
 */
export interface Secrets {
  /** 32 bytes for this plugin and purpose, derived from the master key of the portal by HKDF-SHA256 (RFC 5869). */
  key(purpose: string): Promise<Uint8Array>;
  /**
   * Encrypts a text for storage (AES-256-GCM), with the key of this purpose.
   *
   * @param place where it is stored, such as the id of its row: it can be opened only for the same place
   */
  seal(purpose: string, place: string, text: string): Promise<Uint8Array>;
  /** Decrypts what `seal` returned; null if it was sealed for another purpose or place, or before the master key was replaced. */
  open(purpose: string, place: string, sealed: Uint8Array): Promise<string | null>;
}

/** The privileged services. A cradle has those that the manifest lists under `privileges`. */
export interface PrivilegedCradle {
  actAs: ActAs;
  sessions: Sessions;
  access: Access;
  tenants: Tenants;
  secrets: Secrets;
  privacy: Privacy;
  queues: Queues;
  plugins: Plugins;
  allSettings: AllSettings;
  machines: Machines;
}

/** Name of a privileged service. */
export type Privilege = keyof PrivilegedCradle;
/** The names of all privileged services. */
export const privileges: readonly Privilege[] = [
  'actAs',
  'sessions',
  'access',
  'tenants',
  'secrets',
  'privacy',
  'queues',
  'plugins',
  'allSettings',
  'machines',
];
