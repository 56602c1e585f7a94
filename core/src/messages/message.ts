import type { TenantScope } from '../contract/principal.js';

/** An event for one subscriber, or a job. It is stored in `kernel.messages` until its handler's effects are committed. */
export interface Message {
  id: string;
  /** The plugin that handles it. */
  plugin: string;
  kind: 'event' | 'job';
  /** `<publisher>.<event>`, or the job's own name. */
  name: string;
  payload: unknown;
  /** The tenants for which it was published; its handler sees only these. */
  tenants: TenantScope;
  created_at: Date;
  /** Hash of the caller whose request caused it; null if no request did. */
  caller: string | null;
  /** Number of failed tries. */
  attempts: number;
}

export interface RetryPolicy {
  /** Tries after the first. */
  retries: number;
  /** Seconds before the first retry, doubled for each further one. */
  backoff: number;
}

const eventRetries: RetryPolicy = { retries: 8, backoff: 2 };

/** How often a message is retried: a job as declared by its plugin, an event long enough to survive a restart. */
export function retryPolicyOf(kind: Message['kind'], job: { retries?: number; backoff?: number } | undefined): RetryPolicy {
  if (kind === 'event') return eventRetries;
  return { retries: job?.retries ?? 5, backoff: job?.backoff ?? 5 };
}
