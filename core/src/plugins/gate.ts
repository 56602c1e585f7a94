import { Problem } from '../contract/problem.js';
import type { Logger } from '../contract/services.js';
import { isOutage } from '../database/outages/outage.js';
import type { Fault } from '../foundation/diagnosis.js';
import { describeError } from '../foundation/log.js';
import { TimedOut } from '../foundation/time-limit.js';
import { Breaker, type BreakerChange } from './breaker.js';
import { hashCaller } from './caller.js';
import type { Composition } from './composition.js';
import { AtWork } from './loop-watch.js';
import { type PluginVersions, versionsOf } from './plugin-entry.js';
import { type CauseCode, OutOfService, type Phase, type PluginState } from './plugin-state.js';

/** Number of routes and handlers in which a plugin must fail before the whole plugin rests. */
const PARTS = 3;

export interface PublicState extends PluginVersions {
  state: PluginState['state'];
  phase?: Phase;
  code?: CauseCode;
  /** Routes and handlers that rest after failures, while the plugin serves. */
  resting?: string[];
}

/** A call through the gate: a request to a route, or one try of a message. */
export interface GateCall {
  plugin: string;
  /** The route (`GET /api/notes/:id`), or the handler (`event lti.score-received`, `job tidy`). */
  part: string;
  /** Origin of the call; known before it is admitted. */
  from(): string;
  /**
   * Who caused the call: the person or tool, otherwise the network; for a message, the caller that caused it, or its id. Read after the
   * call.
   */
  caller(): string;
  /** Whether an error is a failure of the plugin, an answer, or neither. */
  counts(error: unknown): 'failure' | 'answer' | 'nothing';
}

/**
 * All calls of plugin code pass through here. Plugins out of service are refused; a plugin or part that fails for too many callers rests
 * for a while.
 */
export class Gate {
  readonly atWork = new AtWork();
  readonly #plugins = new Map<string, Breaker>();
  /** By plugin, and within it by route or handler. */
  readonly #parts = new Map<string, Map<string, Breaker>>();
  readonly #lastErrors = new Map<string, string>();

  constructor(
    private readonly composition: Composition,
    private readonly log: Logger,
    private readonly now?: () => number,
  ) {}

  /** Why none of the plugin's code may run; null if it may, or if there is no such plugin. */
  refusal(id: string): OutOfService | null {
    const { state } = this.composition.find(id) ?? {};
    return state === undefined || state.state === 'started' ? null : new OutOfService(id, state, 60);
  }

  /** @throws OutOfService */
  async pass<T>(call: GateCall, fn: () => Promise<T>): Promise<T> {
    const { plugin, part } = call;
    const refusal = this.refusal(plugin);
    if (refusal !== null) throw refusal;
    const whole = this.#breakerOf(plugin);
    const own = this.#breakerOf(plugin, part);
    const from = () => hashCaller(call.from());
    const throughWhole = whole.enter(from);
    if (throughWhole === null) throw resting(plugin, whole);
    const throughOwn = own.enter(from);
    if (throughOwn === null) {
      whole.forget(throughWhole);
      throw resting(plugin, own, part);
    }
    const note = (failed: boolean) => {
      const caller = () => hashCaller(call.caller());
      this.#note(plugin, part, own.record(throughOwn, failed, caller));
      this.#note(plugin, null, whole.record(throughWhole, failed, caller, part));
    };
    const running = this.atWork.begin(plugin, part);
    try {
      const value = await fn();
      note(false);
      return value;
    } catch (error) {
      const told = isOutage(error) ? 'nothing' : call.counts(error);
      if (told === 'nothing') {
        own.forget(throughOwn);
        whole.forget(throughWhole);
      } else {
        if (told === 'failure') this.#lastErrors.set(`${plugin} ${part}`, describeError(error).message);
        note(told === 'failure');
      }
      throw error;
    } finally {
      this.atWork.end(running);
    }
  }

