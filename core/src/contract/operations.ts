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
  /** Its name for people, `plugin.title` of its messages; its id if there is none. */
  title: string;
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
  cost: PluginCost;
}

/** What a plugin costs the process that answers, since its start. */
export interface PluginCost {
  /** Milliseconds that it took to load, check, migrate and start. */
  bootMs: number;
  /** Requests to its routes. */
  requests: number;
  /** Average time of these, in milliseconds; null if there were none. */
  requestMs: number | null;
  /** SQL statements that took `SLOW_STATEMENT_MS` or longer. */
  slowStatements: number;
  /** Code of its pages before compression; null if it has none. */
  bundleBytes: number | null;
}

/**
 * Privileged. The plugins of the portal, and operators' actions on them. Every process applies them after the unit of work has committed.
 */
export interface Plugins {
  /**
   * In the order of the configuration.
   *
   * @param language of the titles: `nl` (default), `en` or `fr`
   */
  list(language?: string): Promise<PluginReport[]>;
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
