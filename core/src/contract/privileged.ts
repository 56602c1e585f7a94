import { z } from 'zod';
import type { AllSettings } from './all-settings.js';
import type { Principal, RoleGrant } from './principal.js';

/** Privileged. Runs `fn` as another principal in the same unit of work, with new instances of the services. */
export type ActAs = <T, Cradle = unknown>(principal: Principal, fn: (services: Cradle) => Promise<T>) => Promise<T>;

/** The session of a signed-in person. */
export interface Session {
  personId: string;
  displayName: string;
  /** The language that the person chose; null if they chose none. */
  language: string | null;
  /** When the session ends, even if it is used. */
  expiresAt: Date;
}

/** Privileged. Signs people in and out. The kernel sets and reads the cookie. Only in a request. */
export interface Sessions {
  /**
   * Signs the current client in, with a new session id. Any previous session of the client ends. `expiresAt` may end the new one earlier
   * than usual.
   */
  start(person: { id: string; displayName: string; language?: string | null; expiresAt?: Date }): Promise<void>;
  /** Signs the current client out. */
  end(): Promise<void>;
  /**
   * Ends every session of a person.
   *
   * @throws Problem 403 if the person has a role that the asking person may not give
   */
  endAll(personId: string): Promise<void>;
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
}

/** What an erasure did, or would do, to the rows of one table. */
export interface ErasedRows {
  plugin: string;
  table: string;
  action: 'deleted' | 'anonymised';
  rows: number;
}

/** State of the erasure of a person. */
export interface ErasureStatus {
  id: string;
  /** Null once the erasure is done. */
  personId: string | null;
  state: 'running' | 'failed' | 'done';
  requestedAt: Date;
  finishedAt: Date | null;
  /** The plugin that prevents completion, and its error; null if there is none. The erasure is retried. */
  failure: string | null;
  /** When a failed erasure is retried. */
  nextTryAt: Date | null;
  /** The report by table. It is kept, without the person's id. */
  rows: ErasedRows[];
}

/** State of an export of a person's data. */
export interface ExportStatus {
  id: string;
  state: 'waiting' | 'running' | 'ready' | 'failed';
  /** 0 to 1. */
  progress: number;
  requestedAt: Date;
  finishedAt: Date | null;
  /** When the archive is deleted; null before it is ready. */
  expiresAt: Date | null;
  /** Size of the archive in bytes; null before it is ready. */
  bytes: number | null;
}

/** Schema of an {@link ExportStatus}, for routes that answer with one. */
export const exportStatusSchema = z.object({
  id: z.uuid(),
  state: z.enum(['waiting', 'running', 'ready', 'failed']),
  progress: z.number(),
  requestedAt: z.date(),
  finishedAt: z.date().nullable(),
  expiresAt: z.date().nullable(),
  bytes: z.number().nullable(),
}) satisfies z.ZodType<ExportStatus>;

/** The archive of an export that is ready. */
export interface ExportFile {
  /** Its size. */
  bytes: number;
  /** Its parts, for a streamed answer. */
  content: AsyncIterable<Uint8Array>;
}

/** An entry of the audit log: an action that concerns a person. */
export interface AuditEntry {
  /** A number as text; later entries have higher numbers. */
  id: string;
  at: Date;
  /** `kind` of the principal that acted. */
  actorKind: string;
  /** Id of the principal that acted; null if it has none, and for a person who has since been erased. */
  actor: string | null;
  plugin: string;
  /** The route, `GET /api/directory/people/:id`, or the command, `ilearn privacy export`. */
  route: string;
  /** The summary of the route; null for a command, and for a route of a plugin that is out of service. */
  summary: string | null;
}

/** Selects entries of the audit log, newest first. */
export interface AuditQuery {
  since?: Date | undefined;
  until?: Date | undefined;
  /** Id of an entry: returns only older entries. For the next page. */
  before?: string | undefined;
  limit?: number;
}

/** The record of processing activities (GDPR art. 30), in one language. */
export interface ReadableRegister {
  title: string;
  lead: string;
  /** Headings of the columns of `rows`. */
  columns: string[];
  parts: { id: string; version: string; title: string; facts: string[]; rows: string[][] }[];
  measures: { title: string; lines: string[] };
}

/**
 * Privileged. Export, erasure and audit of a person across all plugins. Rows are limited to the caller's tenants; erasures, and data about
 * all tenants of a person, require a caller who acts for the whole portal. Each call is recorded in the audit log.
 */