  /** Whether a call to it would be admitted now. */
  serves(id: string): boolean {
    return this.composition.isActive(id) && (this.#plugins.get(id)?.restMs ?? 0) === 0;
  }

  /** Routes and handlers that would be refused now, each as `<plugin> <part>`. */
  restingParts(): string[] {
    return [...this.#parts].flatMap(([id, parts]) =>
      [...parts].flatMap(([part, breaker]) => (breaker.restMs > 0 ? [`${id} ${part}`] : [])),
    );
  }

  /** The state of each plugin, without causes, which are only for operators. */
  states(): Record<string, PublicState> {
    return Object.fromEntries(
      this.composition.entries.map((entry) => {
        const { id, state } = entry;
        const versions = versionsOf(entry);
        if (state.state === 'quarantined')
          return [id, { state: 'quarantined', ...versions, phase: state.phase, code: state.code }];
        if (state.state !== 'started') return [id, { state: state.state, ...versions }];
        if (this.#plugins.get(id)?.open === true) {
          return [id, { state: 'quarantined', ...versions, phase: 'run', code: 'too-many-failures' }];
        }
        const resting = this.#openParts(id);
        return [id, { state: 'started', ...versions, ...(resting.length === 0 ? {} : { resting }) }];
      }),
    );
  }

  reset(id: string): void {
    this.#plugins.delete(id);
    this.#parts.delete(id);
  }

  /** Why a plugin, or part of it, rests after failures. */
  restingFaults(plugin: string): Fault[] {
    const again = `It is retried every 30 seconds, or: ilearn plugin retry ${plugin}.`;
    const last = (part: string) => this.#lastErrors.get(`${plugin} ${part}`) ?? 'see the log';
    if (this.#plugins.get(plugin)?.open === true) {
      const errors = [...this.#lastErrors].flatMap(([key, message]) => (key.startsWith(`${plugin} `) ? [message] : []));
      const message = `Half of its last calls failed, for at least five callers and in ${PARTS} of its routes and handlers, the last with: ${errors.at(-1) ?? 'see the log'}`;
      return [{ plugin, where: 'run', message, remedy: `Fix ${plugin}; the log shows each failure. ${again}` }];
    }
    return this.#openParts(plugin).map((part) => ({
      plugin,
      where: part,
      message: `Half of its last calls failed, for at least five callers, the last with: ${last(part)}. The rest of ${plugin} is in service.`,
      remedy: `Fix it; the log shows each failure. ${again}`,
    }));
  }

  #openParts(id: string): string[] {
    return [...(this.#parts.get(id) ?? [])].flatMap(([part, { open }]) => (open ? [part] : []));
  }

  #breakerOf(id: string, part?: string): Breaker {
    const known = part === undefined ? this.#plugins.get(id) : this.#parts.get(id)?.get(part);
    if (known !== undefined) return known;
    const breaker = new Breaker(this.now, part === undefined ? PARTS : 1);
    if (part === undefined) this.#plugins.set(id, breaker);
    else this.#parts.set(id, (this.#parts.get(id) ?? new Map<string, Breaker>()).set(part, breaker));
    return breaker;
  }

  /** @param part null: the plugin as a whole */
  #note(plugin: string, part: string | null, change: BreakerChange | null): void {
    if (change === null) return;
    const about = part === null ? { plugin } : { plugin, part };
    if (change === 'closed') {
      this.log.info(about, part === null ? 'in service again' : 'part in service again');
      return;
    }
    // Now the whole plugin rests and is tried as a whole.
    if (part === null) for (const breaker of this.#parts.get(plugin)?.values() ?? []) breaker.reset();
    const causes = this.restingFaults(plugin).filter(({ where }) => part === null || where === part);
    const message = part === null ? 'out of service' : 'part out of service';
    this.log.error({ ...about, phase: 'run', code: 'too-many-failures', causes }, message);
  }
}

const resting = (plugin: string, { restMs }: Breaker, part?: string): OutOfService =>
  new OutOfService(plugin, { state: 'quarantined', phase: 'run' }, Math.max(1, Math.ceil(restMs / 1_000)), part !== undefined);

/** A problem is an answer, except the kernel's own problem for a time limit; any other error was not meant for the caller. */
export const countsOf = (error: unknown): 'failure' | 'answer' =>
  error instanceof Problem && !(error instanceof TimedOut) ? 'answer' : 'failure';
