import type { SchoolScope } from '../contract/principal.js';

/** Work that was accepted: an event for one of its subscribers, or a job. */
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
  /** ISO 8601. */
  at: string;
}

export interface RetryPolicy {
  retries: number;
  /** Seconds before the first retry, doubled for each next. */
  backoff: number;
}

export interface QueuedMessage extends Message {
  delaySeconds: number;
  retry: RetryPolicy;
}
