import type { Principal, RoleGrant } from './principal.js';

/** Privileged. Runs `fn` as someone else, in the same unit of work; services are resolved anew for it. */
export type ActAs = <T, Cradle = unknown>(principal: Principal, fn: (services: Cradle) => Promise<T>) => Promise<T>;

export interface Session {
  personId: string;
  displayName: string;
  language: string | null;
  /** Absolute end. */
  expiresAt: Date;
}

/** Privileged. Sessions of the current client (the cookie is the kernel's affair). */
export interface Sessions {
  /** Signs the current client in: a new session id, the old session ended. */
  start(person: { id: string; displayName: string; language?: string | null; expiresAt?: Date }): Promise<void>;
  /** Signs the current client out. */
  end(): Promise<void>;
  /**
   * Ends every session of a person.
   *
   * @throws Problem 403 when the person holds a role that whoever asks may not give
   */
  endAll(personId: string): Promise<void>;
  current(): Session | null;
}

/**
 * Privileged. Who holds which role where; the kernel derives every permission from it. What a person asks for, no role is given or taken
 * that `mayGrant` of the manifests does not let them give, whoever the code acts as; jobs and commands may give any.
 */
export interface Access {
  /**
   * Sets exactly these roles for the person.
   *
   * @throws Problem 403 when one that is new, or gone, is beyond whoever asks
   */
  setRoles(personId: string, roles: RoleGrant[]): Promise<void>;
  /** The same for many people in few statements. */
  setRolesOfMany(entries: { personId: string; roles: RoleGrant[] }[]): Promise<void>;
  rolesOf(personId: string): Promise<RoleGrant[]>;
  /** Whether whoever asked for the present work may give this role, and take it away. */
  mayGrant(grant: RoleGrant): boolean;
  /** The principal that this person is for a permission: schools narrowed to where a role grants it. Null: it is not granted. */
  principalFor(personId: string, permission?: string): Promise<Principal | null>;
}

/** Privileged. Keys that live as long as the portal's data; never written to logs. */
export interface Secrets {
  /** 32 bytes derived (HKDF-SHA256) from the portal's master key for this plugin and purpose. */
  key(purpose: string): Promise<Uint8Array>;
}

/** What became, or would become, of one table's rows. */
export interface ErasedRows {
  plugin: string;
  table: string;
  action: 'deleted' | 'anonymised';
  rows: number;
}

export interface ErasureStatus {
  id: string;
  /** Null once it is done. */
  personId: string | null;
  state: 'running' | 'failed' | 'done';
  requestedAt: Date;
  finishedAt: Date | null;
  /** Which plugin keeps it from finishing, and with what error; it is tried again. */
  failure: string | null;
  /** When a failed one is tried again. */
  nextTryAt: Date | null;
  /** The report is kept, who it was about is not. */
  rows: ErasedRows[];
}

/** A person's export that somebody asked for. */
export interface ExportStatus {
  id: string;
  state: 'waiting' | 'running' | 'ready' | 'failed';
  /** 0 to 1. */
  progress: number;
  requestedAt: Date;
  finishedAt: Date | null;
  /** It is deleted then; null before it is ready. */
  expiresAt: Date | null;
  /** Size of the archive; null before it is ready. */
  bytes: number | null;
}

/** An archive that is ready. */
export interface ExportFile {
  bytes: number;
  /** To be returned as a streamed answer. */
  content: AsyncIterable<Uint8Array>;
}

/** An entry of the audit log: somebody did something that concerns a person. */
export interface AuditEntry {
  /** Later entries have greater ones. */
  id: string;
  at: Date;
  actorKind: string;
  /** Null where nobody acted, or where they were erased since. */
  actor: string | null;
  plugin: string;
  /** `GET /api/directory/people/:id`, or what else was done: `ilearn privacy export`. */
  route: string;
  /** What the route's author says of it; null for what is no route of a plugin in service. */
  summary: string | null;
}

export interface AuditQuery {
  since?: Date | undefined;
  until?: Date | undefined;
  /** Only entries before the one with this id. */
  before?: string | undefined;
  limit?: number;
}

/** The record of processing activities (GDPR art. 30) in one language. */
export interface ReadableRegister {
  title: string;
  lead: string;
  /** What the cells of a row are. */
  columns: string[];
  parts: { id: string; version: string; title: string; facts: string[]; rows: string[][] }[];
  measures: { title: string; lines: string[] };
}

/**
 * Privileged. What the portal as a whole knows of a person. The rows are those of the caller's schools; what concerns all schools
 * of a person, and the erasures, are for callers who act for the whole portal. Each call is noted in the audit log.
 */