export interface Privacy {
  /**
   * Requests a zip archive of everything about a person, with `export.json`, `export.html` and the files of plugins (GDPR art. 15 and 20);
   * it is made after the current unit of work has committed. A repeated request while it is being made returns the same export.
   *
   * @throws Problem 429 if the caller has requested too many today
   */
  export(personId: string, language?: string): Promise<ExportStatus>;
  /** The last export of the person that this caller requested; null if there is none, or it was deleted. */
  exportStatus(personId: string): Promise<ExportStatus | null>;
  /** The archive of that export; null while it is not ready. */
  exportFile(personId: string): Promise<ExportFile | null>;
  /** What erasing the person would do to each table now, with the table's title. Hooks of plugins are not counted. */
  erasable(personId: string, language?: string): Promise<(ErasedRows & { title: string })[]>;
  /**
   * Requests the erasure of a person (GDPR art. 17), which starts after the current unit of work has committed: first sessions and roles,
   * the rest in the background.
   */
  erase(personId: string): Promise<ErasureStatus>;
  /** Null if there is no such erasure. */
  status(erasureId: string): Promise<ErasureStatus | null>;
  /** Unfinished erasures, then the latest finished ones; at most 101, so that a list of 100 can indicate that there are more. */
  erasures(): Promise<ErasureStatus[]>;
  /** Who saw or changed which data about the person, newest first. */
  audit(personId: string, query?: AuditQuery): Promise<AuditEntry[]>;
  /** The record of processing activities. It is not about a person, so the call is not recorded in the audit log. */
  register(language?: string): Promise<ReadableRegister>;
  /** The same as an HTML page without external parts. */
  registerPage(language?: string): Promise<string>;
}

/** State of an event or job that is not done: `delayed` until it is due, `retrying` after a failure, `failed` after its last try. */
export type MessageState = 'waiting' | 'delayed' | 'retrying' | 'running' | 'failed';

/** An event for one handler, or a job, as shown to operators: without its payload. */
export interface QueuedMessage {
  id: string;
  /** The plugin that handles it. */
  plugin: string;
  kind: 'event' | 'job';
  name: string;
  state: MessageState;
  /** Number of failed tries. */
  failures: number;
  /** Code or class of the last error; null if there was none. */
  failure: string | null;
  /** Progress last reported by its handler, 0 to 1; null if none was reported. */
  progress: number | null;
  createdAt: Date;
  /** When it is or was due. */
  dueAt: Date;
  /** When its last try failed; null while it has tries left. */
  failedAt: Date | null;
}

/** Privileged. Events and jobs of the whole portal, for its operators. */
export interface Queues {
  /** The job engine, and whether it can be reached. */
  engine(): Promise<{ name: string; reachable: boolean }>;
  /** Number of messages in each state. */
  counts(): Promise<Record<MessageState, number>>;
  /** Messages in one state, oldest first; failed ones latest first. */
  messages(state: MessageState, limit?: number): Promise<QueuedMessage[]>;
  /** Resets the tries of a failed message, so that it is retried. False if there is no such failed message. */
  retry(id: string): Promise<boolean>;
  /** The same for every failed message; returns their number. */
  retryAll(): Promise<number>;
  /** Deletes a failed message, so that its work is never done. False if there is no such failed message. */
  remove(id: string): Promise<boolean>;
}

/** A plugin of the portal, as shown to operators. */
export interface PluginReport {
  id: string;
  /** Name of its package. */
  package: string;
  /** Null if unknown. */
  version: string | null;
  /** The contract for which it is written; null if unknown. */
  contract: number | null;
  /** `quarantined` means out of service after a fault. If processes differ, the state in a process where it is out of service. */
  state: 'started' | 'waiting' | 'disabled' | 'quarantined';
  /** The phase in which it failed, such as `migrate`; null while it is in service. */
  phase: string | null;
  /** A stable code for the cause, such as `migration-failed`; null while it is in service. */
  code: string | null;
  /** Its routes and handlers that are temporarily out of service after failures. */
  resting: string[];
  /** Each fault with its place and how to fix it. */
  causes: { where: string; message: string; remedy: string }[];
  /** The configuration lists it under `required`: the portal does not start without it, and it cannot be disabled. */
  required: boolean;
  /** Ids of the plugins that it requires. */
  requires: string[];
  /** Ids of the enabled plugins that require it, directly or indirectly; direct ones first. */
  dependants: string[];
  /** An operator requested a change that some process has not applied yet. */
  changing: boolean;
}

/**
 * Privileged. The plugins of the portal, and operators' actions on them. Every process applies them after the unit of work has committed.
 */
export interface Plugins {
  /** In the order of the configuration. */
  list(): Promise<PluginReport[]>;
  /** Tries to bring a plugin into service again, together with those that wait for it. False if there is no such plugin. */
  retry(id: string): Promise<boolean>;
  /** Brings a disabled plugin back. False if there is no such plugin. */
  enable(id: string): Promise<boolean>;
  /**
   * Takes a plugin out of service until it is enabled; its data are kept. False if there is no such plugin.
   *
   * @throws Problem 409 `plugin-required`, or `plugin-has-dependants` without `withDependants`; both list `plugins`
   */
  disable(id: string, options?: { withDependants?: boolean }): Promise<boolean>;
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
];
