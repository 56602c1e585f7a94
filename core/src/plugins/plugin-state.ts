import { Problem } from '../contract/problem.js';
import type { Fault } from '../foundation/diagnosis.js';

/** The phase in which a plugin failed. */
export type Phase = 'import' | 'check' | 'migrate' | 'services' | 'start' | 'run';

/** A stable code for the cause, for readiness, metrics and scripts. */
export type CauseCode =
  | 'not-loaded'
  | 'faulty-manifest'
  | 'migration-failed'
  | 'service-failed'
  | 'start-failed'
  | 'start-timed-out'
  | 'requires-what-is-out'
  | 'too-many-failures'
  | 'too-much-memory';

export interface Quarantine {
  state: 'quarantined';
  phase: Phase;
  code: CauseCode;
  /** For operators only. */
  faults: readonly Fault[];
}

export type PluginState = { state: 'waiting' } | { state: 'started' } | { state: 'disabled' } | Quarantine;

/** Response of a plugin that is out of service; the rest of the portal works. */
export class OutOfService extends Problem {
  constructor(
    readonly plugin: string,
    { state, phase }: { state: 'quarantined' | 'disabled' | 'waiting'; phase?: Phase },
    retryAfterSeconds?: number,
    /** Only the requested route or handler is out of service. */
    partly = false,
  ) {
    super({
      type: state === 'disabled' ? 'plugin-disabled' : 'plugin-quarantined',
      status: 503,
      title: 'Out of service',
      detail: partly
        ? `This part of "${plugin}" is out of service for a moment. The rest of it works.`
        : `The part "${plugin}" of this portal is out of service. The rest of it works.`,
      headers: retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) },
      extra: { plugin, ...(phase === undefined ? {} : { phase }) },
    });
  }
}
