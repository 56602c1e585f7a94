import type { SchoolScope } from '../contract/principal.js';

/** Accepted work, as it waits in `kernel.messages` until its handler's effects are committed: an event for one subscriber, or a job. */
export interface Message {
  id: string;
  /** The plugin that handles it. */
  plugin: string;
  kind: 'event' | 'job';
  /** `<publisher>.<event>`, or the job's own name. */
  name: string;
  payload: unknown;
  /** The schools in whose name it was accepted; its handler sees no others. */
  schools: SchoolScope;
  created_at: Date;
  /** Whose request caused it, without telling who that is; null where nobody's did. */
  caller: string | null;
  /** Tries that ended in a failure. */
  attempts: number;
}

export interface RetryPolicy {
  /** Tries after the first. */
  retries: number;
  /** Seconds before the first retry, doubled for each next. */
  backoff: number;
}

const eventRetries: RetryPolicy = { retries: 8, backoff: 2 };

/** How a message is tried again: a job as its plugin says, an event in a way that outlasts a restart. */
export function retryPolicyOf(kind: Message['kind'], job: { retries?: number; backoff?: number } | undefined): RetryPolicy {
  if (kind === 'event') return eventRetries;
  return { retries: job?.retries ?? 5, backoff: job?.backoff ?? 5 };
}
