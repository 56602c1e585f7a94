import { Problem } from '../contract/problem.js';
import type { Logger } from '../contract/services.js';
import { isOutage } from '../database/outage.js';
import { describeError } from '../log.js';
import { Breaker } from './breaker.js';
import type { Composition } from './composition.js';
import type { Fault } from './fault.js';
import { type CauseCode, OutOfService, type Phase, type PluginState } from './state.js';

export interface PublicState {
  state: PluginState['state'];
  version: string | null;
  phase?: Phase;
  code?: CauseCode;
}

/** What runs of a plugin passes here: who is out of service is refused, who fails too often goes out for a while. */
export class Gate {
  readonly #breakers = new Map<string, Breaker>();
  readonly #lastErrors = new Map<string, string>();

  constructor(
    private readonly composition: Composition,
    private readonly log: Logger,
    private readonly now?: () => number,
  ) {}

  /** Why nothing of it may run; null where it may, or where there is no such plugin. */
  refusal(id: string): OutOfService | null {
    const { state } = this.composition.find(id) ?? {};
    return state === undefined || state.state === 'started' ? null : new OutOfService(id, state, 60);
  }

  /** @throws OutOfService */
  async pass<T>(id: string, fn: () => Promise<T>): Promise<T> {
    const refusal = this.refusal(id);
    if (refusal !== null) throw refusal;
    const breaker = this.#breakerOf(id);
    if (!breaker.enter()) {
      throw new OutOfService(id, { state: 'quarantined', phase: 'run' }, Math.ceil(breaker.restMs / 1_000));
    }
    try {
      const value = await fn();
      this.#note(id, breaker.record(false));
      return value;
    } catch (error) {
      if (isOutage(error)) breaker.forget();
      else {
        if (isFailure(error)) this.#lastErrors.set(id, describeError(error).message);
        this.#note(id, breaker.record(isFailure(error)));
      }
      throw error;
    }
  }

  /** Would it be let through just now? */
  serves(id: string): boolean {
    return this.composition.isActive(id) && (this.#breakers.get(id)?.restMs ?? 0) === 0;
  }

  /** The state of each plugin as others may know it: no causes in words. */
  states(): Record<string, PublicState> {
    return Object.fromEntries(
      this.composition.entries.map(({ id, state, checked, remembered }) => {
        const version = checked?.definition.version ?? remembered?.version ?? null;
        const resting = state.state === 'started' && this.#breakers.get(id)?.open === true;
        if (resting) return [id, { state: 'quarantined', version, phase: 'run', code: 'too-many-failures' }];
        if (state.state !== 'quarantined') return [id, { state: state.state, version }];
        return [id, { state: 'quarantined', version, phase: state.phase, code: state.code }];
      }),
    );
  }

  reset(id: string): void {
    this.#breakers.get(id)?.reset();
  }

  #breakerOf(id: string): Breaker {
    let breaker = this.#breakers.get(id);
    if (breaker === undefined) {
      breaker = new Breaker(this.now);
      this.#breakers.set(id, breaker);
    }
    return breaker;
  }

  /** What put a plugin out that rests after failures; null for any other. */
  restingFault(plugin: string): Fault | null {
    if (this.#breakers.get(plugin)?.open !== true) return null;
    return {
      plugin,
      where: 'run',
      message: `Half of its last calls failed, the last with: ${this.#lastErrors.get(plugin) ?? 'see the log'}`,
      mend: `Mend ${plugin}; the log shows each failure. It is tried again every 30 seconds, or: ilearn plugin retry ${plugin}.`,
    };
  }

  #note(plugin: string, change: 'opened' | 'closed' | null): void {
    if (change === 'opened') {
      const causes = [this.restingFault(plugin)];
      this.log.error({ plugin, phase: 'run', code: 'too-many-failures', causes }, 'out of service');
    }
    if (change === 'closed') this.log.info({ plugin }, 'in service again');
  }
}

/** A problem is an answer; what else is thrown was not meant for the caller. */
const isFailure = (error: unknown): boolean => !(error instanceof Problem);