export interface Privacy {
  /**
   * Has everything about a person put into a zip archive with `export.json`, `export.html` and the files of plugins, once the current unit
   * of work commits. One that is being made already is not made twice.
   *
   * @throws Problem 429 where the caller asked too often today
   */
  export(personId: string, language?: string): Promise<ExportStatus>;
  /** The last export of the person that the caller asked for; null where there is none, or none any more. */
  exportStatus(personId: string): Promise<ExportStatus | null>;
  /** Its archive; null while it is not ready. */
  exportFile(personId: string): Promise<ExportFile | null>;
  /** What erasing would do now, with what people call each table; plugins' hooks not counted. */
  erasable(personId: string, language?: string): Promise<(ErasedRows & { title: string })[]>;
  /** Has the person erased once the current unit of work commits: their sessions and roles first, the rest while the portal goes on. */
  erase(personId: string): Promise<ErasureStatus>;
  status(erasureId: string): Promise<ErasureStatus | null>;
  /** Those that are not done, then the latest that are. */
  erasures(): Promise<ErasureStatus[]>;
  /** Who saw or changed what of the person, the newest first. */
  audit(personId: string, query?: AuditQuery): Promise<AuditEntry[]>;
  /** Nothing of anyone: it is not noted. */
  register(language?: string): Promise<ReadableRegister>;
  /** The same as a page that needs nothing else. */
  registerPage(language?: string): Promise<string>;
}

export type MessageState = 'waiting' | 'delayed' | 'retrying' | 'running' | 'failed';

/** An event for one subscriber, or a job, as an operator sees it: never what it carries. */
export interface QueuedMessage {
  id: string;
  /** The plugin that handles it. */
  plugin: string;
  kind: 'event' | 'job';
  name: string;
  state: MessageState;
  /** Tries that ended in a failure. */
  failures: number;
  /** Error code or class of the last failure. */
  failure: string | null;
  progress: number | null;
  createdAt: Date;
  /** When it is, or was, due. */
  dueAt: Date;
  failedAt: Date | null;
}

/** Privileged. Events and jobs of the whole portal, for its operators. */
export interface Queues {
  engine(): Promise<{ name: string; reachable: boolean }>;
  counts(): Promise<Record<MessageState, number>>;
  /** Of one state, the oldest first; failed ones the latest first. */
  messages(state: MessageState, limit?: number): Promise<QueuedMessage[]>;
  /** Lets a failed message be tried anew, as often as its retries allow. False: there is no such failed message. */
  retry(id: string): Promise<boolean>;
  /** The same for every failed message; returns how many. */
  retryAll(): Promise<number>;
  /** Deletes a failed message: its work is never done. False: there is no such failed message. */
  remove(id: string): Promise<boolean>;
}

/** A plugin of the portal, as its operators see it. */
export interface PluginReport {
  id: string;
  /** Its package. */
  package: string;
  version: string | null;
  /** The contract that it is written for; null where it is not known. */
  contract: number | null;
  /** Where processes differ, that of one in which it is out. */
  state: 'started' | 'waiting' | 'disabled' | 'quarantined';
  /** Where it fell out, and as a word what put it out; null while it is not out. */
  phase: string | null;
  code: string | null;
  /** Those of its routes and handlers that rest after failures while the rest of it serves. */
  resting: string[];
  causes: { where: string; message: string; mend: string }[];
  /** The configuration says that the portal cannot do without it: it cannot be disabled. */
  required: boolean;
  requires: string[];
  /** Those that require it, directly or not, and are enabled; nearest first. */
  dependants: string[];
  /** Something was asked of it that a process has not done yet. */
  changing: boolean;
}

/** Privileged. The plugins of the portal and what operators do with them; processes follow once the unit of work has committed. */
export interface Plugins {
  /** In the order of the configuration. */
  list(): Promise<PluginReport[]>;
  /** Has it tried again, with those that wait for it. False: there is no such plugin. */
  retry(id: string): Promise<boolean>;
  enable(id: string): Promise<boolean>;
  /**
   * Takes it out of service until it is enabled; its data are kept.
   *
   * @throws Problem `plugin-required`, or `plugin-has-dependants` unless those go out with it; either names `plugins`
   */
  disable(id: string, options?: { withDependants?: boolean }): Promise<boolean>;
}

/** Names that a plugin gets only when its manifest lists them under `privileges`. */
export interface PrivilegedCradle {
  actAs: ActAs;
  sessions: Sessions;
  access: Access;
  secrets: Secrets;
  privacy: Privacy;
  queues: Queues;
  plugins: Plugins;
}

export type Privilege = keyof PrivilegedCradle;
export const privileges: readonly Privilege[] = ['actAs', 'sessions', 'access', 'secrets', 'privacy', 'queues', 'plugins'];
